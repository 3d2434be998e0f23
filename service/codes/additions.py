"""Finds what RxNorm and FDA's NDC directory add to each value set of drugs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from service.codes.ndc_directory import LABELER_PRODUCT, FdaDirectory, Package
from service.codes.rxnorm import SUPPRESSED, Release, RxNormProduct
from service.codes.write_back import (
    COMMON,
    RXNORM,
    Addition,
    OpenQuestion,
    SetDraft,
    agreed,
    draft_of,
)
from service.library.lookups.full_list_documents import DRUG_KINDS
from service.library.shapes import CodeSystemsShape, ValueSetShape

LinesByProduct = dict[str, list[Addition]]
# What may differ between packages of the same product.
PER_PACKAGE = {"actuations", "dose_mg", "volume_ml"}


def add_ndcs(draft: SetDraft, release: Release, samples: frozenset[str]) -> None:
    """Adds the NDCs that RxNorm gives to products of the set."""
    for line in draft.of(RXNORM):
        if count := release.suppressed_ndcs.get(line.code):
            draft.left_out["NDCs: obsolete or suppressed in RXNSAT"] += count
        for ndc in sorted(release.ndcs.get(line.code, ())):
            if draft.open(draft.ndc, ndc):
                _add_ndc(draft, release, line, ndc, sample=ndc in samples)


def _add_ndc(draft: SetDraft, release: Release, line: Addition, ndc: str, *, sample: bool) -> None:
    near = sorted(release.products_of_ndc[ndc])
    held = [product_line for code in near if (product_line := draft.lines.get((RXNORM, code)))]
    if sample:
        draft.ask(line.display, "a sample package", ndc)
    elif len(held) < len(near) or (like := agreed(held)) is None:
        draft.ask(line.display, "RxNorm gives this NDC to different products", ndc)
    else:
        branded = [
            product_line for product_line in held if release.products[product_line.code].generic
        ]
        display = (branded or held)[0].display
        draft.add(draft.ndc, ndc, display, like, f"NDC of {line.code}")


def add_packages(draft: SetDraft, directory: FdaDirectory) -> None:
    """Adds packages whose labeler and product numbers the set has; other products become questions."""
    by_product: LinesByProduct = defaultdict(list)
    for line in draft.of(draft.ndc):
        by_product[line.code[:LABELER_PRODUCT]].append(line)
    for package in directory.packages:
        if not draft.open(draft.ndc, package.ndc):
            continue
        if lines := by_product.get(package.ndc[:LABELER_PRODUCT]):
            _add_package(draft, package, lines)
        elif any(_is(name, package) for name in draft.ingredients):
            form = ", ".join((package.product.form.lower(), *package.product.routes))
            about = f"{' + '.join(package.product.substances)}, {form}"
            draft.ask(about, "no other package of this product is in this set", package.ndc)


def _add_package(draft: SetDraft, package: Package, lines: list[Addition]) -> None:
    like = agreed(lines)
    if package.sample:
        draft.ask(lines[0].display, "a sample package", package.ndc)
    elif like is None:
        draft.ask(lines[0].display, "packages of this product differ in this set", package.ndc)
    elif per_package := sorted(PER_PACKAGE & like.known.keys()):
        why = f"the set tells {', '.join(per_package)}, which another package may have more or less of"
        draft.ask(like.display, why, package.ndc)
    elif not _is(str(like.known.get("ingredient", "")), package):
        why = f"the directory names another substance: {', '.join(package.product.substances)}"
        draft.ask(like.display, why, package.ndc)
    else:
        because = f"another package of {like.code[:LABELER_PRODUCT]}"
        draft.add(draft.ndc, package.ndc, like.display, like, because)


def _is(ingredient: str, package: Package) -> bool:
    """Whether a substance of the package is the ingredient, or a salt or ester of it by name."""
    name = ingredient.lower()
    return any(
        f"{substance} ".startswith(f"{name} ") for substance in package.product.substances if name
    )


def add_products(draft: SetDraft, release: Release) -> None:
    """Adds every product that the set's own lines decide; the others become questions."""
    _miss_ingredients(draft, release)
    concerned = [
        product for product in release.products.values() if _concerns(draft, release, product)
    ]
    drugs = sorted((product for product in concerned if product.kind in {"SCD", "SBD"}), key=_order)
    packs = sorted(
        (product for product in concerned if product.kind in {"GPCK", "BPCK"}), key=_order
    )
    usable = [drug for drug in drugs if _is_open(draft, drug)]
    # First pass: a brand in the set decides its generic drug, which then decides other brands.
    rest = [drug for drug in usable if not _add_alike(draft, release, drug)]
    for product in rest:
        if not _add_alike(draft, release, product):
            _add_by_form(draft, product)
    for pack in packs:
        if _is_open(draft, pack) and not _add_alike(draft, release, pack):
            _add_by_contents(draft, pack)


def _concerns(draft: SetDraft, release: Release, product: RxNormProduct) -> bool:
    named = (product.ingredients | product.salts) & draft.ingredients
    near = (*product.generic, *release.brands.get(product.code, ()))
    return bool(named) or any((RXNORM, code) in draft.lines for code in near)


