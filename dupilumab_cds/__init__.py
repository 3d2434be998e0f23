"""Judges draft orders in this Python process, with the same assessments as over HTTP.

    from dupilumab_cds import evaluate
    evaluation = evaluate(request)      # a CDS Hooks request: bytes, text or a dict
    evaluation.assessments[0]["outcome"]

See docs/reference/python.md.
"""

from service import __version__
from service.advise.python_call import Evaluation, Rules, evaluate
from service.errors import CdsError, DocumentsError, RequestError

__all__ = [
    "CdsError",
    "DocumentsError",
    "Evaluation",
    "RequestError",
    "Rules",
    "__version__",
    "evaluate",
]
