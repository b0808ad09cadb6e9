"""Going through likely label errors: a key for each decision, all of which can be undone."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from tests.gui.conftest import open_data, rest
from transfergui.core import registry
from transfergui.core.base import options
from transfergui.core.checks.check import Finding, Flagged
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base import file_dialogs
from transfergui.gui.checks.label_review import LabelReview
from transfergui.gui.panels.correction_export import export_corrections
from transfergui.gui.session.session import Session

PATHS = [f"class_0/{number:02}.png" for number in range(5)]
NEXT = "class_0/05.png"


def _finding() -> Finding:
    others = ("class_0/06.png", "class_1/00.png", "class_1/01.png")
    likely = [Flagged(path, others, "class_0", "class_1", 0.9 - n / 10)
              for n, path in enumerate(PATHS)]  # fmt: skip
    return Finding("label_errors", flagged=(*likely, Flagged(NEXT, others, "class_0", "class_2")))


def _decode(path: Path, large: bool = False, /) -> Preview:
    modality = registry.modality("image")
    return modality.preview(path, options.check({}, modality.input_options), large)


@pytest.fixture
def review(qtbot: QtBot, session: Session, tmp_path: Path) -> LabelReview:
    open_data(qtbot, session, make_tiny_pictures(tmp_path / "beetles", classes=3, per_class=8))
    rest(qtbot, session)
    made = LabelReview(session, _finding(), _decode)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    return made


def test_one_key_decides_about_each_and_the_next_one_follows(
    qtbot: QtBot, session: Session, review: LabelReview
) -> None:
    assert list(review.list.paths) == PATHS
    assert review.list.selected() == PATHS[:1]
    assert review.given.thumbnails.paths == ["class_0/06.png"]
    assert review.suggested.thumbnails.paths == ["class_1/00.png", "class_1/01.png"]
    assert review.train.isHidden()
    for key in "KRX":
        qtbot.keyClick(review.list, key)
    data = session.recipe.data
    assert data.confirmed == {PATHS[0]: "class_0"}
    assert data.relabel == {PATHS[1]: "class_1"}
    assert data.exclude == (PATHS[2],)
    assert review.list.selected() == [PATHS[3]]
    assert not review.train.isHidden()
    assert review.train.text() == "Train"  # nothing was trained yet
    for left in (PATHS[2:], PATHS[1:], PATHS):
        qtbot.keyClick(review.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert list(review.list.paths) == left
        assert review.list.selected() == left[:1]
    assert not session.recipe.data.corrects
    assert not review.undo_button.isEnabled()
    rest(qtbot, session)


def test_where_no_label_is_likely_wrong_all_are_listed_without_a_probability(
    qtbot: QtBot, session: Session, review: LabelReview
) -> None:
    low = [msgspec.structs.replace(each, score=0.2) for each in _finding().flagged]
    found = LabelReview(session, Finding("label_errors", flagged=tuple(low)), _decode)
    qtbot.addWidget(found)
    assert list(found.list.paths) == [*PATHS, NEXT] and found.more.isHidden()
    assert "%" not in found.title.text() and "%" in review.title.text()
    rest(qtbot, session)


def test_several_are_decided_at_once_in_one_step(
    qtbot: QtBot, session: Session, review: LabelReview
) -> None:
    assert review.list.isSelectionRectVisible()
    review.more.setChecked(True)
    assert list(review.list.paths) == [*PATHS, NEXT]
    review.list.selectAll()
    review.relabel()
    assert session.recipe.data.relabel == {**dict.fromkeys(PATHS, "class_1"), NEXT: "class_2"}
    assert not review.list.paths
    assert not review.buttons["keep"].isEnabled()
    review.undo()
    assert not session.recipe.data.relabel
    rest(qtbot, session)


def test_the_decisions_are_exported_as_a_list(
    qtbot: QtBot, session: Session, review: LabelReview, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    review.relabel()
    target = tmp_path / "list.csv"
    monkeypatch.setattr(file_dialogs, "ask_target", lambda *_what: (target, ""))
    export_corrections(review, session)
    assert target.read_text().splitlines()[1] == f"{PATHS[0]},class_0,class_1,,,"
    rest(qtbot, session)
