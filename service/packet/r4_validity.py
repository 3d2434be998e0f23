"""Which entries of a Bundle are not valid FHIR R4; they are sent as the record has them."""

from importlib import import_module

from service.json_object import Json


def invalid_entries(bundle: Json) -> list[str]:
    """The types of the entries that R4 does not allow as they are, one for each entry."""
    resources = (entry["resource"] for entry in bundle["entry"])
    return [resource["resourceType"] for resource in resources if not is_valid(resource)]


def is_valid(resource: Json) -> bool:
    """Whether a resource is one of R4: its type is known, its elements are, and none is missing."""
    type_ = resource["resourceType"]
    try:
        model = getattr(import_module(f"fhir.resources.R4B.{type_.lower()}"), type_)
        model.model_validate(resource)
    except (ImportError, AttributeError, ValueError):
        return False
    return True
