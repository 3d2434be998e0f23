"""Cross-origin access (CORS): allowed from everywhere, without browser credentials."""

from flask import Flask, Response
from flask.globals import request_ctx

LASTING = {
    "Access-Control-Allow-Headers": "content-type, authorization",
    "Access-Control-Max-Age": "86400",
}
EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "X-Request-Id, X-Content-Version, WWW-Authenticate",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def allow_origins(app: Flask) -> None:
    """Answers preflight requests, and adds CORS headers to every answer."""

    @app.before_request
    def preflight() -> Response | None:
        incoming = request_ctx.request
        if incoming.method != "OPTIONS" or incoming.url_rule is None:
            return None
        methods = ", ".join(sorted(incoming.url_rule.methods or ()))
        headers = {**LASTING, "Access-Control-Allow-Methods": methods, "Allow": methods}
        return Response(status=204, headers=headers, mimetype="application/json")

    @app.after_request
    def mark(answer: Response) -> Response:
        for name, value in EVERYWHERE.items():
            answer.headers.setdefault(name, value)  # documents that may be kept say so themselves
        return answer
