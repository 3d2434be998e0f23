"""The front page, and the lists of policies and therapies."""

from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint

from service import __version__
from service.library.library import Library
from service.pages.glossary import state_words
from service.pages.html import site_html
from service.pages.therapy_page import disease_title
from service.pages.version_by_name import PolicyVersion, versions
from service.web.runtime import Runtime
from service.web.site.docs_pages import STARTS

HEADS_OF_POLICIES = ("Policy", "Payer", "Drug", "From", "Until", "State", "Today", "Compared")
LEAD_OF_POLICIES = (
    "Every version of every policy that this service judges by, in its own words. Each criterion names its"
    " line of the payer's document."
)
LEAD_OF_THERAPIES = (
    "The therapies that a card may propose, with what the label says of each disease."
)
NO_DEMO = "<h1>The demo is off on this server</h1><p><code>CDS_DEMO=on</code> turns it on.</p>"
SMALLEST = "examples/sandbox/smallest-request.json"
HEADS_OF_THERAPIES = ("Therapy", "Class", "Kind", "Label")


def front_blueprint(runtime: Runtime, content: Path, *, demo: bool) -> Blueprint:
    """`/`, `/policies` and `/therapies`."""
    pages = Blueprint("front", __name__)
    library = runtime.library

    @pages.get("/")
    def front() -> str:
        today = runtime.as_of().day
        in_force = [
            version for version in versions(library) if library.judges(version.policy, today)
        ]
        return site_html(
            "front",
            demo=demo,
            services=library.services,
            policies=in_force,
            therapies=len(library.clinical.therapies),
            documents=STARTS,
            public_url=runtime.public_url,
            curl=_curl(runtime, content),
            drugs=" or ".join(sorted({drug for of in library.drugs.values() for drug in of})),
            version=__version__,
        )

    if not demo:

        @pages.get("/demo")
        def no_demo() -> tuple[str, int]:
            return site_html("document", title="No demo here", body=NO_DEMO), 404

    @pages.get("/policies")
    def policies() -> str:
        return site_html(
            "listing",
            title="Policies",
            lead=LEAD_OF_POLICIES,
            heads=HEADS_OF_POLICIES,
            rows=[*_policies(runtime)],
        )

    @pages.get("/therapies")
    def therapies() -> str:
        return site_html(
            "listing",
            title="Therapies",
            lead=LEAD_OF_THERAPIES,
            heads=HEADS_OF_THERAPIES,
            rows=[*_therapies(library)],
        )

    return pages


def _policies(runtime: Runtime) -> Iterator[tuple[object, ...]]:
    library, today = runtime.library, runtime.as_of().day
    before: PolicyVersion | None = None
    for version in versions(library):
        policy = version.policy
        decides = library.policy(policy.payer, policy.drug, today) is policy
        same = before is not None and before.policy.id == policy.id
        compared = (
            (f"differences from {before.policy.effective}", f"/differences/{version.name}")
            if same and before is not None
            else "the first one here"
        )
        yield (
            (policy.title, f"/policies/{version.name}"),
            version.payer.name if version.payer else policy.payer,
            policy.drug,
            str(policy.effective),
            str(policy.until) if policy.until else "no end is set",
            state_words(policy.state),
            "in force" if decides else "not in force",
            compared,
        )
        before = version


def _therapies(library: Library) -> Iterator[tuple[object, ...]]:
    for therapy in library.clinical.therapies.values():
        uses = ", ".join(
            f"{disease_title(library, id_)}: {use.label.replace('_', ' ')}"
            for id_, use in therapy.uses.items()
        )
        yield (therapy.name, f"/therapies/{therapy.id}"), therapy.class_, therapy.kind, uses


def _curl(runtime: Runtime, content: Path) -> str:
    """The smallest request that is judged, as a command."""
    sign = next(
        service
        for service in runtime.library.services
        if service.hook == "order-sign" and not service.crd
    )
    url = f"{runtime.public_url}/cds-services/{sign.id}"
    file = content / SMALLEST
    if not file.is_file():
        return f"curl -s {url} -H 'Content-Type: application/json' --data @request.json"
    body = file.read_text(encoding="utf-8").strip()
    return f"curl -s {url} -H 'Content-Type: application/json' --data @- <<'END'\n{body}\nEND"
