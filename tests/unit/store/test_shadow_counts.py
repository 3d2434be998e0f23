"""Counts of what was judged in shadow are added up, on both databases."""

from dataclasses import replace

from service.store import ShadowCount, Store

ONE = ShadowCount("sha256:a", "sha256:b", "p@1", "p@2", "c.age", "met", "not_met", 2)
OTHER = ShadowCount("sha256:a", "sha256:b", "p@1", "p@2", "", "met", "met", 9)


def test_counts_of_the_same_pair_are_added_up(url: str) -> None:
    store = Store.open(url)
    assert store.shadow_counts() == []
    store.add_shadow_counts([ONE, OTHER])
    store.add_shadow_counts([ONE])
    found = store.shadow_counts()
    store.close()
    assert found == [OTHER, replace(ONE, count=4)]
