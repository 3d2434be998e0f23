"""From a request to its answer: record, orders, policy, assessment, cards."""

from service.advise.advice import Advice, advise
from service.advise.order_advice import Rendered

__all__ = ["Advice", "Rendered", "advise"]
