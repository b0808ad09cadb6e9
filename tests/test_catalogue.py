"""Every translation is complete, and says what the English text says, in the same places."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests import catalogue
from tests.catalogue import KEYWORDS, LANGUAGES, LOCALE, ROOT
from transfergui.core.base import i18n, paths

COMPLETE: tuple[str, ...] = ("zh_CN",)
"""The languages of which nothing may be missing."""


def of(*texts: str | tuple[str, str]) -> Catalog:
    """A Chinese catalogue of these texts, none translated."""
    made = Catalog(locale="zh_CN")
    for text in texts:
        made.add(text, locations=[("cli/data.py", 0)])
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_wrong(language: str) -> None:
    assert catalogue.faults(catalogue.read(language)) == []


@pytest.mark.parametrize("language", COMPLETE)
def test_every_text_is_translated(language: str) -> None:
    """Else: ``python -m tests.catalogue``, and translate what ``--todo`` prints."""
    known = catalogue.read(language)
    said = {catalogue.written_key(entry) for entry in catalogue.extracted() if entry.id}
    translated = {catalogue.written_key(entry) for entry in known if entry.id}
    assert said - translated == set()
    assert translated - said == set(), "no longer used"
    assert not known.obsolete
    assert [catalogue.written_key(entry) for entry in catalogue.untranslated(known)] == []


def test_texts_of_every_kind_of_file_are_found() -> None:
    found = {Path(file).suffix for entry in catalogue.extracted() for file, _ in entry.locations}
    assert {".py", ".html"} <= found
    assert all(
        not file.startswith("tests") for e in catalogue.extracted() for file, _ in e.locations
    )


def test_every_marked_text_is_found() -> None:
    """Babel does not look into f-strings before Python 3.12: take the call out."""
    found = {catalogue.key(entry) for entry in catalogue.extracted() if entry.id}
    marked = set()
    for file in (ROOT / "transfergui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in KEYWORDS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                marked.add(node.args[0].value)
    assert marked - {""} <= found


def test_every_catalogue_is_one_of_the_languages() -> None:
    assert {path.parents[1].name for path in LOCALE.glob("*/*/*.po")} == set(LANGUAGES)


@pytest.mark.parametrize(
    ("text", "translation", "fault"),
    [
        ("{count} files in {path}", "{path} 中有 {count} 个文件", ""),
        ("{count} files in {path}", "{count} 个文件", "places"),
        ("{share:.1f} %", "{share} %", "places"),
        ("{name} is empty.", "{名称}为空。", "places"),
        ("{name} is empty.", "{name 为空。", "places"),
        ("See <b>Runs</b>", "参见<b>训练记录</b>", ""),
        ("See <b>Runs</b>", "参见训练记录", "tags"),
        ("Use `--json`.", "使用 --json。", "tags"),
        ("Name: ", "名称：", "edges"),
        ("One.\n", "一。\n", ""),
        ("&Open…", "打开(&O)…", ""),
        ("&Open…", "打开…", "&"),
        ("Drag & drop", "拖放", ""),
        ('Labels as JSON: {"a": 1}', 'JSON 标签：{"a": 1}', ""),
    ],
)
def test_a_translation_that_breaks_its_text_is_found(
    text: str, translation: str, fault: str
) -> None:
    made = of(text)
    refused = catalogue.fill(made, {text: translation})
    assert [each for each in refused if f": {fault}" in each] == refused
    assert bool(refused) == bool(fault)
    assert catalogue.untranslated(made) == ([made[text]] if fault else [])


def test_translators_fill_in_what_they_are_given() -> None:
    made = of("Cancel", ("{count} file", "{count} files"))
    given = json.loads(json.dumps(catalogue.todo(made)))
    assert given == {"cli/data.py": {"Cancel": "", "{count} file ||| {count} files": [""]}}
    assert catalogue.fill(made, given) == []  # nothing is filled in yet
    given["cli/data.py"] = {"Cancel": "取消", "{count} file ||| {count} files": ["{count} 个文件"]}
    assert catalogue.fill(made, given) == []
    assert catalogue.todo(made) == {}
    assert "no such text" in catalogue.fill(made, {"Chancel": "取消"})[0]
    two = {"{count} file": ["{count} 个文件", "{count} 个文件"]}
    assert "plural forms" in catalogue.fill(made, two)[0]


def test_a_changed_text_starts_again_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, now = of("Cancel", "Stop"), of("Cancel", "Stop now")
    catalogue.fill(before, {"Cancel": "取消", "Stop": "停止"})
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogue, "extracted", lambda: now)
    catalogue.write("zh_CN", before)
    catalogue.write("zh_CN", catalogue.brought_up_to_date("zh_CN"))
    after = {entry.id: entry.string for entry in catalogue.read("zh_CN") if entry.id}
    assert after == {"Cancel": "取消", "Stop now": ""}
    assert 'Stop"' not in catalogue.path_of("zh_CN").read_text("utf-8")


SHOWING = (
    *("QLabel", "QPushButton", "QToolButton", "QCheckBox", "QAction", "QGroupBox", "WrappedLabel"),
    *("setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName"),
    *("addAction", "addMenu", "addButton", "addItem", "addTab", "setStatusTip", "setWhatsThis"),
    *("say", "result", "complain", "print", "add_parser", "show_message", "setSuffix"),
)
"""What shows its first arguments to people."""


def plain_texts(node: ast.expr) -> Iterator[str]:
    """Words that are written out, not keys in one word, names in capitals, or units."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    for part in parts:
        text = part.value if isinstance(part, ast.Constant) else ""
        if isinstance(text, str) and not (text.islower() and text.isalpha()):
            yield from re.findall(r"(?<![\w.{%-])[A-Z]?[a-z]{2,}(?![\w.}=>])", text)


WRITTEN_SO = ("qt", "transfergui", "data", "options", "set", "ms")
"""Names that are the same in every language: the program, its settings, units, tags."""


@pytest.mark.parametrize("folder", ["cli", "gui"])
def test_what_is_shown_is_marked(folder: str) -> None:
    """A literal without ``_`` stays English."""
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {word}"
        for path in sorted((ROOT / "transfergui" / folder).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in SHOWING
        for given in (*call.args[:2], *(k.value for k in call.keywords if k.arg == "help"))
        for word in plain_texts(given)
        if word not in WRITTEN_SO and ast.unparse(call.func) != "commands.add_parser"
    ]
    assert wrong == []


def test_what_is_not_translated_yet_is_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = of("Cancel", ("{count} file", "{count} files"))
    catalogue.fill(half, {"Cancel": "取消"})
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    catalogue.write("zh_CN", half)
    monkeypatch.undo()
    catalogue.compile_all(tmp_path)
    monkeypatch.setattr(paths, "resource", lambda *parts: tmp_path)
    i18n.use_language("zh_CN")
    assert (i18n._("Cancel"), i18n.ngettext("{count} file", "{count} files", 2)) == (
        "取消",
        "{count} files",
    )
    monkeypatch.undo()
    i18n.use_language("en")
