"""Drugs and packs of a release that belong to a set: a known product's other brand, or a known form."""

from collections.abc import Iterator

from service.codes.extended_set import COMMON, RXNORM, Addition, Draft, agreed
from service.codes.rxnorm import SUPPRESSED, Product, Release


def add_products(draft: Draft, release: Release) -> None:
    """Adds every product that the set's own lines decide; the others are asked about."""
    _miss_ingredients(draft, release)
    concerned = [
        product for product in release.products.values() if _concerns(draft, release, product)
    ]
    drugs = sorted((product for product in concerned if product.kind in {"SCD", "SBD"}), key=_order)
    packs = sorted(
        (product for product in concerned if product.kind in {"GPCK", "BPCK"}), key=_order
    )
    usable = [drug for drug in drugs if _is_open(draft, drug)]
    # A brand in the set decides its generic drug before that one's other brands are looked at.
    rest = [drug for drug in usable if not _add_alike(draft, release, drug)]
    for product in rest:
        if not _add_alike(draft, release, product):
            _add_by_form(draft, product)
    for pack in packs:
        if _is_open(draft, pack) and not _add_alike(draft, release, pack):
            _add_by_contents(draft, pack)


def _concerns(draft: Draft, release: Release, product: Product) -> bool:
    named = (product.ingredients | product.salts) & draft.ingredients
    near = (*product.generic, *release.brands.get(product.code, ()))
    return bool(named) or any((RXNORM, code) in draft.lines for code in near)


def _order(product: Product) -> tuple[bool, int, str]:
    return product.kind in {"SBD", "BPCK"}, len(product.code), product.code


def _miss_ingredients(draft: Draft, release: Release) -> None:
    for name in sorted(draft.ingredients - release.ingredients):
        parts = set(name.split("+"))
        if not parts <= release.ingredients:
            draft.ask(name, "no ingredient of this name in the release", "")


def _is_open(draft: Draft, product: Product) -> bool:
    """Whether the product is in use and new to the set; what is not in use is counted."""
    if product.suppress in SUPPRESSED:
        stands = (RXNORM, product.code) in draft.lines
        where = "codes of this set, which stay" if stands else "products"
        draft.left_out[f"{where}: {SUPPRESSED[product.suppress]} ({product.suppress})"] += 1
        return False
    return draft.open(RXNORM, product.code)


def _add_alike(draft: Draft, release: Release, product: Product) -> bool:
    """Adds the same clinical drug under another brand, or without one."""
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


def _add_by_form(draft: Draft, product: Product) -> None:
    """Adds a product whose form the set already tells of this ingredient; a strength proves nothing."""
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


def _by_form(draft: Draft, names: frozenset[str], form: str | None) -> Addition | str:
    """What the set says of an ingredient in a form, or why it does not say."""
    peers = list(_peers(draft, names, form))
    if not peers:
        return "no line of this set has this ingredient in this form"
    if any(peer.part == "questions" for peer in peers):
        return "this ingredient in this form stands under questions too"
    own = sorted({key for peer in peers for key in peer.known.keys() - COMMON})
    if own:
        return f"the set tells {', '.join(own)} of each product, which no release says"
    return agreed(peers) or "lines of this ingredient and form differ"


def _peers(draft: Draft, names: frozenset[str], form: str | None) -> Iterator[Addition]:
    for line in draft.of(RXNORM):
        same = str(line.known.get("ingredient", "")).lower() in names
        if same and form is not None and line.known.get("form") == form:
            yield line


def _add_by_contents(draft: Draft, pack: Product) -> None:
    """Adds a pack if the set holds every drug in it, with what all of them share."""
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


def _about(product: Product) -> str:
    what = "pack" if product.kind in {"GPCK", "BPCK"} else product.form or "no single dose form"
    return f"{' + '.join(sorted(product.ingredients))}, {what}"
