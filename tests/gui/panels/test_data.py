"""The Data stage: look through the classes, mend the labels, see the problems and the split."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from pytestqt.qtbot import QtBot

from transfergui.cli import main
from transfergui.core.base.errors import Question
from transfergui.core.data.dataset import DataOptions, Dataset, Sample
from transfergui.core.data.split import SplitOptions
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base import desktop, tasks
from transfergui.gui.base.words import Noun
from transfergui.gui.panels import data
from transfergui.gui.panels.data import DataStage
from transfergui.gui.panels.dataset import DatasetPanel
from transfergui.gui.parts.name_dialog import NameDialog
from transfergui.gui.samples import augment_preview
from transfergui.gui.samples.class_bars import LARGEST, BarGroup, ClassBars
from transfergui.gui.samples.class_chooser import ClassChooser
from transfergui.gui.samples.sample_viewer import SampleViewer
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session
from transfergui.gui.tables.correction_table import Kind
from transfergui.gui.tables.problem_rows import ProblemColumn


def settle() -> None:
    assert tasks.wait_all()
    assert tasks.wait_all()


def open_data(session: Session, path: Path) -> None:
    session.open_data(path)
    settle()


def shown_classes(stage: DataStage) -> dict[str, str]:
    model = stage.bars.model()
    rows = (model.index(row, 0) for row in range(model.rowCount()))
    return {index.data(): index.data(Qt.ItemDataRole.AccessibleTextRole) for index in rows}


def shown_files(stage: DataStage) -> list[str]:
    model = stage.samples.thumbnails.model()
    return [model.path(row) for row in range(model.rowCount())]


def select(stage: DataStage, *rows: int) -> None:
    stage.samples.thumbnails.clearSelection()
    for row in rows:
        index = stage.samples.thumbnails.model().index(row, 0)
        stage.samples.thumbnails.selectionModel().select(
            index, stage.samples.thumbnails.selectionModel().SelectionFlag.Select
        )


def action(stage: DataStage, text: str) -> QAction:
    return next(a for a in stage.samples.thumbnails.actions() if a.text() == text)


def problems(stage: DataStage) -> list[tuple[str, ...]]:
    model = stage.problems.view.model()
    return [
        tuple(model.index(row, column).data() for column in ProblemColumn)
        for row in range(model.rowCount())
    ]


@pytest.fixture
def beetles(tmp_path: Path, tiny_pictures: Callable[..., Path]) -> Path:
    return tiny_pictures(tmp_path / "beetles", classes=3, per_class=8)


def test_beside_a_refusal_nothing_is_said_to_be_fine(
    stage: DataStage, session: Session, tmp_path: Path, tiny_pictures: Callable[..., Path]
) -> None:
    open_data(session, tiny_pictures(tmp_path / "one class", classes=1))
    said = stage.problems._nothing.text()
    assert said == str(session.plan_error)
    assert "Only one class" in said
    open_data(session, tiny_pictures(tmp_path / "two classes"))
    assert stage.problems._nothing.text().startswith("No problems")


def test_the_first_class_is_shown_at_once(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    assert shown_classes(stage) == {f"class_{n}": f"class_{n}: 8 pictures" for n in range(3)}
    assert stage.samples.heading.text() == "class_0 · 8 pictures"
    assert shown_files(stage)[0] == "class_0/00.png"
    stage.choose_class(2)
    assert stage.samples.heading.text() == "class_2 · 8 pictures"


def test_excluding_is_undoable(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    select(stage, 0, 3)
    action(stage, "Exclude").trigger()
    settle()
    assert session.recipe.data.exclude == ("class_0/00.png", "class_0/03.png")
    assert session.undo_stack.undo_text == "Exclude 2 pictures"
    assert stage.samples.heading.text() == "class_0 · 6 pictures"
    assert "class_0/03.png" in [row.path for row in stage.corrections.shown()]
    assert not problems(stage)  # it is not listed twice
    session.undo_stack.undo()
    settle()
    assert stage.samples.heading.text() == "class_0 · 8 pictures"
    assert not problems(stage)


def test_each_correction_is_marked_listed_and_undone_alone(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    select(stage, 0)
    assert stage.samples.selection.isVisibleTo(stage)
    action(stage, "Exclude").trigger()
    settle()
    assert not stage.samples.thumbnails.selected()  # Delete, pressed twice, excludes one
    assert not stage.samples.selection.isVisibleTo(stage)
    edits.relabel(session, ["class_0/01.png"], "class_1")
    settle()
    stage.choose_class(1)
    thumbnails = stage.samples.thumbnails
    thumbnails.choose("class_0/01.png")
    index = thumbnails.currentIndex()
    assert "from “class_0” to “class_1”" in index.data(Qt.ItemDataRole.ToolTipRole)
    table = stage.corrections
    assert [row.kind for row in table.shown()] == [Kind.EXCLUDED, Kind.RELABELLED]
    assert stage.tabs.tabText(1) == "Corrections (2)"
    place = stage.tabs.pos()
    stage.tabs.setCurrentWidget(stage.checks)
    settle()
    assert stage.tabs.pos() == place  # nothing moves below the mouse
    stage.enlarge.click()
    assert not stage.samples.isVisible()
    stage.choose_class(1)
    assert stage.samples.isVisible()
    assert not table.undo_button.isEnabled()
    table.view.selectRow(1)
    table.undo_button.click()
    settle()
    assert session.recipe.data.relabel == {}
    assert session.recipe.data.exclude == ("class_0/00.png",)
    table.view.selectRow(0)
    table.undo_button.click()
    settle()
    assert session.recipe.data.exclude == () and not table.shown()
    pair = ["class_0/01.png", "class_0/02.png"]
    edits.keep_together(session, [pair])
    settle()
    assert {s.group for s in session.dataset.samples if s.path in pair} == {pair[0]}
    assert [row.kind for row in table.shown()] == [Kind.TOGETHER] * 2
    table.view.selectRow(0)
    table.undo_button.click()
    settle()
    assert session.recipe.data.together == {pair[1]: pair[0]}


def test_relabelling_moves_to_another_class(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    select(stage, 1)
    action(stage, "Relabel…").trigger()
    chooser = stage.findChild(ClassChooser)
    assert chooser.windowTitle() == "Relabel 1 picture"
    qtbot.keyClicks(chooser.name, "class_2")
    chooser.accept()
    settle()
    assert session.recipe.data.relabel == {"class_0/01.png": "class_2"}
    assert shown_classes(stage)["class_2"] == "class_2: 9 pictures"


def test_a_new_name_makes_a_new_class(qtbot: QtBot) -> None:
    chooser = ClassChooser("Relabel", ["cat", "d\udcffg"])
    qtbot.addWidget(chooser)
    qtbot.keyClicks(chooser.name, "bird ")
    assert chooser.chosen() == "bird"
    chooser.name.clear()
    qtbot.keyClicks(chooser.name, "d")
    chooser.list.setCurrentIndex(chooser.list.model().index(0, 0))
    assert chooser.chosen() == "d\udcffg"


def test_paths_are_copied_and_files_shown(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(desktop, "show_in_folder", asked.append)
    open_data(session, beetles)
    select(stage, 0, 1)
    action(stage, "Copy path").trigger()
    files = [beetles / "class_0" / name for name in ("00.png", "01.png")]
    assert QGuiApplication.clipboard().text() == "\n".join(map(str, files))
    action(stage, "Show in folder").trigger()
    assert asked == files[:1]


def test_a_double_click_opens_the_picture(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    select(stage, 0)
    action(stage, "View large").trigger()
    viewer = stage.findChild(SampleViewer)
    settle()
    assert viewer.panes[0].view.image.width() > 0
    viewer.close()


def test_bad_files_are_listed_filtered_and_looked_at(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    (beetles / "class_0" / "text.png").write_bytes(b"not a picture")
    Image.linear_gradient("L").resize((4, 4)).save(beetles / "class_1" / "small.png")
    open_data(session, beetles)
    assert {row[:2] for row in problems(stage)} == {
        ("Left out", "class_0/text.png"),
        ("Noted", "class_1/small.png"),
    }
    assert stage.tabs.tabText(0) == "Problems (2)"
    qtbot.keyClicks(stage.problems.search, "not a pict")
    assert [row[1] for row in problems(stage)] == ["class_0/text.png"]
    stage.problems.view.activated.emit(stage.problems.view.model().index(0, 0))
    viewer = stage.findChild(SampleViewer)
    settle()
    assert "not a picture" in viewer.panes[0].trouble.text()
    viewer.close()
    stage.problems.search.clear()
    stage.problems.kinds.setCurrentText("Noted")
    assert [row[1] for row in problems(stage)] == ["class_1/small.png"]
    stage.problems.view.selectRow(0)
    stage.problems.exclude_button.click()
    settle()
    assert session.recipe.data.exclude == ("class_1/small.png",)


def test_classes_with_nearly_the_same_name_are_merged_by_one_click(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    for name, count in (("cat", 3), ("Cat ", 5), ("dog", 4)):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for number in range(count):
            pixels = rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pets" / name / f"{number}.png")
    asked: list[Question] = []
    session.asked.connect(asked.append)
    session.open_data(tmp_path / "pets")
    settle()
    session.opener.answer(asked[0], "separate")
    settle()
    assert stage.proposal.isVisible()
    assert "“cat”, “Cat ”" in stage.proposal.text.text()
    stage.proposal.action.click()
    settle()
    assert session.dataset.classes == ("Cat ", "dog")
    assert session.undo_stack.undo_text == "Merge into “Cat ”"
    assert not stage.proposal.isVisible() and not problems(stage)
    session.undo_stack.undo()
    settle()
    assert len(session.dataset.classes) == 3
    assert stage.proposal.isVisible()


def test_groups_that_had_to_be_divided_are_a_problem(
    stage: DataStage, session: Session, beetles: Path
) -> None:
    files = sorted(beetles.rglob("*.png"))
    rows = [f"{path.relative_to(beetles)},{path.parent.name},camera1" for path in files]
    table = beetles / "one-group.csv"
    table.write_text("\n".join(["path,label,group", *rows]))
    open_data(session, table)
    said = [row for row in problems(stage) if "camera1" in str(row)]
    assert [row[:2] for row in said] == [("Noted", "(all data)")]
    assert "too optimistic" in session.split.sentence()


def test_problems_are_counted_alike_everywhere(
    stage: DataStage, session: Session, beetles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the card, on the tab, in the list and by the command line; exclusions are none."""
    files = sorted(beetles.rglob("*.png"))
    (beetles / "class_0" / "broken.png").write_bytes(b"not a picture")
    rows = [f"{path.relative_to(beetles)},{path.parent.name},camera1" for path in files]
    table = beetles / "one-group.csv"
    table.write_text("\n".join(["path,label,group", *rows, "class_0/broken.png,class_0,camera1"]))
    card = DatasetPanel(session)
    open_data(session, table)
    edits.exclude(session, ["class_0/00.png"])
    settle()
    assert card.summary().endswith("3 classes, 2 problems")
    assert card.opened.size_text.text().endswith("3 classes, 2 problems")
    assert stage.tabs.tabText(0) == "Problems (2)"
    assert stage.problems._count.text() == "2 problems"
    assert len(problems(stage)) == 2
    assert main(["scan", str(table)]) == 0
    said = capsys.readouterr().out
    assert "\n2 problems\n" in said
    assert said.count("camera1") == 1
    assert main(["scan", str(table), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 2
    card.deleteLater()


def test_the_split_is_shown_and_changed_in_one_step(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    sliders = stage.split
    sizes = session.split.sizes()
    assert sliders.amount("train") == f"{sizes['train']} pictures"
    slider = sliders.slider("test_percent")
    slider.setValue(35)
    settle()
    assert session.recipe.split == SplitOptions(test_percent=35)
    assert session.split.sizes()["test"] > sizes["test"]
    assert sliders.amount("test") == f"{session.split.sizes()['test']} pictures"
    slider.setValue(30)
    session.undo_stack.undo()
    settle()
    assert slider.value() == SplitOptions().test_percent


def test_a_split_given_by_folders_cannot_be_changed(
    qtbot: QtBot,
    stage: DataStage,
    session: Session,
    tmp_path: Path,
    tiny_pictures: Callable[..., Path],
) -> None:
    for number, part in enumerate(("train", "val", "test")):
        tiny_pictures(tmp_path / "parts" / part, classes=2, per_class=6, seed=number)
    open_data(session, tmp_path / "parts")
    for name in ("val_percent", "test_percent"):
        slider = stage.split.slider(name)
        assert not slider.isEnabled()
        assert "folders" in slider.toolTip()


def test_what_the_network_sees_is_shown_when_asked_for(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def variants(modality: Any, path: Path, *options: Any) -> list[Preview]:
        asked.append((path.parent.name, *options[:2]))
        return [Preview("picture", np.zeros((9, 7, 3), np.uint8))] * 2

    monkeypatch.setattr(data, "warm_up", lambda: None)
    monkeypatch.setattr(augment_preview, "preview_variants", variants)
    open_data(session, beetles)
    stage.choose_class(1)
    assert not asked
    stage.tabs.setCurrentIndex(4)
    qtbot.waitUntil(lambda: stage.preview.prepared.image is not None)
    assert asked == [("class_1", session.plan.input, session.plan.augment)]


def test_ten_thousand_classes(qtbot: QtBot, stage: DataStage, session: Session) -> None:
    names = tuple(f"class {n:05}" for n in range(10_000))
    samples = tuple(Sample(f"{name}/0.png", label) for label, name in enumerate(names))
    session.project.dataset = Dataset(Path("/data"), Path("/data"), "image", names, samples)
    session.dataset_changed.emit(session.dataset)
    settle()
    stage.choose_class(9_999)
    assert stage.samples.heading.text() == "class 09999 · 1 picture"


def test_bars_keep_the_class_when_counts_change(qtbot: QtBot) -> None:
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.fill(["a", "b"], [1, 2], Noun("thing", "things"))
    bars.choose(1)
    bars.fill(["a", "aa", "b"], [1, 1, 1], Noun("thing", "things"))
    assert bars.current_name() == "b"


def test_each_question_has_a_title_and_a_scale_of_its_own(qtbot: QtBot) -> None:
    bars = ClassBars()
    qtbot.addWidget(bars)
    groups = [BarGroup("digit", [0, 1], ["1", "2"]), BarGroup("speaker", [2], ["ann"])]
    names = ["digit: 1", "digit: 2", "speaker: ann"]
    bars.fill(names, [3, 4, 7], Noun("sound", "sounds"), groups)
    model = bars.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    assert [row.data() for row in rows] == ["digit", "1", "2", "speaker", "ann"]
    assert [row.data(LARGEST) for row in rows] == [None, 4, 4, None, 7]
    assert rows[4].data(Qt.ItemDataRole.AccessibleTextRole) == "speaker: ann: 7 sounds"
    assert not rows[3].flags() & Qt.ItemFlag.ItemIsSelectable
    chosen: list[int] = []
    bars.class_chosen.connect(chosen.append)
    bars.choose(1)
    qtbot.keyClick(bars, Qt.Key.Key_Down)  # over the title
    assert chosen == [1, 2]
    assert bars.current_name() == "speaker: ann"
    bars.fill(names[1:], [4, 7], Noun("sound", "sounds"), [BarGroup("q", [0, 1], ["2", "ann"])])
    assert bars.current_name() == "speaker: ann"


def test_real_problems(qtbot: QtBot, stage: DataStage, session: Session, shared_data: Path) -> None:
    open_data(session, shared_data / "images" / "brain-mri")
    found = [row[2] for row in problems(stage)]
    assert sum("exact copy" in sentence for sentence in found) == 25
    assert sum("despite its name" in sentence for sentence in found) == 6


def test_the_reason_of_a_problem_comes_first(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    """Its file has a column of its own, and the tool tip has both."""
    (beetles / "class_0" / "broken.png").write_bytes(b"")
    open_data(session, beetles)
    (row,) = [row for row in problems(stage) if row[ProblemColumn.FILE] == "class_0/broken.png"]
    assert row[ProblemColumn.WHAT].startswith("Is empty (0 bytes).")
    model = stage.problems.view.model()
    tips = [model.index(n, ProblemColumn.WHAT).data(Qt.ItemDataRole.ToolTipRole) for n in range(1)]
    assert tips[0].startswith("<qt>class_0/broken.png is empty")


def test_everything_has_a_name_for_a_screen_reader(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    for part in (stage.bars, stage.samples.thumbnails, stage.problems.view, stage.problems.search):
        assert part.accessibleName()
    for name in ("val_percent", "test_percent"):
        assert stage.split.slider(name).accessibleName()
        assert stage.split.slider(name).accessibleDescription()


# -- renaming classes


def rename(stage: DataStage, qtbot: QtBot, row: int) -> NameDialog:
    stage.bars.choose(row)
    stage.activateWindow()  # where a dialog was closed before
    stage.bars.setFocus()
    qtbot.waitUntil(stage.bars.hasFocus)
    qtbot.keyClick(stage.bars, Qt.Key.Key_F2)
    return stage.window().findChildren(NameDialog)[-1]


def test_a_class_is_renamed_with_undo(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    dialog = rename(stage, qtbot, 1)
    assert dialog.windowTitle() == "Rename the class “class_1”"
    dialog.field.setText(" stag ")
    dialog.button.click()
    settle()
    assert session.recipe.data.rename == {"class_1": "stag"}
    assert shown_classes(stage)["stag"] == "stag: 8 pictures"
    assert stage.samples.heading.text() == "stag · 8 pictures"
    assert session.split is not None and session.split.classes == ("class_0", "class_2", "stag")
    assert session.undo_stack.undo_text == "Rename “class_1” to “stag”"
    session.undo_stack.undo()
    settle()
    assert session.recipe.data.rename == {}
    assert list(shown_classes(stage)) == ["class_0", "class_1", "class_2"]


def test_a_name_that_another_class_has_says_that_both_become_one(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    dialog = rename(stage, qtbot, 1)
    assert dialog.button.text() == "Rename"
    dialog.field.setText("class_2")
    assert dialog.said.text() == (
        "A class “class_2” already exists (8 pictures). The two classes will be merged."
    )
    assert dialog.button.text() == "Merge"
    dialog.button.click()
    settle()
    assert shown_classes(stage) == {
        "class_0": "class_0: 8 pictures",
        "class_2": "class_2: 16 pictures",
    }
    dialog = rename(stage, qtbot, 1)
    dialog.field.setText("both")
    dialog.button.click()
    settle()
    assert session.recipe.data.rename == {"class_1": "both", "class_2": "both"}


def test_a_class_cannot_have_an_empty_name(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    dialog = rename(stage, qtbot, 0)
    dialog.field.setText("  ")
    assert dialog.said.text() == "Type a name. The name of a class cannot be empty."
    assert not dialog.button.isEnabled()
    dialog.reject()
    assert session.recipe.data.rename == {}


def test_files_that_were_put_into_a_class_follow_its_name(
    qtbot: QtBot, stage: DataStage, session: Session, beetles: Path
) -> None:
    open_data(session, beetles)
    edits.relabel(session, ["class_0/00.png"], "class_1")
    settle()
    edits.rename_class(session, "class_1", "stag")
    settle()
    assert shown_classes(stage)["stag"] == "stag: 9 pictures"
    edits.rename_class(session, "stag", "class_1")
    settle()
    assert session.recipe.data.rename == {}
    assert session.recipe.data.relabel == {"class_0/00.png": "class_1"}


def test_all_classes_are_shown_as_tiles_one_of_which_opens(
    qtbot: QtBot, session: Session, pictures: Path
) -> None:
    stage = DataStage(session)
    qtbot.addWidget(stage)
    stage.resize(1400, 800)
    stage.show()
    open_data(session, pictures)
    assert stage.tiles.isVisible()
    said = Qt.ItemDataRole.AccessibleTextRole
    assert stage.tiles.model().index(1, 0).data(said) == "class_1: 12 pictures"
    stage.tiles.setCurrentIndex(stage.tiles.model().index(1, 0))
    qtbot.keyClick(stage.tiles, Qt.Key.Key_Return)
    assert stage.samples.isVisible()
    assert stage.samples.heading.text() == "class_1 · 12 pictures"
    stage.samples.back.click()
    assert stage.tiles.isVisible()
    assert tasks.wait_all()


def test_an_answer_without_a_choice_is_no_setting(
    stage: DataStage, session: Session, beetles: Path
) -> None:
    """As it is given for data that are opened again, so that nothing is asked."""
    open_data(session, beetles)
    assert stage.form.isHidden()
    assert session.dataset is not None
    given = DataOptions(options={"similar_labels": "separate"})
    stage.form.show_dataset(session.dataset, given, "")
    assert stage.form.isHidden()
