"""Text of a chart stays text: all of it is seen, and no mark-up and no link comes of it."""

import re
from html import unescape
from unicodedata import category

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from linkify_it import LinkifyIt  # type: ignore[import-untyped]
from linkify_it.tlds import TLDS  # type: ignore[import-untyped]
from markdown_it import MarkdownIt

from service.escaped_text import in_markdown, unlinked, visible

pytestmark = pytest.mark.slow

# Finds bare addresses under every top-level domain, and IP addresses: more than any renderer does by itself.
LINKIFY = LinkifyIt(options={"fuzzy_link": True, "fuzzy_email": True, "fuzzy_ip": True}).tlds(TLDS)


def linkifying(preset: str) -> MarkdownIt:
    renderer = MarkdownIt(preset, {"linkify": True, "html": True})
    renderer.linkify = LINKIFY
    return renderer.enable("linkify")


RENDERERS = {
    "CommonMark": MarkdownIt("commonmark"),
    "with tables": MarkdownIt("commonmark").enable(["table", "strikethrough"]),
    "like GitHub": MarkdownIt("gfm-like"),
    "every address linked": linkifying("gfm-like"),
    "typographer": MarkdownIt("default", {"typographer": True, "html": True}),
}
TAG = re.compile(r"<(?!/?(?:p|ul|li)>)")
# What GFM links without being asked, after entities are read and backslashes are gone; markdown-it looks
# for the first two itself, cmark-gfm and remark-gfm for all.
AUTOLINK = re.compile(
    r"(?i)(https?|ftp)://\w|\bwww\.\w|[-.\w+]+@[-\w]+\.[-\w]+|\b(?:mailto|xmpp):\S"
)
BARE = re.compile(r"[^\s.]\.[^\W\d_]{2}|[/\\]{2}|@\S")
# Shown by nothing or as a gap, though Unicode calls them letters, marks or signs.
BLANK = {*"\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\U0001d159"}
BLANK |= {chr(number) for first in (0xFE00, 0xE0100) for number in range(first, first + 16)}
INVISIBLE = [
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u180b", "\u180e", "\u200b"),
    *("\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"),
    *("\u2060", "\u2061", "\u2066", "\u2067", "\u2068", "\u2069", "\u206a", "\u206f", "\u2800"),
    *("\u3164", "\ufe00", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\ufffb", "\U0001d159"),
    *(
        "\U0001bca0",
        "\U0001d173",
        "\U000e0001",
        "\U000e0041",
        "\U000e007f",
        "\U000e0100",
        "\U000e01ef",
    ),
    *(
        "\x00",
        "\x07",
        "\x08",
        "\x0b",
        "\x1b[31m",
        "\x1b]8;;http://a.example\x07",
        "\x7f",
        "\x85",
        "\x9b2J",
    ),
    *("\u2028", "\u2029", "\u00a0", "\u2003", "\u3000", "\u1680", "\ue000", "\U0010ffff", "\r\n"),
]
MARK_UP = [
    *("**bold**", "_it_", "~~gone~~", "`code`", "[a](b)", "![a](b)", "*a", "a*", "__", "\\", "\\*"),
    *("<b>", "</p>", "&lt;", "&#60;", "&amp;", "<!--", "-->", "<script>", "javascript:alert(1)"),
    *(
        "a|b",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "# ",
        "1. ",
        "1) ",
        "- ",
        "+ ",
        "* ",
        "> ",
        "---",
        "===",
        "```",
    ),
    *(
        "[x]: http://a.example",
        "[^1]",
        "[^1]: a",
        "^[a]",
        "[[a]]",
        "<http://a.example>",
        "<me@a.example>",
    ),
    *(
        "&colon;",
        "&#58;",
        "&period;",
        "&sol;",
        "&commat;",
        "&#x2e;",
        "&zwnj;",
        "{{ 7 * 7 }}",
        "{% raw %}",
    ),
]
ADDRESSES = [
    *(
        "http://a.example",
        "https://a.example",
        "HTTPS://A.EXAMPLE",
        "https: //evil.com",
        "http:",
        "//",
    ),
    *(
        "www.a.example",
        "wWw.a.example",
        "www.",
        "evil.com/login",
        "evil.com",
        "EVIL.Co.Uk",
        "x.рф",
        "x.भारत",
    ),
    *(
        "xn--e1afmkfd.xn--p1ai",
        "me@a.example",
        "@",
        "mailto:me@a.example",
        "ftp://a.example/x",
        "tel:+123",
    ),
    *(
        "localhost",
        "//localhost/x",
        "127.0.0.1",
        "127.0.0.1:80/x",
        "//127.0.0.1",
        "[::1]",
        "\\\\a\\b",
    ),
    *(
        "evil\u3002com",
        "evil\uff0ecom",
        "\uff0f\uff0fevil.com",
        "me\uff20a.com",
        "xmpp:me@a.example/x",
    ),
    *(
        ".com",
        "evil",
        ".",
        ":",
        "/",
        "com",
        "www",
        "https",
        "a.co",
        "file:///etc",
        "sms:5",
        "data:text/html,x",
    ),
]
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="aec./:@w\\-_*&;#[]()<> 1\u200b\u00ad\u3002", max_size=40),
    st.lists(st.sampled_from([*MARK_UP, *ADDRESSES, *INVISIBLE]), min_size=1, max_size=7).map(
        "".join
    ),
)


