"""The Data stage with several labels, several questions and a number: counted, and corrected."""

from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from tests.gui.conftest import open_data, rest
from tests.gui.objective_data import COUNT, LABELS, NUMBERS, QUESTIONS, TABLES, MadeTable
from transfergui.core.base.errors import Question
from transfergui.core.data.dataset import DataOptions
from transfergui.core.recipe import Recipe
from transfergui.gui.base import tasks
from transfergui.gui.forms.columns_field import NAME
from transfergui.gui.panels.data import DataStage
from transfergui.gui.parts.name_dialog import NameDialog
from transfergui.gui.samples.combination_chooser import CombinationChooser
from transfergui.gui.samples.sample_info import OpenSamples
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import Message, State


def open_table(qtbot: QtBot, session: Session, table: MadeTable, tmp_path: Path) -> None:
    """Open made data, and wait until they are shown."""
    session.open_again(table.recipe(table.write(tmp_path / "made")))
    qtbot.waitUntil(lambda: session.state is not State.SCANNING)
    assert session.state is State.READY
    settle(qtbot, session)


def settle(qtbot: QtBot, session: Session) -> None:
    rest(qtbot, session)
    assert tasks.wait_all()
    qtbot.wait(1)


def bars(stage: DataStage) -> dict[str, int]:
    assert stage._overview is not None
    return {name: len(stage._overview.of_class(name)) for name in stage._overview.names}


def label_of(session: Session, path: str) -> str:
    assert session.dataset is not None
    return next(session.dataset.classes[s.label] for s in session.dataset.samples if s.path == path)


def rename(stage: DataStage, name: str) -> NameDialog:
    assert stage._overview is not None
    stage.bars.choose(stage._overview.names.index(name))
    stage.classes.rename.trigger()
    return stage.window().findChildren(NameDialog)[-1]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_is_predicted_is_counted(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path, table: MadeTable
) -> None:
    open_table(qtbot, session, table, tmp_path)
    assert stage.classes.count.text() == table.said


@pytest.mark.parametrize(
    ("table", "filled", "expected"),
    [
        pytest.param(LABELS, [("dog", "eel")], "dog; eel", id="labels"),
        pytest.param(LABELS, [()], "(none)", id="no label"),
        pytest.param(QUESTIONS, [("three",), ()], "three · ?", id="questions"),
        pytest.param(NUMBERS, [("77.50",)], "77.5", id="number"),
    ],
)
def test_a_sample_is_relabelled_and_that_is_undone(
    qtbot: QtBot,
    stage: DataStage,
    session: Session,
    tmp_path: Path,
    table: MadeTable,
    filled: list[tuple[str, ...]],
    expected: str,
) -> None:
    open_table(qtbot, session, table, tmp_path)
    assert session.dataset is not None
    before = label_of(session, "01.png")
    chooser = OpenSamples(session, session.dataset.root).relabel(stage, ["01.png"])
    assert isinstance(chooser, CombinationChooser)
    for field, values in zip(chooser.fields, filled, strict=True):
        field.put(values)
        field.edited.emit()
    chooser.accept()
    settle(qtbot, session)
    assert label_of(session, "01.png") == expected
    session.undo_stack.undo()
    settle(qtbot, session)
    assert label_of(session, "01.png") == before


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_sample_is_excluded(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path, table: MadeTable
) -> None:
    open_table(qtbot, session, table, tmp_path)
    edits.exclude(session, ["01.png"])
    settle(qtbot, session)
    assert session.dataset is not None
    assert "01.png" not in {sample.path for sample in session.dataset.samples}
    session.undo_stack.undo()
    settle(qtbot, session)
    assert "01.png" in {sample.path for sample in session.dataset.samples}


