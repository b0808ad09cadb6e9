"""Translation by gettext: ``N_`` marks a text where declared, ``_`` translates where shown.

Texts are declared at import time (option titles, messages) but shown later, in
the language chosen by then; hence two functions. Catalogues live in
``resources/locale/<language>/LC_MESSAGES/transfergui.mo``, which are compiled from the ``.po``
files beside them when the program is installed. Where they are not, texts are English.
"""

import gettext
import locale
import os
import re
from collections.abc import Iterable
from numbers import Integral

from transfergui.core.base import paths
from transfergui.core.base.sentences.marking import N_

__all__ = [
    "N_",
    "_",
    "comma_list",
    "duration",
    "grouped",
    "in_language",
    "is_translated",
    "language",
    "languages",
    "ngettext",
    "paragraph",
    "system_language",
    "use_language",
]

DOMAIN = "transfergui"
ENGLISH = "en"
"""The language of the texts in the source."""

_language = ENGLISH
_translations: gettext.NullTranslations = gettext.NullTranslations()


def _(text: str) -> str:
    """Translate ``text`` into the language chosen with :func:`use_language`."""
    return _to_fill(_translations.gettext(text)) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Translate the singular or the plural form, whichever ``count`` asks for."""
    return _to_fill(_translations.ngettext(one, many, count))


COUNTERS = {"图片": "张", "录音": "段", "文本": "条"}
"""How Chinese counts pictures, recordings and texts; for the rest, 个 of the catalogue stays."""
COUNTED = re.compile(
    r"个(?=[^\W_类组文]{0,8}\{noun\}|预测|正确|的标签|也|曾|未使用|之中|以上|含有多个|和|[，；）])"
    r"|(?:(?<=\} )|(?<=中有一))个(?!百分点|组|类别|文件)"
)
"""The general counter before ``{noun}``, or where what was counted is not said again."""


NO_COUNTS = frozenset(
    {"code", "id", "line", "number", "pid", "port", "row", "seed", "status", "version", "year"}
)
"""Names of whole numbers in texts that are no amounts: one compares them with others, or types
them."""


class _Grouped(int):
    """A whole number whose thousands are told apart where it is written into a text."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return format(int(self), spec or ",")


class _Text(str):
    """A text with something to be filled in: whole numbers are written as everywhere, and a
    Chinese ``{noun}`` gets its counter."""

    __slots__ = ()

    def format(self, *parts: object, **values: object) -> str:
        text = str(self)
        if "个" in text and "{noun}" in text:
            text = COUNTED.sub(COUNTERS.get(str(values.get("noun")), "个"), text)
        filled = {name: _amount(name, value) for name, value in values.items()}
        return text.format(*parts, **filled)


def _amount(name: str, value: object) -> object:
    if isinstance(value, Integral) and not isinstance(value, bool) and name not in NO_COUNTS:
        return _Grouped(int(value))
    return value


def _to_fill(text: str) -> str:
    return _Text(text) if "{" in text else text


def grouped(count: int) -> str:
    """``12,345``: how whole numbers are written, in every language that there is."""
    return format(count, ",")


def in_language(text: str, language: str) -> str:
    """``text`` in a language other than the one chosen: for files that are read in several."""
    folder = paths.resource("locale")
    known = gettext.translation(DOMAIN, folder, [language], fallback=True)
    return known.gettext(text) if text else ""  # the empty text is the catalogue's header


def system_language(otherwise: str = "") -> str:
    """The user's language as a locale name such as ``zh_CN``; ``en`` where unknown.

    Args:
        otherwise: what the system says itself, where no variable of the environment does.
    """
    for variable in ("TRANSFERGUI_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "").split(":")[0].split(".")[0]
        if value and value not in ("C", "POSIX"):
            return value
    return otherwise or locale.getlocale()[0] or ENGLISH


def use_language(language: str | None = None) -> None:
    """Choose the language of :func:`_`; an unknown one falls back to English.

    Args:
        language: a locale name such as ``zh_CN``; by default the system's. Any kind of Chinese
            finds the catalogue of ``zh_CN``.
    """
    global _translations, _language  # noqa: PLW0603 - gettext.install does the same, less visibly
    _language = _catalogue_for(language or system_language())
    _translations = gettext.translation(
        DOMAIN, localedir=paths.resource("locale"), languages=[_language], fallback=True
    )
    if not is_translated():
        _language = ENGLISH


def language() -> str:
    """The locale name of the language that texts are shown in: ``en`` or ``zh_CN``."""
    return _language


def languages() -> list[str]:
    """The locale names of all languages that there are catalogues of, and English."""
    found = paths.resource("locale").glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return [ENGLISH, *sorted(path.parents[1].name for path in found)]


def is_translated() -> bool:
    """Whether there is a catalogue of the chosen language; without one, texts are English."""
    return isinstance(_translations, gettext.GNUTranslations)


def _catalogue_for(name: str) -> str:
    """The catalogue of just this language, else one of another country or script."""
    known = languages()
    base = _base(name)
    return next((each for each in known if each == name or _base(each) == base), ENGLISH)


def _base(name: str) -> str:
    """``zh`` of ``zh_CN``, ``zh-Hans`` and ``zh_Hans_CN``; Windows says ``Chinese (...)_China``."""
    first = re.split(r"[-_ .@]", name)[0].lower()
    return {"chinese": "zh"}.get(first, first)


def comma_list(parts: Iterable[str]) -> str:
    """``a, b, c``, with what the language puts between the parts of a list."""
    whole = ""
    for part in parts:
        whole = _("{first}, {next}").format(first=whole, next=part) if whole else part
    return whole


def paragraph(sentences: Iterable[str]) -> str:
    """Sentences one after another, with what the language puts between them; no empty ones."""
    whole = ""
    for sentence in filter(None, sentences):
        text = _("{first} {next}")
        whole = text.format(first=whole, next=sentence) if whole else sentence
    return whole


def duration(seconds: float) -> str:
    """``8 s``, ``3 min``, ``3 min 20 s``, ``2 h 5 min``."""
    total = round(seconds)
    hours, minutes, rest = total // 3600, total // 60 % 60, total % 60
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if minutes and rest:
        return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    if minutes:
        return _("{minutes} min").format(minutes=minutes)
    return _("{seconds} s").format(seconds=rest)
