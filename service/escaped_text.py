"""Text of charts and documents made fit to be shown: all of it is seen, no link or mark-up comes of it.

`visible` is for every place (terminal, page, twin), `unlinked` for places where a client may turn an
address into a link, `in_markdown` for the details of cards. Nothing else in the service does this.
"""

import re
import string

# Shown as a gap: control characters, separators, spaces other than the usual one, and blank letters
# (Hangul fillers, the empty braille pattern, the null notehead).
_BLANK = (
    "\x00-\x1f\x7f-\xa0\u115f\u1160\u1680\u2000-\u200a"
    "\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0\U0001d159"
)
_GAP = re.compile(f"[{_BLANK}][ {_BLANK}]*")
# Not shown at all, though `str.isprintable` is true: the joiner of graphemes, Khmer inherent vowels, and
# variation selectors (Unicode, Default_Ignorable_Code_Point).
_IGNORED = re.compile("[\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0000-\U000e0fff]+")

# Where a space keeps text from being read as an address, by the rules of GFM, of linkify-it and of
# detectors in mail programs and telephones: behind a scheme, between two slashes, behind an `@` or `www.`,
# before a dot's two letters. Renderers decode entities and take backslashes away before they look for
# addresses, so only a space helps. Marks of full width count as the usual ones.
_SCHEMES = (
    *("https", "http", "ftps", "ftp", "sftp", "file", "mailto", "xmpp", "tel", "sms"),
    *("javascript", "vbscript", "data"),
)
_BEHIND_SCHEME = "|".join(rf"(?<=\b{scheme}.)" for scheme in _SCHEMES)
# speed: it begins with the marks, so that a text of 80 characters takes 1 µs; by the schemes first 40
_ADDRESS = re.compile(
    rf"""(?x) [:@./\\\uff0e\u3002\uff61\u2024\uff1a\uff0f\uff20] (?=\S) (?:
      (?<=[/\\\uff0f]) (?=[/\\\uff0f])
    | (?<=[@\uff20])
    | (?<=[:\uff1a]) (?i:{_BEHIND_SCHEME})
    | (?<=[^\s.][.\uff0e\u3002\uff61\u2024]) (?: (?i:(?<=\bwww.)) | (?=[^\W\d_](?:[^\W\d_]|[^\x00-\x7f])) )
    )"""
)
DOTS_OF_IPV4 = 3
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}\.(?=\d{1,3}\.\d{1,3}\.\d{1,3}(?!\d|\.\d))")
_MARK_UP = re.compile(r"[\\`*_\[\]|~#]")
# At the start of a line: an item of a list, a line across, a heading's underline.
_OF_A_LINE = re.compile(r"(?:\d{1,9}(?=[.)](?:\s|$))|(?=[-+=](?:[-+=\s]|$)))")
_HARMLESS = str.maketrans("", "", string.ascii_letters + string.digits + " %,;()?'≥≤…")
# A text of such signs alone may hold an address, and no mark-up.
_OF_ADDRESSES = ".:/+-"


def visible(text: str) -> str:
    """The text without what cannot be seen: control, bidi and invisible characters; gaps are spaces."""
    if text.isascii():
        return text if text.isprintable() else _GAP.sub(" ", text)
    text = _IGNORED.sub("", _GAP.sub(" ", text))
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def unlinked(text: str) -> str:
    """Visible text in which a space breaks every address, so that no client makes a link of it."""
    text = visible(text)
    # speed: to look first takes 2 µs for a text without an address, to replace at once 8
    if _ADDRESS.search(text):
        text = _ADDRESS.sub(r"\g<0> ", text)
    return _IPV4.sub(r"\g<0> ", text) if text.count(".") >= DOTS_OF_IPV4 else text


def in_markdown(text: str) -> str:
    """Unlinked text for Markdown (CommonMark, GFM): rendered, it is one line of plain text.

    The line may begin with it. HTML is escaped too.
    """
    left = text.translate(_HARMLESS)
    if not left:
        return _escaped_start(text)
    text = unlinked(text)
    if left.strip(_OF_ADDRESSES):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = _MARK_UP.sub(r"\\\g<0>", text)
    return _escaped_start(text)


def _escaped_start(text: str) -> str:
    if text[:1].isspace():
        text = text.lstrip()
    return _OF_A_LINE.sub(r"\g<0>\\", text, count=1) if _OF_A_LINE.match(text) else text
