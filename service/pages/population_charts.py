"""The charts of the summary as SVG, drawn by Vega-Lite as the timelines are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from service.json_object import Json
from service.pages.story.timeline_chart import CONFIG, WIDTH, vega_svg

MOST_BARS = 20
STEP = 22
# Okabe and Ito's colours, told apart by people who see colours differently.
COLOURS = {
    "met": "#009e73",
    "not met": "#d55e00",
    "unknown": "#e69f00",
    "other": "#56b4e9",
}
_COUNT = {"field": "patients", "type": "quantitative", "title": "patients"}


def charts(summary: Mapping[str, Any]) -> dict[str, str]:
    """Each chart that has something to show, by its name."""
    specs = {
        "outcomes": _bars([(name, count) for name, count in summary["by_outcome"]]),
        "missing": _bars([(row[0], row[2]) for row in summary["missing"][:MOST_BARS]]),
        "renewals": _months(summary["renewals"]),
    }
    return {
        name: _svg(vega_svg(orjson.dumps(spec)))
        for name, spec in specs.items()
        if spec["data"]["values"]
    }


def _svg(drawn: str) -> str:
    """The picture alone, without what stands before its first element."""
    return drawn[drawn.index("<svg") :]


def _bars(rows: Sequence[tuple[str, int]]) -> Json:
    """A bar for each name, the longest first, with its number."""
    values = [{"name": name, "patients": count} for name, count in rows]
    y = {"field": "name", "type": "nominal", "title": None, "sort": [name for name, _ in rows]}
    return _spec(
        values,
        height={"step": STEP},
        layer=[
            {"mark": {"type": "bar", "color": COLOURS["other"]}, "encoding": {"y": y, "x": _COUNT}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4},
                "encoding": {"y": y, "x": _COUNT, "text": {"field": "patients"}},
            },
        ],
    )


def _months(rows: Sequence[Sequence[Any]]) -> Json:
    """For each month the authorizations that end in it, by the outcome of the renewal today."""
    colour = {
        "field": "outcome",
        "type": "nominal",
        "title": "renewal today",
        "scale": {
            "domain": ["met", "unknown", "not met"],
            "range": [COLOURS[name] for name in ("met", "unknown", "not met")],
        },
    }
    x = {"field": "month", "type": "ordinal", "title": "authorization ends in"}
    encoding = {"x": x, "y": {**_COUNT, "stack": True}, "color": colour}
    return _spec(list(_of_months(rows)), height=200, mark="bar", encoding=encoding)


def _of_months(rows: Sequence[Sequence[Any]]) -> Iterator[Json]:
    for month, met, not_met, unknown in rows:
        for name, count in (("met", met), ("not met", not_met), ("unknown", unknown)):
            yield {"month": month, "outcome": name, "patients": count}


def _spec(values: Sequence[Json], **others: Any) -> Json:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "width": WIDTH,
        "background": None,
        "config": CONFIG,
        **others,
    }
