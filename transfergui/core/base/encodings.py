"""Guessing how a text was encoded: spreadsheets and zips rarely say."""

import codecs

MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # begins as that of UTF-16
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
MOST_BROKEN = 0.1
"""Of all that is not ASCII, so much may be broken in a text that is UTF-8 all the same, as in a
table that was put together of several ones."""
CHINESE = 0.9
"""The share of foreign characters that must be common ones for a text to be taken for Chinese."""


def encoding_of(head: bytes, otherwise: str = "cp1252") -> str:
    """The likely encoding of a text that begins with ``head``.

    A byte-order mark decides; then UTF-8; Chinese, if it reads as common characters
    (nearly any bytes are some character of GB 18030); at last ``otherwise``.
    """
    for mark, name in MARKS.items():
        if head.startswith(mark):
            return name
    if head[:3] == b"\0\0\0" or head[1:4] == b"\0\0\0":
        return "utf-32-be" if head[0] == 0 else "utf-32-le"
    if b"\0" in head[:2]:  # no text begins with this character: half of an ASCII one
        return "utf-16-be" if head[0] == 0 else "utf-16-le"
    candidates = ("utf-8", "gb18030", otherwise)
    if not _reads_as(head, "utf-8") and _is_broken_utf8(head):
        return "utf-8"
    return next((name for name in candidates if _reads_as(head, name)), "latin-1")


def _is_broken_utf8(head: bytes) -> bool:
    """Whether nearly all that is not ASCII reads as UTF-8: in other encodings hardly any does."""
    foreign = [character for character in head.decode("utf-8", "replace") if ord(character) > 127]
    broken = foreign.count("\ufffd")
    return broken <= MOST_BROKEN * len(foreign)


def _reads_as(head: bytes, encoding: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return encoding != "gb18030" or _looks_chinese(text)


def _looks_chinese(text: str) -> bool:
    foreign = "".join(c for c in text if ord(c) > 127)
    common = foreign.encode("gb2312", "ignore").decode("gb2312")
    return len(common) >= CHINESE * len(foreign)