def _order(product: RxNormProduct) -> tuple[bool, int, str]:
    return product.kind in {"SBD", "BPCK"}, len(product.code), product.code


def _miss_ingredients(draft: SetDraft, release: Release) -> None:
    for name in sorted(draft.ingredients - release.ingredients):
        parts = set(name.split("+"))
        if not parts <= release.ingredients:
            draft.ask(name, "no ingredient of this name in the release", "")


def _is_open(draft: SetDraft, product: RxNormProduct) -> bool:
    """Whether the product is in use and new to the set; products out of use are counted."""
    if product.suppress in SUPPRESSED:
        stands = (RXNORM, product.code) in draft.lines
        where = "codes of this set, which stay" if stands else "products"
        draft.left_out[f"{where}: {SUPPRESSED[product.suppress]} ({product.suppress})"] += 1
        return False
    return draft.open(RXNORM, product.code)


def _add_alike(draft: SetDraft, release: Release, product: RxNormProduct) -> bool:
    """Adds the same clinical drug under another brand or without a brand; False if the set has none."""
    near = (*product.generic, *release.brands.get(product.code, ()))
    kin = [draft.lines[RXNORM, code] for code in near if (RXNORM, code) in draft.lines]
    if not kin:
        return False
    like = agreed(kin)
    if like is None:
        why = "the same drug is written in different ways in this set"
        draft.ask(product.name, why, product.code)
    else:
        draft.add(RXNORM, product.code, product.name, like, f"same drug as {like.code}")
    return True


def _add_by_form(draft: SetDraft, product: RxNormProduct) -> None:
    """Adds a product if the set has its ingredient in the same form; the strength does not matter."""
    if len(product.ingredients) != 1:
        draft.ask(_about(product), "more than one ingredient", product.code)
        return
    (ingredient,) = product.ingredients
    like = _by_form(draft, product.ingredients | product.salts, product.form)
    if isinstance(like, str):
        draft.ask(_about(product), like, product.code)
    else:
        because = f"{ingredient} as {product.form} is in this set"
        draft.add(RXNORM, product.code, product.name, like, because)


def _by_form(draft: SetDraft, names: frozenset[str], form: str | None) -> Addition | str:
    """The line that the set has for an ingredient in a form, or why none can be used."""
    peers = list(_peers(draft, names, form))
    if not peers:
        return "no line of this set has this ingredient in this form"
    if any(peer.part == "questions" for peer in peers):
        return "this ingredient in this form stands under questions too"
    own = sorted({key for peer in peers for key in peer.known.keys() - COMMON})
    if own:
        return f"the set tells {', '.join(own)} of each product, which no release says"
    return agreed(peers) or "lines of this ingredient and form differ"


def _peers(draft: SetDraft, names: frozenset[str], form: str | None) -> Iterator[Addition]:
    for line in draft.of(RXNORM):
        same = str(line.known.get("ingredient", "")).lower() in names
        if same and form is not None and line.known.get("form") == form:
            yield line


def _add_by_contents(draft: SetDraft, pack: RxNormProduct) -> None:
    """Adds a pack if the set holds every drug in it, with the keys that all of them share."""
    inside = [draft.lines.get((RXNORM, code)) for code in pack.contents]
    held = [line for line in inside if line is not None]
    if not held:
        draft.ask(_about(pack), "no drug of this pack is in this set", pack.code)
    elif len(held) < len(inside) or any(line.part == "questions" for line in held):
        draft.ask(_about(pack), "the pack holds something that is no code of this set", pack.code)
    else:
        shared = {
            key: value
            for key, value in held[0].known.items()
            if key in COMMON and all(line.known.get(key) == value for line in held)
        }
        like = held[0]._replace(known=shared)
        draft.add(RXNORM, pack.code, pack.name, like, "every drug of this pack is in this set")


def _about(product: RxNormProduct) -> str:
    form = "pack" if product.kind in {"GPCK", "BPCK"} else product.form or "no single dose form"
    return f"{' + '.join(sorted(product.ingredients))}, {form}"


class Additions(NamedTuple):
    """New lines of one value set, open questions, and counts of what was left out by reason."""

    value_set: str
    lines: tuple[Addition, ...]
    asked: tuple[OpenQuestion, ...]
    left_out: Mapping[str, int]


def additions(
    value_sets: Mapping[str, ValueSetShape],
    systems: CodeSystemsShape,
    release: Release | None,
    directory: FdaDirectory | None,
) -> Iterator[Additions]:
    """The additions to every set of drugs, in the order of their names."""
    ndc = next(system.uri for system in systems.code_systems if system.spelling == "ndc")
    for _, shape in sorted(value_sets.items()):
        if shape.kind in DRUG_KINDS and (shape.codes.keys() & {RXNORM, ndc} or not shape.codes):
            yield _additions_to(draft_of(shape, ndc), release, directory)


def _additions_to(
    draft: SetDraft, release: Release | None, directory: FdaDirectory | None
) -> Additions:
    if release is not None:
        add_products(draft, release)
        add_ndcs(draft, release, directory.samples if directory else frozenset())
    if directory is not None:
        add_packages(draft, directory)
    return Additions(
        draft.name, tuple(draft.added), tuple(draft.asked), dict(sorted(draft.left_out.items()))
    )
