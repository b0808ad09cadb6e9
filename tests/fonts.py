"""Cuts the typefaces in ``resources/fonts`` out of the whole ones; needs ``pip install fonttools``.

``python -m tests.fonts --inter DIR --noto NotoSansCJK-Regular.ttc``: ``DIR`` holds
``Inter_400Regular.ttf`` and ``Inter_600SemiBold.ttf`` (npm ``@expo-google-fonts/inter``), the other
file is from Debian's ``fonts-noto-cjk``. To be run again when ``tests/gui/base/test_fonts.py``
finds a Chinese character that is lacking.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import catalogue

FOLDER = catalogue.ROOT / "resources" / "fonts"
LATIN = (
    *((0x20, 0x7E), (0xA0, 0x17F), (0x192, 0x192), (0x218, 0x21B), (0x2B0, 0x2FF)),
    *((0x300, 0x304), (0x370, 0x3FF), (0x400, 0x45F), (0x2010, 0x2027), (0x202F, 0x203A)),
    *((0x2044, 0x2044), (0x2070, 0x209C), (0x20AC, 0x20AC), (0x2116, 0x2116), (0x2122, 0x2122)),
    *((0x2190, 0x2199), (0x2206, 0x2206), (0x2212, 0x2215), (0x221A, 0x221A), (0x221E, 0x221E)),
    *((0x2248, 0x2248), (0x2260, 0x2265), (0x25A0, 0x25CF), (0x2713, 0x2717)),
)
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "calt", "case"]
MORE = "阈骤噪曝锚帧钮迭疵矩晰睹涵嵌拷贝饱馈皱瞄甄叠酌冗逾赘缀瞰裁蜂鹂鹭鹦鹉猕蜥"
"""Of the second level of GB 2312, which texts about data may need."""
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""Glyphs that are equally wide, so that figures in a column compare."""


def latin() -> Iterator[int]:
    for first, last in LATIN:
        yield from range(first, last + 1)


def chinese() -> Iterator[int]:
    """The first level of GB 2312, its punctuation, and what the program and its guide say."""
    for row in (0xA1, 0xA3, *range(0xB0, 0xD8)):
        for cell in range(0xA1, 0xFF):
            yield from map(ord, bytes((row, cell)).decode("gb2312", errors="ignore"))
    said = catalogue.path_of("zh_CN").read_text(encoding="utf-8")
    pages = (catalogue.ROOT / "resources" / "guide" / "zh_CN").glob("*.md")
    said += "".join(page.read_text(encoding="utf-8") for page in pages)
    yield from (ord(c) for c in said + MORE if ord(c) > 0x2E80)


def cut(font: Any, characters: Iterator[int], name: str) -> None:
    from fontTools import subset

    options = subset.Options(hinting=False, name_IDs=["*"], notdef_outline=True)
    options.layout_features = FEATURES
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    equal_digits_only(font)
    font.save(FOLDER / name)


def equal_digits_only(font: Any) -> None:
    """Inter widens hyphens, spaces and brackets along with the digits: "Fine- tuning"."""
    rules = font["GSUB"].table
    features = [each for each in rules.FeatureList.FeatureRecord if each.FeatureTag == "tnum"]
    for at in {at for each in features for at in each.Feature.LookupListIndex}:
        for table in rules.LookupList.Lookup[at].SubTable:
            found = getattr(table, "ExtSubTable", table)
            kept = {name: new for name, new in found.mapping.items() if name in DIGITS}
            found.mapping = kept


def main() -> None:
    from fontTools.ttLib import TTCollection, TTFont

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inter", type=Path)
    parser.add_argument("--noto", type=Path)
    given = parser.parse_args()
    if given.inter:
        for whole, name in (("400Regular", "Regular"), ("600SemiBold", "SemiBold")):
            cut(TTFont(given.inter / f"Inter_{whole}.ttf"), latin(), f"Inter-{name}.ttf")
    if given.noto:
        faces = {face["name"].getDebugName(4): face for face in TTCollection(given.noto).fonts}
        cut(faces["Noto Sans CJK SC"], chinese(), "NotoSansSC-Regular.otf")


if __name__ == "__main__":
    main()