def test_a_label_is_renamed_and_renamed_back(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    open_table(qtbot, session, LABELS, tmp_path)
    assert bars(stage) == {"cat": 12, "dog": 12, "(none)": 6}
    dialog = rename(stage, "cat")
    assert dialog.windowTitle() == "Rename “cat”"
    dialog.field.setText("kitten; old")
    dialog.accept()
    settle(qtbot, session)
    assert bars(stage) == {"kitten, old": 12, "dog": 12, "(none)": 6}
    assert stage.bars.current_name() == "kitten, old"
    dialog = rename(stage, "kitten, old")
    dialog.field.setText("cat")
    dialog.accept()
    settle(qtbot, session)
    assert session.recipe.data.rename == {}
    assert bars(stage) == {"cat": 12, "dog": 12, "(none)": 6}


def test_two_labels_of_one_name_become_one(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    open_table(qtbot, session, LABELS, tmp_path)
    dialog = rename(stage, "cat")
    dialog.field.setText("dog")
    assert dialog.said.text() == "“dog” already exists (12 pictures). The two will be merged."
    dialog.accept()
    settle(qtbot, session)
    assert bars(stage) == {"dog": 18, "(none)": 6}


def test_an_answer_is_renamed_for_its_question_alone(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    open_table(qtbot, session, QUESTIONS, tmp_path)
    edits.relabel(session, ["00.png"], "one · cleo")
    settle(qtbot, session)
    dialog = rename(stage, "speaker: bob")
    assert (dialog.windowTitle(), dialog.field.text()) == ("Rename “speaker: bob”", "bob")
    dialog.field.setText("rob")
    dialog.accept()
    settle(qtbot, session)
    assert session.recipe.data.rename == {"speaker: bob": "rob"}
    assert bars(stage)["speaker: rob"] == 12
    dialog = rename(stage, "speaker: rob")
    dialog.field.setText("bert")
    dialog.accept()
    settle(qtbot, session)
    assert session.recipe.data.rename == {"speaker: bob": "bert"}
    dialog = rename(stage, "speaker: cleo")  # of one that was relabelled
    dialog.field.setText("clara")
    dialog.accept()
    settle(qtbot, session)
    assert session.recipe.data.relabel == {"00.png": "one · clara"}


def test_what_has_no_name_of_its_own_cannot_be_renamed(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    open_table(qtbot, session, QUESTIONS, tmp_path)
    assert stage._overview is not None
    stage.bars.choose(stage._overview.names.index("speaker: ?"))
    assert not stage.classes.button.isEnabled()
    stage.bars.choose(0)
    assert stage.classes.button.isEnabled()


def test_numbers_cannot_be_renamed(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    open_table(qtbot, session, NUMBERS, tmp_path)
    assert stage.classes.button.isHidden()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        pytest.param(LABELS, "Predicts: several labels, from column tags", id="labels"),
        pytest.param(
            QUESTIONS, "Predicts: several questions, from columns digit, speaker", id="questions"
        ),
        pytest.param(NUMBERS, "Predicts: a number, from column weight (kg)", id="numbers"),
    ],
)
def test_it_says_what_is_predicted_and_from_what(
    qtbot: QtBot,
    stage: DataStage,
    session: Session,
    tmp_path: Path,
    table: MadeTable,
    said: str,
) -> None:
    open_table(qtbot, session, table, tmp_path)
    assert stage.form.line.text().split("  ·  ")[0] == said


def test_something_else_can_be_predicted_with_undo(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    open_table(qtbot, session, QUESTIONS, tmp_path)
    form = stage.form.predicted
    assert form.columns.chosen == ("digit", "speaker")
    assert not form.columns.button.isEnabled()
    form.columns.tick("digit")
    form.columns.button.click()
    settle(qtbot, session)
    assert stage.form.line.text().startswith("Predicts: several questions, from column digit")
    form.what.put("one_class")
    form.what.activated.emit(form.what.currentIndex())
    settle(qtbot, session)
    assert session.recipe.data.predict == ()
    assert stage.form.line.text().startswith("Predicts: one class, from column digit")
    assert stage.classes.count.text() == "2 classes"
    session.undo_stack.undo()
    settle(qtbot, session)
    session.undo_stack.undo()
    settle(qtbot, session)
    assert session.recipe.data.predict == ("digit", "speaker")
    assert stage.classes.count.text() == "2 questions"


MARKS = MadeTable(
    ("round", "red", "author"),
    tuple((str(at % 2), str(at // 2 % 2), f"p{at % 3}") for at in range(COUNT)),
    "several_labels",
    ("round", "red"),
    "2 labels",
)


def boxes(stage: DataStage) -> dict[str, bool]:
    """The columns to choose from, and whether each is ticked."""
    field = stage.form.predicted.columns
    items = [field.list.item(row) for row in range(field.list.count())]
    return {item.text(): item.data(NAME) in field.chosen for item in items}


@pytest.mark.parametrize(
    ("table", "listed"),
    [
        (LABELS, {"tags": True}),
        (QUESTIONS, {"digit": True, "speaker": True}),
        (NUMBERS, {"weight (kg)": True}),
        (MARKS, {"round": True, "red": True, "author": False}),
    ],
)
def test_the_columns_are_listed_and_those_in_use_ticked(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path, table: MadeTable,
    listed: dict[str, bool],
) -> None:  # fmt: skip
    open_table(qtbot, session, table, tmp_path)
    assert boxes(stage) == listed
    session.change(session.recipe.replace(data__predict=()), "Found in the data")
    settle(qtbot, session)
    assert boxes(stage) == listed


def test_levels_of_folders_are_listed(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    for at in range(COUNT):
        home = tmp_path / "made" / "ab"[at % 2] / "xyz"[at % 3]
        home.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (24, 24), (at * 9, 0, 0)).save(home / f"{at}.png")
    data = DataOptions(path=str(tmp_path / "made"), predict=("level:1", "level:2"))
    session.open_again(Recipe(data=data))
    settle(qtbot, session)
    first, second = "Folder level 1: a, b", "Folder level 2: x, y, z"
    assert boxes(stage) == {first: True, second: True}
    stage.form.predicted.columns.tick("level:2")
    stage.form.predicted.columns.button.click()
    settle(qtbot, session)
    assert session.recipe.data.predict == ("level:2",)


@pytest.mark.parametrize(("more", "asks"), [((), False), (("size",), True)])
def test_the_only_column_of_numbers_is_taken_and_that_is_said(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path, more: tuple[str, ...],
    asks: bool,
) -> None:  # fmt: skip
    rows = tuple((f"{at / 2}", *(f"{at * 7 % 31}.25" for _name in more)) for at in range(COUNT))
    table = MadeTable(("weight (kg)", *more), rows, "number", (), "A number in kg")
    asked: list[Question] = []
    said: list[Message] = []
    session.asked.connect(asked.append)
    session.message.connect(lambda message: message.text and said.append(message))
    session.open_data(table.write(tmp_path / "made"))
    settle(qtbot, session)
    assert bool(asked) == asks
    if not asks:
        assert session.recipe.data.objective == "number"
        assert [each.level for each in said] == ["warning"]
        assert stage.bar.isVisibleTo(stage)
        assert "the numbers in “weight (kg)” are predicted" in stage.bar.text.text()


def test_what_the_data_cannot_say_is_refused_and_nothing_changes(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    open_table(qtbot, session, LABELS, tmp_path)
    said: list[str] = []
    session.message.connect(lambda message: said.append(message.text))
    form = stage.form.predicted
    form.what.put("number")
    form.what.activated.emit(form.what.currentIndex())
    settle(qtbot, session)
    assert any("number" in text for text in said)
    assert form.what.currentData() == "several_labels"
    assert stage.classes.count.text() == "2 labels"


def test_plain_folders_leave_no_choice(
    qtbot: QtBot, stage: DataStage, session: Session, pictures: Path
) -> None:
    open_data(qtbot, session, pictures)
    settle(qtbot, session)
    assert stage.form.isHidden()


def test_a_number_has_its_mean_and_range(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    open_table(qtbot, session, NUMBERS, tmp_path)
    assert stage.classes.spread.text() == "Mean 5.75 kg, from 0 to 11.5 kg"
    assert list(bars(stage)) == [f"{at} to {at + 2} kg" for at in range(0, 12, 2)]
    assert list(bars(stage).values()) == [4] * 6


def test_a_correction_that_is_no_number_is_told_and_can_be_undone(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    """One of the data before, made when these had been scanned and were not yet shown."""
    open_table(qtbot, session, NUMBERS, tmp_path)
    said = list[Message]()
    session.message.connect(lambda message: message.text and said.append(message))
    edits.relabel(session, ["01.png"], "(none)")
    settle(qtbot, session)
    assert [(message.panel, message.text) for message in said] == [
        (
            "dataset",
            "“(none)” is not a number. Write a number with a decimal point, for example 3.5.",
        )
    ]
    assert (session.split, session.plan) == (None, None)
    session.undo_stack.undo()
    settle(qtbot, session)
    assert session.recipe.data.relabel == {}
    assert session.plan is not None
    assert session.obstacle == ""


def test_the_unfolded_fields_do_not_make_the_stage_higher(
    qtbot: QtBot, stage: DataStage, session: Session, tmp_path: Path
) -> None:
    """The window grew beyond the screen."""
    open_table(qtbot, session, LABELS, tmp_path)
    stage.form.set_folded(False)
    qtbot.wait(20)
    assert stage.form.predicted.isVisible()
    assert stage.minimumSizeHint().height() <= 740
