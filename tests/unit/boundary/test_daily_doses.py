"""Puffs on both sides of a band of daily doses."""

from support.boundary import codes, scene

from service.boundary.daily_doses import filled_at, puffs_of


def test_puffs_that_reach_the_band_and_puffs_that_do_not() -> None:
    of = scene("asthma", "initial")
    products = [one for one in codes().all_of("asthma.ics") if puffs_of(of, one, "high")]
    puffs = puffs_of(of, products[0], "high")
    assert puffs is not None
    assert puffs.below < puffs.reaching
    assert filled_at(of, products[0], "high", 30)["quantity"].startswith(f"{puffs.reaching * 30} ")


def test_a_product_without_a_dose_has_none() -> None:
    assert puffs_of(scene("asthma", "initial"), codes().of("asthma.ltra"), "high") is None
    assert filled_at(scene("asthma", "initial"), codes().of("asthma.ltra"), None, 30) == {}
