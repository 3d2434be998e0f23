"""NDCs of a set's products: those RxNorm gives, and other packages of the same product from FDA."""

from collections import defaultdict

from service.codes.extended_set import RXNORM, Addition, Draft, agreed
from service.codes.ndc_directory import LABELER_PRODUCT, Directory, Package
from service.codes.rxnorm import Release

LinesByProduct = dict[str, list[Addition]]
# What another package of the same product may hold more or less of.
PER_PACKAGE = {"actuations", "dose_mg", "volume_ml"}


def add_ndcs(draft: Draft, release: Release, samples: frozenset[str]) -> None:
    """Adds the NDCs that RxNorm gives to products of the set."""
    for line in draft.of(RXNORM):
        if count := release.suppressed_ndcs.get(line.code):
            draft.left_out["NDCs: obsolete or suppressed in RXNSAT"] += count
        for ndc in sorted(release.ndcs.get(line.code, ())):
            if draft.open(draft.ndc, ndc):
                _add_ndc(draft, release, line, ndc, sample=ndc in samples)


def _add_ndc(draft: Draft, release: Release, line: Addition, ndc: str, *, sample: bool) -> None:
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


def add_packages(draft: Draft, directory: Directory) -> None:
    """Adds packages whose labeler and product numbers the set knows; other products are asked about."""
    known: LinesByProduct = defaultdict(list)
    for line in draft.of(draft.ndc):
        known[line.code[:LABELER_PRODUCT]].append(line)
    for package in directory.packages:
        if not draft.open(draft.ndc, package.ndc):
            continue
        if lines := known.get(package.ndc[:LABELER_PRODUCT]):
            _add_package(draft, package, lines)
        elif any(_is(name, package) for name in draft.ingredients):
            form = ", ".join((package.product.form.lower(), *package.product.routes))
            about = f"{' + '.join(package.product.substances)}, {form}"
            draft.ask(about, "no other package of this product is in this set", package.ndc)


def _add_package(draft: Draft, package: Package, lines: list[Addition]) -> None:
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
    """Whether the directory's substance is the ingredient, or a salt or ester of it by its name."""
    name = ingredient.lower()
    return any(
        f"{substance} ".startswith(f"{name} ") for substance in package.product.substances if name
    )
