"""Whether a supply had begun by a day."""

from support.fact_case import CLAIMS_HELD, ordinal, patient

from service.facts.case import Case
from service.facts.supply.start_of_supply import another_began_after, began_after
from service.policy.amount import Span
from service.policy.operators import Sessions, Supply

TRIAL = Supply(
    of=("ad.tci",),
    days=Span(days=42),
    ended_within=Span(days=180),
    look_back=Span(months=12),
    gap=Span(days=30),
)
NOW = Supply(of=("immunomodulator.tnf", "immunomodulator.interleukin"), now=True)


def supplied(*fills: tuple[str, int, int]) -> Case:
    """A patient with claims of a drug: its name, its days and how many days ago."""
    claims = [{"drug": drug, "days": days, "on": f"{ago} days ago"} for drug, days, ago in fills]
    return patient(claims=claims, **CLAIMS_HELD)


def tacrolimus(*fills: tuple[int, int]) -> Case:
    return supplied(*(("tacrolimus ointment", days, ago) for days, ago in fills))


def test_trial_had_begun_on_the_day_of_its_first_fill_and_not_the_day_before() -> None:
    case = tacrolimus((30, 100), (30, 65))
    assert began_after(case, TRIAL, ordinal(100)) is None
    assert began_after(case, TRIAL, ordinal(101)) == ordinal(100)


def test_earlier_supply_that_is_too_short_by_itself_is_not_the_trial() -> None:
    case = tacrolimus((30, 300), (30, 100), (30, 65))
    assert began_after(case, TRIAL, ordinal(290)) == ordinal(100)
    assert began_after(case, TRIAL, ordinal(90)) is None


def test_supply_that_makes_no_trial_began_on_no_day() -> None:
    assert began_after(tacrolimus((30, 100)), TRIAL, ordinal(200)) is None
    assert began_after(patient(), TRIAL, ordinal(200)) is None


def test_drug_in_use_does_not_hide_another_one_that_began_later() -> None:
    old = [("adalimumab", 28, ago) for ago in (60, 32, 4)]
    case = supplied(*old)
    assert another_began_after(case, NOW, ordinal(60)) is None
    assert another_began_after(case, NOW, ordinal(61)) == ordinal(60)
    both = supplied(*old, ("tralokinumab", 28, 10))
    assert began_after(both, NOW, ordinal(30)) is None
    assert another_began_after(both, NOW, ordinal(30)) == ordinal(10)


def test_sessions_had_begun_on_the_day_of_the_first() -> None:
    asked = Sessions(
        of=("ad.phototherapy",), first_to_last=Span(days=90), ended_within=Span(days=180)
    )
    given = [{"what": "light therapy", "on": f"{ago} days ago"} for ago in (120, 80, 20)]
    case = patient(procedures=given)
    assert began_after(case, asked, ordinal(120)) is None
    assert began_after(case, asked, ordinal(121)) == ordinal(120)
