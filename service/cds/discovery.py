"""The discovery document of CDS Hooks, with what Da Vinci CRD adds to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.json_object import Json

SPECIFICATION = "2.0.1"
VERSIONS, OPTIONS = "davinci-crd.version", "davinci-crd.configuration-options"


@dataclass(frozen=True, slots=True)
class ServiceDescription:
    """One service as discovery advertises it; `crd`: it speaks Da Vinci CRD."""

    id: str
    hook: str
    title: str
    description: str
    prefetch: Mapping[str, str] = field(default_factory=dict)
    usage_requirements: str | None = None
    crd: bool = False


@dataclass(frozen=True, slots=True)
class CrdSupport:
    """The versions of CRD that are answered, and the options of its configuration."""

    versions: Sequence[str]
    options: Sequence[Json]


def discovery(
    services: Sequence[ServiceDescription], crd: CrdSupport | None = None
) -> dict[str, object]:
    """What `GET /cds-services` answers; members without a value are left out."""
    return {"services": [_entry(service, crd) for service in services]}


def _entry(service: ServiceDescription, crd: CrdSupport | None) -> dict[str, object]:
    entry = {
        "hook": service.hook,
        "title": service.title,
        "description": service.description,
        "id": service.id,
        "version": SPECIFICATION,
        "usageRequirements": service.usage_requirements,
        "prefetch": dict(service.prefetch),
        "extension": _extension(crd) if service.crd and crd is not None else None,
    }
    return {name: value for name, value in entry.items() if value}


def _extension(crd: CrdSupport) -> Json:
    return {VERSIONS: list(crd.versions), OPTIONS: list(crd.options)}
