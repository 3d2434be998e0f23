"""Draws a timeline as one static SVG with Vega-Lite: no script, no outside file, no browser.

Colours are presentation attributes, so that a page's style sheet can set others in the dark.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import zip_longest
from xml.etree import ElementTree as ET

import orjson
import vl_convert

from service.facts.supply.timeline_fills import HANDED_OVER
from service.json_object import Json
from service.pages.story.story_words import StoryWords
from service.pages.story.timeline_marks import Lane, Mark, OrderTimeline

WIDTH, STEP = 620, 34
INK, SOFT, GRID, BAND = "#1b1f24", "#57606a", "#d0d7de", "#d5e2f0"
# Okabe and Ito's colours, told apart by people who see colours differently.
FILLS = {
    "claim": "#0072b2",
    "dispense": "#56b4e9",
    "outside_pharmacy": "#009e73",
    "record": "#ffffff",
    "chart": "#f0c987",
    "sample": "url(#hatched)",
    "attestation": "#cc79a7",
}
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
MOST_LABEL = 34  # characters beside a mark
# What the widest name of a lane, and of a kind, may be wider in a reader's font than in ours.
WIDER = 48
# Draws a specification of Vega-Lite in JSON as SVG, in this process or in another.
Draw = Callable[[bytes], str]


def vega_svg(spec: bytes) -> str:
    """What Vega-Lite draws of a specification in JSON. All threads of this process wait meanwhile: 0.2 s."""
    drawn: str = vl_convert.vegalite_to_svg(spec.decode(), vl_version="5.20")
    return drawn


def timeline_svg(
    words: StoryWords, timeline: OrderTimeline, anchor: str = "t", draw: Draw = vega_svg
) -> str:
    """The picture; each mark has a title and is a link to its criterion, whose id begins with `anchor`."""
    drawn = draw(orjson.dumps(_spec(words, timeline, anchor)))
    return _readable(drawn, words.say("timeline_says", day=timeline.day.isoformat()))


def _spec(words: StoryWords, timeline: OrderTimeline, anchor: str) -> Json:
    titles = _titles(timeline.lanes)
    rows = [*zip(titles, timeline.lanes, strict=True)]
    marks = [
        _mark(title, mark, words, anchor)
        for title, lane in rows
        for mark in _labelled(lane, timeline)
    ]
    bars = [mark for mark in marks if mark["last"] != mark["first"]]
    points = [mark for mark in marks if mark["last"] == mark["first"]]
    asked, day = [*_lengths(rows, timeline)], {"day": _time(timeline.day)}
    lane = {"field": "lane", "type": "nominal", "title": None, "sort": titles}
    y, x = {**lane, "scale": {"domain": titles}}, _x(timeline)
    at, below = {"y": y, "x": x}, {"y": {**y, "bandPosition": 0.88}, "x": x}
    span, named = {"x2": {"field": "last"}}, {"description": {"field": "says"}}
    linked = {**named, "href": {"field": "link"}}
    filled = {"fill": {"field": "kind", "type": "nominal", "scale": _colours(words, timeline)}}
    label = {"text": {"field": "label"}}
    day_says = {"value": f"{words['day_asked']} {timeline.day}"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": {"step": STEP},
        "padding": {"left": 4 + WIDER, "right": 110, "top": 4, "bottom": 4},
        "background": None,
        "config": CONFIG,
        "layer": [
            _layer([*_windows(rows, timeline)], _BAND, {**at, **span, **named}),
            _layer([day], _DAY, {"x": {**x, "field": "day"}, "description": day_says}),
            _layer(bars, _BAR, {**at, **span, **filled, **linked}),
            _layer(points, _POINT, {**at, **filled, **linked}),
            _layer([mark for mark in points if mark["label"]], _LABEL, {**at, **label}),
            _layer(asked, _LENGTH, {**below, **span, **named}),
            _layer(asked, _LENGTH_LABEL, {**below, "x": {**x, "field": "last"}, **label}),
        ],
    }


_BAND = {"type": "rect", "color": BAND, "opacity": 0.6}
_DAY = {"type": "rule", "color": INK, "strokeDash": [4, 3]}
_BAR = {"type": "bar", "height": 11, "stroke": INK, "strokeWidth": 1}
_POINT = {"type": "point", "size": 70, "stroke": INK, "strokeWidth": 1, "opacity": 1}
_LABEL = {"type": "text", "align": "left", "dx": 8, "fontSize": 11, "color": INK}
_LENGTH = {"type": "rule", "color": INK, "strokeWidth": 2.5}
_LENGTH_LABEL = {"type": "text", "align": "left", "dx": 4, "fontSize": 10, "color": SOFT}
CONFIG: Json = {
    "font": "sans-serif",
    "axis": {
        "labelColor": INK,
        "gridColor": GRID,
        "domainColor": GRID,
        "tickColor": GRID,
        "labelFontSize": 12,
    },
    "axisY": {"labelLimit": 250, "labelPadding": 8, "grid": False, "ticks": False},
    "view": {"stroke": None},
    "legend": {
        "labelColor": INK,
        "orient": "top",
        "title": None,
        "labelFontSize": 12,
        "symbolStrokeColor": INK,
        "symbolType": "square",
        "columnPadding": WIDER // 2,
    },
}


def _layer(values: list[Json], mark: Json, encoding: Json) -> Json:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _x(timeline: OrderTimeline) -> Json:
    return {
        "field": "first",
        "type": "temporal",
        "title": None,
        "scale": {
            "type": "utc",
            "domain": [_time(timeline.first), _time(timeline.day, 1)],
            "clamp": True,
        },
        "axis": {"format": "%b %Y", "labelOverlap": True, "tickCount": 8, "orient": "bottom"},
    }


def _colours(words: StoryWords, timeline: OrderTimeline) -> Json:
    return {
        "domain": [words[f"kind_{kind}"] for kind in timeline.kinds],
        "range": [FILLS[kind] for kind in timeline.kinds],
    }


def _titles(lanes: tuple[Lane, ...]) -> list[str]:
    """The titles, each of its own: a second lane of a title bears a number."""
    seen: dict[str, int] = {}
    titles = []
    for lane in lanes:
        seen[lane.title] = seen.get(lane.title, 0) + 1
        count = seen[lane.title]
        titles.append(lane.title if count == 1 else f"{lane.title} ({count})")
    return titles


def _mark(title: str, mark: Mark, words: StoryWords, anchor: str) -> Json:
    label = mark.label if len(mark.label) <= MOST_LABEL else f"{mark.label[: MOST_LABEL - 1]}…"
    return {
        "lane": title,
        "kind": words[f"kind_{mark.kind}"],
        "first": _time(mark.first),
        "last": _time(mark.last, 1) if mark.last else _time(mark.first),
        "label": label,
        "says": mark.says,
        "link": f"#{anchor}-{mark.link}",
    }


def _labelled(lane: Lane, timeline: OrderTimeline) -> Iterator[Mark]:
    """The marks of a lane, each with its label only if there is room before the next mark."""
    marks = sorted(lane.marks, key=lambda mark: mark.first)
    room = (timeline.day - timeline.first) / 4
    for mark, following in zip_longest(marks, marks[1:]):
        crowded = following is not None and following.first - mark.first < room
        yield replace(mark, label="") if crowded else mark


def _ends(timeline: OrderTimeline) -> list[int]:
    return [_time(timeline.first), _time(timeline.day, 1)]


def _windows(rows: list[tuple[str, Lane]], timeline: OrderTimeline) -> Iterator[Json]:
    end = _time(timeline.day, 1)
    for title, lane in rows:
        for days, says in sorted(lane.windows.items(), reverse=True):
            first = timeline.day - timedelta(days=days)
            yield {"lane": title, "first": _time(first), "last": end, "says": says}


def _lengths(rows: list[tuple[str, Lane]], timeline: OrderTimeline) -> Iterator[Json]:
    """A line as long as the longest supply asked for, from the first mark in the window."""
    for title, lane in rows:
        if not lane.lengths:
            continue
        days = max(lane.lengths)
        since = timeline.day - timedelta(days=max(lane.windows, default=days))
        recent = [mark for mark in lane.marks if mark.end >= since]
        supplied = [mark for mark in recent if mark.kind in HANDED_OVER] or recent
        starts = [max(mark.first, since) for mark in supplied]
        first = min([*starts, timeline.day - timedelta(days=days - 1)])
        says = lane.lengths[days]
        last = _time(first, days)
        yield {"lane": title, "first": _time(first), "last": last, "says": says, "label": says}


def _time(day: date, after: int = 0) -> int:
    """A day as milliseconds since 1970, UTC; with `after` the day so many days later."""
    return (day.toordinal() + after - date(1970, 1, 1).toordinal()) * 86_400_000


def _readable(drawn: str, says: str) -> str:
    """The SVG with a title for each mark that has a description, and a pattern for samples."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(drawn)  # noqa: S314 - drawn in this process, no outside text is parsed as mark-up
    root.set("role", "group")
    root.set("aria-label", says)
    for parent in root.iter(f"{{{SVG}}}a"):
        _link(parent)
    for shape in root.iter():
        if shape.get("role") == "graphics-symbol" and not list(shape):
            # a layer without marks is no picture that wants a name
            del shape.attrib["role"], shape.attrib["aria-roledescription"]
        described = shape.get("aria-label")
        if described and shape is not root:
            _title(shape, described)
    root.insert(0, _hatched())
    return ET.tostring(root, encoding="unicode")


def _link(anchor: ET.Element) -> None:
    """A link in the way of SVG 2, named by its mark."""
    href = anchor.attrib.pop(f"{{{XLINK}}}href", "")
    anchor.attrib.clear()
    anchor.set("href", href[href.find("#") :])
    anchor.set("class", "mark")
    for shape in anchor:
        anchor.set("aria-label", shape.get("aria-label", ""))


def _title(shape: ET.Element, says: str) -> None:
    title = ET.Element(f"{{{SVG}}}title")
    title.text = says
    shape.insert(0, title)


def _hatched() -> ET.Element:
    attributes = {
        "id": "hatched",
        "width": "5",
        "height": "5",
        "patternUnits": "userSpaceOnUse",
        "patternTransform": "rotate(45)",
    }
    definitions = ET.Element(f"{{{SVG}}}defs")
    pattern = ET.SubElement(definitions, f"{{{SVG}}}pattern", attributes)
    ET.SubElement(pattern, f"{{{SVG}}}rect", {"width": "5", "height": "5", "fill": "#ffffff"})
    ET.SubElement(pattern, f"{{{SVG}}}rect", {"width": "2", "height": "5", "fill": INK})
    return definitions
