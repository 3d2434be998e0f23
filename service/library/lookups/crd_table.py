"""`crd.yaml` as the answers of the CRD services are made from it."""

from service.cards.crd.crd_document import (
    CodeList,
    Codes,
    CrdDocument,
    CrdOption,
    CrdTopic,
    CrdVersion,
)
from service.library.shapes import CodeListShape, CodesShape, CrdShape, VersionShape


def build_crd(shape: CrdShape) -> CrdDocument:
    """The document, with the codes of each line in each version."""
    return CrdDocument(
        shape.url,
        shape.default,
        {name: _version(name, version, shape) for name, version in shape.versions.items()},
        shape.weakest_first.covered,
        shape.weakest_first.pa_needed,
        shape.info_needed_only_with,
        shape.satisfied,
        {str(hook): tuple(map(str, parts)) for hook, parts in shape.left_out_at.items()},
        {
            kind: CrdTopic(code, shape.topic_displays[code])
            for kind, code in shape.cards.model_dump().items()
        },
        tuple(
            CrdOption(
                option.code,
                option.type,
                option.name,
                option.description,
                option.default,
                option.about,
            )
            for option in shape.options
        ),
    )


def _version(name: str, version: VersionShape, shape: CrdShape) -> CrdVersion:
    return CrdVersion(
        name,
        {
            line: _codes(written.in_version.get(name, written))
            for line, written in shape.lines.items()
        },
        _list(version.reasons),
        _list(version.topics),
        version.contact,
        version.associated_keys,
        version.associated_as == "text",
        version.expiry_date,
        version.refuses_other_payers,
    )


def _codes(shape: CodesShape) -> Codes:
    return Codes(
        shape.covered,
        shape.pa_needed,
        shape.doc_needed,
        shape.doc_purpose,
        shape.info_needed,
        shape.reason,
        shape.questionnaire,
    )


def _list(shape: CodeListShape) -> CodeList:
    return CodeList(shape.system, shape.codes)
