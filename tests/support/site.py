"""A client of the whole service with the shipped documents, on the day of the recorded requests."""

from flask.testing import FlaskClient
from support.cases.run import library

from service.app import create_app
from service.settings import read_settings
from service.store import Store


def http(**environment: str) -> FlaskClient:
    """A client; no pages of orders are kept unless the environment says so."""
    settings = read_settings({"CDS_AS_OF": "2026-11-21", "CDS_PAGES": "off", **environment})
    return create_app(settings, library=library(), store=Store.open("sqlite://")).test_client()
