"""The picture of a timeline: static SVG, each mark named."""

from xml.etree import ElementTree as ET

from support.order_stories import WORDS, advised

from service.pages.story.timeline_chart import SVG, timeline_svg
from service.pages.story.timeline_marks import Mark, order_timeline


def picture(name: str, extra: Mark | None = None) -> ET.Element:
    judgement = advised(name).judgement
    timeline = order_timeline(WORDS, judgement.assessed.case, judgement.assessment)
    assert timeline is not None
    if extra is not None:
        timeline.lanes[0].marks.append(extra)
    return ET.fromstring(timeline_svg(WORDS, timeline))  # noqa: S314 - our own picture


def test_picture_is_one_file_in_which_each_mark_leads_to_its_criterion() -> None:
    root = picture("p001-claims")
    links = root.findall(f".//{{{SVG}}}a")
    assert len(links) >= 8
    assert all(link.get("href", "").startswith("#t-ad.initial.") for link in links)
    assert all(link.get("aria-label") for link in links)
    titles = [title.text or "" for title in root.iter(f"{{{SVG}}}title")]
    assert any("tacrolimus" in title and "paid claim" in title for title in titles)
    assert any(title == "42 days asked for" for title in titles)
    assert root.get("aria-label", "").startswith("What the record shows")


def test_layer_without_marks_is_no_picture_that_lacks_a_name() -> None:
    pictures = [
        group for group in picture("renewal-worse").iter() if group.get("role") == "graphics-symbol"
    ]
    assert pictures
    assert all(len(group) for group in pictures)


def test_colours_are_attributes_so_that_a_page_needs_no_inline_style() -> None:
    drawn = ET.tostring(picture("p001-claims"), encoding="unicode")
    assert " style=" not in drawn
    assert "<style" not in drawn
    assert "<script" not in drawn


def test_text_of_a_chart_stays_text() -> None:
    hostile = '</text><script>alert(1)</script>&"'
    day = advised("p001-claims").judgement.assessed.case.day
    root = picture("p001-claims", Mark("claim", day, None, hostile, hostile, "x"))
    assert not [each for each in root.iter() if each.tag.endswith("script")]
    assert hostile in {each.get("aria-label") for each in root.iter()}


def test_lane_whose_entries_all_have_no_day_is_drawn_without_marks() -> None:
    judgement = advised("p001-claims").judgement
    timeline = order_timeline(WORDS, judgement.assessed.case, judgement.assessment)
    assert timeline is not None
    before = timeline_svg(WORDS, timeline)
    timeline.lanes[0].marks.clear()
    after = timeline_svg(WORDS, timeline)
    assert timeline.lanes[0].title in after
    assert after.count("<a ") < before.count("<a ")
