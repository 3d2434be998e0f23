"""Cookies: HttpOnly, for one path; Secure and fit for a frame elsewhere than on this machine."""

import pytest
from flask import Response

from service.web.launch.session_cookies import CookiePlace, led_to, set_cookie


@pytest.mark.parametrize(
    ("url", "name", "marks"),
    [
        (
            "https://cds.example.org",
            "__Secure-cds-answering",
            {"Secure", "SameSite=None", "Partitioned"},
        ),
        ("http://127.0.0.1:8080", "cds-answering", {"SameSite=Lax"}),
        ("http://localhost", "cds-answering", {"SameSite=Lax"}),
    ],
)
def test_cookie_fits_the_place(url: str, name: str, marks: set[str]) -> None:
    answer = Response()
    set_cookie(answer, CookiePlace(url, "/statements/x"), "secret", 60)
    first, *rest = answer.headers["Set-Cookie"].split("; ")
    assert first == f"{name}=secret"
    assert set(rest) >= {"HttpOnly", "Path=/statements/x", "Max-Age=60", *marks}
    assert ("Secure" in rest) == ("Secure" in marks)


def test_several_of_one_path_are_told_apart() -> None:
    assert CookiePlace("http://127.0.0.1", "/launch", "ab").name == "cds-answering-ab"


def test_browser_is_led_on() -> None:
    answer = led_to("/x")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/x")
