"""What codes and names tell that no list holds, as its document writes it."""

from typing import Annotated

from pydantic import Field

from service.library.shapes.written import Pattern, Shape, Texts, Words


class CodePartShape(Shape):
    """Codes that begin alike."""

    starts: Annotated[tuple[Words, ...], Field(min_length=1)]
    shape: Pattern | None = None
    drugs: bool = True
    any_drug: bool = False
    given: bool = False
    routes: Texts = ()
    never: Texts = ()
    why: Words


class NoDrugsShape(Shape):
    """Code systems without drugs, and how their codes look."""

    systems: Annotated[Texts, Field(min_length=1)]
    shape: Pattern | None = None


class UnreadShape(Shape):
    """`unread.yaml`."""

    source: Words
    no_drugs: tuple[NoDrugsShape, ...] = ()
    drugs: tuple[Words, ...] = ()
    anything: tuple[Words, ...] = ()
    codes: dict[str, tuple[CodePartShape, ...]] = Field(default_factory=dict)
    given_for: Texts = ()
    alone: Texts = ()
    beside_alone: Texts = ()
    beside_a_name: tuple[Words, ...] = ()
    other_names: tuple[tuple[Words, ...], ...] = ()
    no_names: tuple[Words, ...] = ()
    says_nothing: tuple[tuple[Words, ...], ...] = ()
