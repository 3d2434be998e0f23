"""A SMART authorization server with a FHIR server behind it, as the public launcher's `/v/r4/fhir` is.

Its behaviour is that of smart-on-fhir/smart-launcher-v2 at commit 64374254 (backend/routes): the launch
is an encoded set of options, a code is a signed token of five minutes, `aud` and PKCE are checked, the id
token is RS256 without a `kid`, `fhirUser` is relative, and no `appContext` is handed over unless a test
wants it.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Thread
from time import time
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, Response, abort, jsonify, redirect, request
from werkzeug.serving import make_server

Json = dict[str, Any]
SECRET = "this is a secret of thirty-two bytes"  # noqa: S105 - made up
RELEASE = "/v/r4"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class SmartLauncher:
    """One such server; what a test changes is what the server then does otherwise."""

    origin: str = ""
    held: dict[str, list[Json]] = field(default_factory=dict)
    created: list[Json] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    app_context: str | None = None
    scope: str | None = None  # what is granted; None: all that is asked
    user: str | None = None  # the fhirUser; None: the provider of the launch
    patient: str | None = None  # the patient of the token; None: that of the launch
    refusing: int | None = None  # the status with which nothing is created
    broken: set[str] = field(default_factory=set)  # the types for which a search fails
    total: int | None = None  # how many a search says it found; None: as many as it sends
    claims: Json = field(default_factory=dict)  # of the id token, in place of the right ones
    key: Any = KEY

    @property
    def fhir(self) -> str:
        """The base URL of its FHIR server, which is its issuer."""
        return f"{self.origin}{RELEASE}/fhir"

    def launch(self, patient: str, provider: str) -> str:
        """What the launcher hands over as `launch`."""
        options = json.dumps([0, patient, provider, "AUTO", 0, 0, 0, "", "", "", "", "", "", "", 0])
        return base64.urlsafe_b64encode(options.encode()).decode().rstrip("=")

    def token(self, patient: str) -> str:
        """An access token for one patient."""
        return jwt.encode({"patient": patient}, SECRET, "HS256")

    def hold(self, recorded: Json) -> None:
        """Serves the resources of a recorded request, its draft orders as drafts."""
        self.held = {}
        values = [value for value in recorded["prefetch"].values() if value]
        drafts = recorded["context"]["draftOrders"]["entry"]
        resources = [one for value in values for one in _resources(value)]
        resources += [{**one["resource"], "status": "draft"} for one in drafts]
        for one in resources:
            self.held.setdefault(one["resourceType"], []).append(one)

    def application(self) -> Flask:
        """The server itself."""
        app = Flask("launcher")
        self._oauth(app)
        self._fhir(app)
        return app

    def _oauth(self, app: Flask) -> None:
        prefix = f"{self.origin}{RELEASE}"

        @app.get(f"{RELEASE}/fhir/.well-known/smart-configuration")
        @app.get(f"{RELEASE}/fhir/.well-known/openid-configuration")
        def configuration() -> Response:
            return jsonify(
                issuer=f"{prefix}/fhir",
                jwks_uri=f"{self.origin}/keys",
                authorization_endpoint=f"{prefix}/auth/authorize",
                token_endpoint=f"{prefix}/auth/token",
                grant_types_supported=["authorization_code"],
                code_challenge_methods_supported=["S256"],
                capabilities=["launch-ehr", "client-public", "sso-openid-connect"],
            )

        @app.get("/keys")
        def keys() -> Response:
            made = jwt.get_algorithm_by_name("RS256").to_jwk(KEY.public_key(), as_dict=True)
            return jsonify(keys=[{**made, "kid": "one", "alg": "RS256"}])

        @app.get(f"{RELEASE}/auth/authorize")
        def authorize() -> Any:
            asked = request.args
            if asked["aud"] != f"{prefix}/fhir" or asked["response_type"] != "code":
                abort(400)
            if asked["code_challenge_method"] != "S256" or not asked["code_challenge"]:
                abort(400)
            launch = asked["launch"]
            options = json.loads(base64.urlsafe_b64decode(launch + "=" * (-len(launch) % 4)))
            kept: dict[str, Any] = {
                name: asked[name]
                for name in ("client_id", "redirect_uri", "scope", "code_challenge", "nonce")
            }
            kept |= {"patient": options[1], "provider": options[2], "exp": time() + 300}
            code = jwt.encode(kept, SECRET, "HS256")
            query = urlencode({"code": code, "state": asked["state"]})
            return redirect(f"{asked['redirect_uri']}?{query}")

        @app.post(f"{RELEASE}/auth/token")
        def token() -> Any:
            sent = request.form
            code = jwt.decode(sent["code"], SECRET, ["HS256"])
            digest = sha256(sent["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if challenge != code["code_challenge"] or sent["redirect_uri"] != code["redirect_uri"]:
                return jsonify(error="invalid_grant"), 400
            if sent.get("client_id") != code["client_id"]:
                return jsonify(error="invalid_client"), 401
            return jsonify(self._granted(code))

    def _granted(self, code: Json) -> Json:
        user = self.user or f"Practitioner/{code['provider']}"
        claims = {
            "profile": user,
            "fhirUser": user,
            "aud": code["client_id"],
            "sub": sha256(user.encode()).hexdigest(),
            "iss": self.fhir,
            "nonce": code["nonce"],
            "iat": int(time()),
            "exp": int(time()) + 3600,
            **self.claims,
        }
        return {
            "access_token": self.token(code["patient"]),
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": self.scope or code["scope"],
            "id_token": jwt.encode(claims, self.key, "RS256"),
            "need_patient_banner": True,
            "patient": self.patient or code["patient"],
            **({"appContext": self.app_context} if self.app_context else {}),
        }

    def _fhir(self, app: Flask) -> None:
        base = f"{RELEASE}/fhir"

        @app.get(f"{base}/<type_>")
        def search(type_: str) -> Response:
            self._refuse_without_token()
            if type_ in self.broken:
                abort(500)
            found = self.held.get(type_, [])
            entries = [
                {"fullUrl": f"{self.fhir}/{type_}/{one['id']}", "resource": one} for one in found
            ]
            bundle = {
                "resourceType": "Bundle",
                "type": "searchset",
                "total": self.total or len(entries),
            }
            return jsonify({**bundle, "entry": entries})

        @app.get(f"{base}/<type_>/<id_>")
        def read(type_: str, id_: str) -> Response:
            self._refuse_without_token()
            for one in self.held.get(type_, []):
                if one.get("id") == id_:
                    return jsonify(one)
            return abort(404)

        @app.post(f"{base}/<type_>")
        def create(type_: str) -> Any:
            self._refuse_without_token()
            if self.refusing is not None:
                abort(self.refusing)
            for one in self.created:
                if f"|{one['identifier']['value']}" in request.headers.get("If-None-Exist", ""):
                    return jsonify(one), 200
            made = {**request.get_json(force=True), "id": f"made-{len(self.created) + 1}"}
            self.created.append(made)
            self.held.setdefault(type_, []).append(made)
            return jsonify(made), 201, {"Location": f"{self.fhir}/{type_}/{made['id']}/_history/1"}

    def _refuse_without_token(self) -> None:
        self.asked.append(request.path)
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer":
            abort(401)
        jwt.decode(token, SECRET, ["HS256"])


def _resources(value: Json) -> list[Json]:
    if value["resourceType"] != "Bundle":
        return [value]
    return [entry["resource"] for entry in value.get("entry", []) if "resource" in entry]


@contextmanager
def smart_launcher() -> Iterator[SmartLauncher]:
    """A running server."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    launcher = SmartLauncher(f"http://127.0.0.1:{server.server_port}")
    server.app = launcher.application()
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield launcher
    finally:
        server.shutdown()
        server.server_close()
