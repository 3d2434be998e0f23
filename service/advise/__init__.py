"""The line: request, record, orders, policy, assessment, cards."""

from service.advise.line import Advice, advise

__all__ = ["Advice", "advise"]
