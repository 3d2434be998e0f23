"""The discovery document of CDS Hooks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SPECIFICATION = "2.0.1"


@dataclass(frozen=True, slots=True)
class ServiceDescription:
    """One service as discovery advertises it."""

    id: str
    hook: str
    title: str
    description: str
    prefetch: Mapping[str, str] = field(default_factory=dict)


def discovery(services: Sequence[ServiceDescription]) -> dict[str, object]:
    """What `GET /cds-services` answers; members without a value are left out."""
    return {"services": [_entry(service) for service in services]}


def _entry(service: ServiceDescription) -> dict[str, object]:
    entry = {
        "hook": service.hook,
        "title": service.title,
        "description": service.description,
        "id": service.id,
        "version": SPECIFICATION,
        "prefetch": dict(service.prefetch),
    }
    return {name: value for name, value in entry.items() if value}
