"""Full lists of codes, words of FDA's directory, and codes that no list holds, as documents write them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from service.library.shapes.written import Pattern, Shape, Texts, Words


class DirectoryShape(Shape):
    """`directories/<name>.yaml`: a full list of a code system as of a day, in a file beside it."""

    directory: str
    says: Words
    system: Words
    holds: Literal["products", "descriptors", "names"]
    release: Words
    of: date
    table: Words
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    rows: int = Field(gt=0)
    source: dict[str, Words]


class DoseFormShape(Shape):
    """One dose form of our value sets and FDA's words for it."""

    form: Texts
    route: Words
    fda: tuple[Words, ...]


class SubstanceShape(Shape):
    """A substance that FDA calls differently, with figures where they count differently."""

    fda: Words
    ours: Words
    strengths: dict[str, float] = Field(default_factory=dict)
    weighs: float = Field(default=1.0, gt=0)


class FiguresShape(Shape):
    """Units of FDA with their factors."""

    milligrams: dict[str, float]
    millilitres: dict[str, float]


class DoubtfulShape(Shape):
    """Words that stand for a class of drugs or for no drug."""

    classes: tuple[Words, ...]
    in_texts: tuple[Words, ...]
    ends: tuple[Words, ...]


class UnnamedShape(Shape):
    """Descriptors that leave open which drug it is: one word of each list."""

    ends: tuple[Words, ...]
    of: tuple[Words, ...]


class DrugWordsShape(Shape):
    """`drug_words.yaml`."""

    source: Words
    why: Words
    why_sample: Words
    routes: dict[str, tuple[Words, ...]]
    together: dict[str, Words] = Field(default_factory=dict)
    inhaled_by_mouth: tuple[Words, ...] = ()
    forms: tuple[DoseFormShape, ...]
    salts: tuple[Words, ...]
    salts_of_others: tuple[Words, ...] = ()
    substances: tuple[SubstanceShape, ...]
    hides_ester: tuple[Words, ...] = ()
    units: FiguresShape
    dilutions: tuple[Words, ...]
    said: dict[str, tuple[Words, ...]]
    no_name: tuple[Words, ...]
    explains: tuple[Words, ...] = ()
    doubtful: DoubtfulShape
    unnamed: UnnamedShape
    no_drugs: tuple[Words, ...]


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