@pytest.mark.conforms("CARD-09")
@settings(deadline=None)
@given(HOSTILE)
@example("a\n\n<img src=x onerror=alert(1)>")
@example("[x](javascript:alert(1))")
@example("\\*a\\*")
@example("https: //evil.com")
@example("evil.com/login")
def test_any_text_is_one_paragraph_without_mark_up_or_link_in_every_renderer(text: str) -> None:
    for name, renderer in RENDERERS.items():
        for before, lines in (("Says: ", "<p>"), ("- ", "<li>"), ("", "<p>")):
            html = renderer.render(f"{before}{in_markdown(text)}")
            assert TAG.search(html) is None, name
            assert html.count(lines) == 1 or not in_markdown(text).strip(), name


@settings(deadline=None)
@given(HOSTILE)
def test_no_address_is_left_in_what_a_reader_sees(text: str) -> None:
    seen = unescape(RENDERERS["CommonMark"].render(f"Says: {in_markdown(text)}"))[3:-5]
    for shown in (seen, unlinked(text), unescape(in_markdown(text))):
        assert AUTOLINK.search(shown) is None
        assert not LINKIFY.match(shown)
    assert BARE.search(unlinked(text).replace("...", "")) is None


@given(HOSTILE)
def test_no_text_holds_what_cannot_be_seen(text: str) -> None:
    for shown in (visible(text), unlinked(text), in_markdown(text)):
        assert shown.isprintable()
        assert not set(shown) & BLANK
        assert not {category(sign) for sign in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=60))
def test_text_reads_as_it_was_written(text: str) -> None:
    html = RENDERERS["CommonMark"].render(f"Says: {in_markdown(text)}")
    shown = unescape(html.removeprefix("<p>Says:").removesuffix("</p>\n")).strip()
    # A space parts an address or stands for a blank letter; the text drawn here has none of its own.
    written = visible(text)
    assert shown.replace(" ", "") == written.replace(" ", "")
    assert [sign for sign in text if sign not in BLANK] == [s for s in written if s != " "]


@pytest.mark.parametrize("hidden", INVISIBLE, ids=ascii)
def test_an_address_hidden_by_what_cannot_be_seen_is_no_link(hidden: str) -> None:
    for text in (f"https{hidden}://evil{hidden}.com", f"evil.{hidden}com", f"me@{hidden}evil.com"):
        assert not LINKIFY.match(unlinked(text))
        assert "<a" not in RENDERERS["every address linked"].render(in_markdown(text))


@pytest.mark.parametrize(
    "text",
    [
        *("0.1 %", "e.g. methotrexate", "10:30", "90 days' supply", "ratio 1:2", "http is a word"),
        *("tacrolimus 0.001 MG/MG Topical Ointment (listed)", "5% ointment", "1.5 mg", "at 8 a.m."),
        *(
            "L20.9",
            "J45.50, moderate",
            "10-20 mg",
            "q.i.d.",
            "p.r.n.",
            "Dr. Miller",
            "i.e. none",
            "N/A",
        ),
        *(
            "600 mg once, then 300 mg every 14 days (2026-11-20 to 2026-12-03)",
            "IGA 3 (severe)",
            "-2.5 SD",
        ),
        *(
            "≥ 10 % BSA",
            "L.5.01.513",
            "St. Luke's/Baptist",
            "2.16.840.1.113883",
            "wait ...",
            "@ night",
        ),
    ],
)
def test_usual_text_stays_as_it_is(text: str) -> None:
    assert in_markdown(text) == unlinked(text) == visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("evil.com/login", "evil. com/login"),
        ("https://evil.com", "https: / /evil. com"),
        ("me@evil.com", "me@ evil. com"),
        ("www.x.de", "www. x. de"),
        ("10.0.0.1", "10. 0.0.1"),
        ("S.aureus", "S. aureus"),
        ("meth\u00adotrexate\u202e 5\u00a0mg", "methotrexate 5 mg"),
        ("A\x1b[31m plan\n", "A [31m plan "),
    ],
)
def test_a_space_breaks_an_address_and_a_gap_is_a_space(text: str, shown: str) -> None:
    assert unlinked(text) == shown
