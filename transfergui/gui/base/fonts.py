"""The typeface of the window: Inter, which comes with the program, and a Chinese one beside it.

Where the system has no Chinese typeface, as in a container, a part of Noto Sans SC that comes with
the program is loaded: the 3755 characters of the first level of GB 2312, and punctuation.
"""

import functools
import logging

from PySide6.QtGui import QFontDatabase

from transfergui.core.base import paths

log = logging.getLogger(__name__)

CHINESE = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "WenQuanYi Micro Hei"),
)
"""Typefaces for Simplified Chinese, the best ones first. Others show some characters as Japanese
has them."""


@functools.cache
def families() -> tuple[str, ...]:
    """Where a character is looked for, in this order; the system looks further by itself."""
    own = dict.fromkeys(_load("Inter-Regular.ttf") + _load("Inter-SemiBold.ttf"))
    known = set(QFontDatabase.families())
    chinese = [name for name in CHINESE if name in known][:1]
    if not chinese and not QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        chinese = _load("NotoSansSC-Regular.otf")
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return (*own, *chinese, system)


def _load(name: str) -> list[str]:
    """The families in a file of ``resources/fonts``; none where it cannot be read."""
    number = QFontDatabase.addApplicationFont(str(paths.resource("fonts", name)))
    if number < 0:
        log.warning("the typeface %s cannot be loaded", name)
        return []
    return QFontDatabase.applicationFontFamilies(number)
