"""The pages of the guide: which there are, in which order, and where their text is.

A page is ``resources/guide/<language>/<key>.md``; where a language lacks one, the English page is
shown. Two pages, the keys and the glossary, are made by the program.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCollator, QLocale

from transfergui.core.base import i18n, paths
from transfergui.core.base.i18n import N_, _

KEYS, GLOSSARY = "keys", "glossary"
"""Pages that are made by the program."""

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("First steps"),
        ("first-model", "folders-and-tables", "labelling", "checking-data", "sounds", "texts"),
    ),
    (
        N_("Training"),
        (
            "backbones",
            "strategies",
            "finding-boxes",
            "other-data",
            "processes",
            "reading-curves",
            "not-learning",
            "other-computers",
            "large-data",
        ),
    ),
    (
        N_("Results"),
        (
            *("good-enough", "where-it-looks", "predicting", "live", "acting", "exporting"),
            *("sharing", "projects", "runs"),
        ),
    ),
    (
        N_("Reference"),
        (
            *("command-line", "data-settings", "formats", "benchmarks", "privacy", "limitations"),
            *(KEYS, GLOSSARY),
        ),
    ),
)
"""Titles, marked with ``N_``, and keys of the pages, in the order of the list."""

ORDER = tuple(key for _title, listed in SECTIONS for key in listed)
"""The keys of all pages, in the order of the list."""
FIRST, LABELLING, BOXES = "first-model", "labelling", "finding-boxes"
PLACES = "other-computers"

OF_PANELS = {
    "dataset": "folders-and-tables",
    "backbone": "backbones",
    "training": "strategies",
    "data": "checking-data",
    "live": "reading-curves",
    "results": "good-enough",
    "predict": "predicting",
    "export": "exporting",
    "runs": "runs",
}
"""The page about each card and stage, by the keys of both."""


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes:
        key: its file without the ending.
        text: Markdown, which begins with the title.
        folder: where its pictures are looked for.
    """

    key: str
    text: str
    folder: Path

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0].lstrip("# ")


def load(key: str, shortcuts: str) -> Page:
    """A page in the language of the window.

    Args:
        shortcuts: the page of keys, which the window makes of its commands.
    """
    if key == KEYS:
        return Page(key, shortcuts, paths.resource("guide"))
    if key == GLOSSARY:
        return Page(key, glossary(), paths.resource("guide"))
    return _read(key, i18n.language())


@functools.cache
def _read(key: str, language: str) -> Page:
    file = paths.resource("guide", language, f"{key}.md")
    if not file.is_file():
        file = paths.resource("guide", i18n.ENGLISH, f"{key}.md")
    return Page(key, file.read_text(encoding="utf-8"), file.parent)


def glossary() -> str:
    """Every term with its explanation, as Markdown."""
    from transfergui.gui.parts.terms import TERMS

    order = QCollator(QLocale(i18n.language()))  # Chinese by its sounds
    terms = sorted(
        ((_(title), _(text)) for title, text in TERMS.values()),
        key=lambda term: order.sortKey(term[0]),
    )
    entries = (f"**{title}**\\\n{text}" for title, text in terms)
    title = _("Glossary")
    return "\n\n".join([f"# {title}", *entries])


def shortcuts(tables: list[tuple[str, list[tuple[str, str]]]]) -> str:
    """The page of keys, as Markdown.

    Args:
        tables: a heading, and what each command does with its keys.
    """
    command, keys = _("Command"), _("Keyboard shortcuts")
    lines = [f"# {keys}"]
    for heading, rows in tables:
        lines += ["", f"## {heading}", "", f"| {command} | {keys} |", "| --- | --- |"]
        lines += [f"| {what.replace('|', '')} | `{key}` |" for what, key in rows]
    return "\n".join(lines)
