"""Each chart of the summary shows its rows, and is left out where there are none."""

from service.pages.population_charts import charts

NOTHING: dict[str, list[object]] = {"by_outcome": [], "missing": [], "renewals": []}


def test_nothing_to_show_makes_no_chart() -> None:
    assert charts(NOTHING) == {}


def test_charts_show_their_rows() -> None:
    drawn = charts(
        {
            "by_outcome": [["met", 41], ["unknown", 7]],
            "missing": [["ad.initial.severity", "Is it severe?", 5, ["not_found"]]],
            "renewals": [["2026-12", 3, 1, 2]],
        }
    )
    assert drawn.keys() == {"outcomes", "missing", "renewals"}
    assert all(picture.startswith("<svg") for picture in drawn.values())
    assert ">41<" in drawn["outcomes"]
    assert "ad.initial.severity" in drawn["missing"]
    assert "2026-12" in drawn["renewals"]
    assert "renewal today" in drawn["renewals"]
