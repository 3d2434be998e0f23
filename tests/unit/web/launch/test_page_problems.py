"""What cannot be done is a page that says why, with its status, and nothing of what was sent."""

from support.launched import Launched


def test_problem_is_a_page(at: Launched) -> None:
    answer = at.http.get("/launch?iss=https://x.example/<b>", base_url=at.origin)
    assert answer.status_code == 403
    assert answer.content_type.startswith("text/html")
    assert "This page cannot be opened" in answer.text
    assert "x.example" not in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
