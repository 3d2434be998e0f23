"""From a request to its answer: record, orders, policy, assessment, cards."""

from service.advise.order import Rendered
from service.advise.request import Advice, advise

__all__ = ["Advice", "Rendered", "advise"]
