"""The guide: its pages, what they name, and the window that shows them."""

import argparse
import functools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.theme import use_light_theme
from transfergui.cli import setting_names
from transfergui.cli.parser import make_parser
from transfergui.core import registry
from transfergui.core.base import paths
from transfergui.gui.guide import pages, render, search
from transfergui.gui.guide.window import GuideWindow
from transfergui.gui.panels import CARDS, STAGES
from transfergui.gui.parts.terms import TERMS

LANGUAGES = sorted(
    folder.name for folder in paths.resource("guide").iterdir() if any(folder.iterdir())
)
WRITTEN = [key for key in pages.ORDER if key not in (pages.KEYS, pages.GLOSSARY)]
FILES = [
    paths.resource("guide", language, f"{key}.md") for language in LANGUAGES for key in WRITTEN
]
SETTING = re.compile(r"(?:data|split|head|optim|run|input|augment|options|objective)(?:\.[a-z_]+)+")
SHORTCUTS = pages.shortcuts([("In the window", [("Train", "Ctrl+R")])])


def named(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


@pytest.fixture
def guide(qtbot: QtBot, qapp: QApplication) -> Iterator[GuideWindow]:
    use_light_theme(qapp)
    parent = QWidget()
    qtbot.addWidget(parent)
    window = GuideWindow(parent, SHORTCUTS, lambda: {"ladybird": "cat & dog", "RUN": "runs/a"})
    yield window
    window.close()


# -- the pages


def test_every_page_is_there_in_every_language_and_no_other() -> None:
    for language in LANGUAGES:
        found = {file.stem for file in paths.resource("guide", language).iterdir()}
        assert found == set(WRITTEN), language


def test_every_panel_has_a_page() -> None:
    assert set(pages.OF_PANELS) == {row.key for row in (*CARDS, *STAGES)}
    assert set(pages.OF_PANELS.values()) <= set(WRITTEN)


@pytest.mark.parametrize("file", FILES, ids=named)
def test_links_and_pictures_lead_somewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for target in render.links(text):
        if target.startswith("https://"):
            continue
        name, _sharp, anchor = target.partition("#")
        other = (file.parent / name).resolve() if name else file
        assert other.is_file(), target
        if anchor:
            assert anchor in render.anchors(other.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("file", FILES, ids=named)
def test_commands_and_settings_of_the_program_are_named(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    parser = _parser()
    for line in re.findall(r"(?:^|`|&& |\| )(transfergui [^`\n|&]*)", text, re.M):
        words = shlex.split(line.rstrip("\\ ").replace("$", ""))[1:]
        if len(words) > 1 and words[0] != "COMMAND" and "--help" not in words:
            parser.parse_args(words)
    code = " ".join(re.findall(r"```.*?```|`[^`]+`", text, re.S))
    assert set(SETTING.findall(code)) <= _settings() | {"data.rename", "data.options", "split.json"}


@functools.cache
def _parser() -> argparse.ArgumentParser:
    return make_parser()


@functools.cache
def _settings() -> set[str]:
    """The paths of all settings of all modalities, strategies and objectives."""
    listed = set(re.findall(r"^  ([a-z_.]+)=", "\n".join(setting_names.help_lines()), re.M))
    structs = (row.options for row in registry.OBJECTIVES)
    return listed | {f"objective.{name}" for each in structs for name in each.__struct_fields__}


def test_strategies_that_use_other_data_are_called_as_in_the_window() -> None:
    text = paths.resource("guide", "en", "other-data.md").read_text(encoding="utf-8")
    for row in registry.STRATEGIES:
        assert not row.needs or f"**{row.title}**, `{row.key}`" in text, row.key


def test_the_glossary_and_the_keys_are_pages() -> None:
    glossary = pages.load(pages.GLOSSARY, SHORTCUTS)
    assert all(title in glossary.text for title, _text in TERMS.values())
    assert "| Train | `Ctrl+R` |" in pages.load(pages.KEYS, SHORTCUTS).text


# -- how they are drawn


def test_names_are_filled_in_in_code_only() -> None:
    from transfergui.gui.base.style import LIGHT

    text = "A ladybird: `ladybird`.\n\n```sh\ntransfergui predict RUN RUNS\n```"
    body = render.to_html(text, LIGHT, 600, {"ladybird": "cat & dog", "RUN": "runs/a"})
    assert "A ladybird: <code>cat &amp; dog</code>" in body
    assert "transfergui predict runs/a RUNS" in body


def test_all_words_are_searched_in_what_is_read() -> None:
    found = search.search([pages.load(key, SHORTCUTS) for key in pages.ORDER], "Overfitting")
    assert {"reading-curves", "not-learning", "glossary"} <= {one.page.key for one in found}
    (found,) = search.search([pages.load("sounds", "")], "Is there a spectrogram, zebra?")
    assert found.words == 1
    assert search.search([pages.load("sounds", "")], "birds.md") == []


@pytest.mark.parametrize(
    ("query", "first"),
    [("can I trust my model", "good-enough"), ("save predictions", "predicting")],
)
def test_sentences_find_the_page_that_they_are_about(query: str, first: str) -> None:
    found = search.search([pages.load(key, SHORTCUTS) for key in pages.ORDER], query)
    assert found[0].page.key == first


# -- the window


def test_a_link_leads_to_a_page_and_back_returns(guide: GuideWindow) -> None:
    guide.show_page("first-model")
    guide.follow("checking-data.md#group-by")
    assert "Checking your data" in guide.browser.toPlainText()
    guide.back()
    assert "Your first model" in guide.browser.toPlainText()
    guide.forward()
    assert "Checking your data" in guide.browser.toPlainText()


def test_a_document_beside_the_guide_opens_in_the_window(guide: GuideWindow) -> None:
    guide.show_page("backbones")
    guide.follow("../../backbones/tgnet.md")
    assert "Tiny ImageNet" in guide.browser.toPlainText()
    assert guide.list.currentItem() is None
    guide.follow("https-nothing.md")
    guide.back()
    assert guide.browser.toPlainText().startswith("Backbones")


def test_the_users_own_names_stand_in_the_examples(guide: GuideWindow) -> None:
    guide.show_page("exporting")
    assert "cat & dog" in guide.browser.toPlainText()
    assert "names of your open data" in guide.browser.toPlainText()
    assert "transfergui export runs/a --format" in guide.browser.toPlainText()


def test_a_search_lists_pages_and_marks_hits(guide: GuideWindow) -> None:
    guide.field.setText("overfitting")
    guide._search()
    assert guide.list.count() >= 3
    assert guide.browser.extraSelections()
    first = guide.browser.textCursor().position()
    guide.field.setFocus()
    guide.show()
    QTest.keyClick(guide.field, Qt.Key.Key_Return)
    assert guide.browser.textCursor().position() != first
    QTest.keyClick(guide.field, Qt.Key.Key_Escape)
    assert guide.field.text() == ""
    assert guide.isVisible()


def test_pictures_are_as_wide_as_the_text_at_most(guide: GuideWindow) -> None:
    guide.show_page("good-enough")
    guide.resize(1600, 900)
    guide.show()
    assert guide.browser.document().idealWidth() <= guide.browser.viewport().width()
    frame = guide.browser.document().rootFrame().frameFormat()
    assert guide.browser.viewport().width() - 2 * frame.leftMargin() <= render.COLUMN + 1
