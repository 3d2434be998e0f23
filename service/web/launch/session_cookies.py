"""Where the browser is sent, and the cookies of a launch and of a session.

They are HttpOnly, for one path, and fit for a frame of the EHR.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Response
from flask.globals import request_ctx

from service.settings import is_loopback

# Browsers take a cookie with this beginning over https only.
SECURE_PREFIX = "__Secure-"
NAME = "cds-answering"


class CookiePlace(NamedTuple):
    """Where a cookie counts; `what` tells apart several of one path."""

    public_url: str
    path: str
    what: str = ""

    @property
    def here(self) -> bool:
        """Whether the service is called by a name of this machine."""
        return is_loopback(urlsplit(self.public_url).hostname or "")

    @property
    def name(self) -> str:
        """The name of the cookie."""
        own = f"{NAME}-{self.what}" if self.what else NAME
        return own if self.here else f"{SECURE_PREFIX}{own}"


def set_cookie(answer: Response, place: CookiePlace, secret: str, seconds: int) -> None:
    """Gives the browser a secret; an empty one for 0 seconds takes it back.

    Elsewhere than on this machine it is Secure and SameSite=None, in a jar of the page around the frame
    (Partitioned): the page may stand in a frame of the EHR. On this machine it is SameSite=Lax.
    """
    answer.set_cookie(
        place.name,
        secret,
        max_age=seconds,
        path=place.path,
        httponly=True,
        secure=not place.here,
        samesite="Lax" if place.here else "None",
        partitioned=not place.here,
    )


def led_to(address: str, status: int = 303) -> Response:
    """Sends the browser to another address."""
    return Response(status=status, headers={"Location": address}, mimetype="text/html")


def cookie(place: CookiePlace) -> str:
    """The secret that the browser sent; empty without one."""
    return request_ctx.request.cookies.get(place.name, "")
