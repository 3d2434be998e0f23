"""Questions without a login: they change the page alone, and only where the client allows it."""

from dataclasses import replace

from support.launched import TWIN, Launched, recorded


def opened(at: Launched) -> str:
    """The path of the page behind the card."""
    card = at.sign(recorded())
    url = next(one["url"] for one in card["links"] if one["type"] == "absolute")
    return str(url).removeprefix(at.origin)


def test_answers_count_on_the_page_alone(at: Launched) -> None:
    path = opened(at)
    assert "Answer the open questions here" in at.http.get(path, base_url=at.origin).text
    began = at.http.post(f"{path}/questions", base_url=at.origin)
    at.path = began.headers["Location"]
    at.get()
    assert "Nobody has logged in" in at.page
    at.answer_all("yes")
    assert at.outcome == "met"
    assert 'value="state"' not in at.page
    at.send(do="state")
    assert at.kept("p001") == ()
    assert at.sign(recorded())["extension"][TWIN]["outcome"] == "unknown"


def test_it_is_refused_where_the_client_does_not_allow_it(at: Launched) -> None:
    path = opened(at)
    runtime = at.http.application.extensions["runtime"]
    library = runtime.library
    local = replace(library.client("local"), unverified=False)
    runtime.library = replace(library, clients={"local": local})
    try:
        assert at.http.post(f"{path}/questions", base_url=at.origin).status_code == 403
    finally:
        runtime.library = library


def test_page_of_another_site_opens_none(at: Launched) -> None:
    headers = {"Origin": "https://evil.example"}
    answer = at.http.post(f"{opened(at)}/questions", base_url=at.origin, headers=headers)
    assert answer.status_code == 403
    assert at.http.post("/orders/x/questions", base_url=at.origin).status_code == 404
