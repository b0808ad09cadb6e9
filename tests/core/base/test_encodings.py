"""How a text was encoded, by its beginning."""

import pytest

from transfergui.core.base.encodings import encoding_of
from transfergui.core.reading.parsing import parser

TEXTS = ("text,label\nhello,a\nno,b\n", "text,label\n\u866b,a\n\u732b,b\n")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_unicode_is_told_with_and_without_a_mark(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    assert data.decode(encoding_of(data)).removeprefix("\ufeff") == text
    rows = list(parser.parse("x.csv", data).rows.values())
    assert rows == [line.split(",") for line in text.split()]


def test_the_mark_of_utf_32_of_either_order() -> None:
    for order in ("utf-32-le", "utf-32-be"):
        data = "\ufefftext".encode(order)
        assert data.decode(encoding_of(data)) == "text"


def test_one_broken_line_does_not_change_how_the_others_are_read() -> None:
    line = "café, Grüße, 你好, naïve\n".encode()
    assert encoding_of(line * 40 + "brûlée\n".encode("cp1252")) == "utf-8"
    assert encoding_of("brûlée, café\n".encode("cp1252") * 40) == "cp1252"
    assert encoding_of("味道很好，下次再来\n".encode("gb18030") * 40) == "gb18030"
