"""Choosing labels, answers and numbers of samples."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from transfergui.core.data import targets
from transfergui.core.data.targets import Targets
from transfergui.gui.samples.combination_chooser import (
    CombinationChooser,
    NumberField,
    OneField,
    SeveralField,
)

LABELS = targets.of_labels(("cat; dog", "cow"), ("cat", "cow", "d\udcffg", "dog"))
QUESTIONS = targets.of_questions(("1 · ann", "2 · bob"), ("digit", "speaker"))
NUMBERS = targets.of_numbers(("3", "3.5"), "weight", "kg")


def chooser(qtbot: QtBot, meant: Targets, current: str) -> CombinationChooser:
    made = CombinationChooser("Relabel 2 pictures", meant, current=current)
    qtbot.addWidget(made)
    made.show()
    return made


def can_be_taken(made: CombinationChooser) -> bool:
    return made._buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def check(field: SeveralField, name: str, on: bool) -> None:
    (item,) = field.list.findItems(name, Qt.MatchFlag.MatchExactly)
    item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def test_labels_have_check_boxes_and_none_is_an_answer(qtbot: QtBot) -> None:
    made = chooser(qtbot, LABELS, "cat; dog")
    (field,) = made.fields
    assert isinstance(field, SeveralField)
    assert field.values() == ("cat", "dog")
    assert not can_be_taken(made)  # nothing is changed
    check(field, "cat", on=False)
    assert made.chosen() == "dog"
    check(field, "dog", on=False)
    assert made.chosen() == "(none)"
    assert can_be_taken(made)


def test_a_label_is_found_by_typing_and_a_new_one_is_made(qtbot: QtBot) -> None:
    made = chooser(qtbot, LABELS, "cow")
    (field,) = made.fields
    assert isinstance(field, SeveralField)
    qtbot.keyClicks(field.name, "ca")
    assert [item.text() for item in field._items() if not item.isHidden()] == ["cat"]
    qtbot.keyClick(field.name, Qt.Key.Key_Return)
    assert made.isVisible()
    assert made.chosen() == "cat; cow"
    qtbot.keyClicks(field.name, "eel; old")
    qtbot.keyClick(field.name, Qt.Key.Key_Return)
    assert made.chosen() == "cat; cow; eel, old"


def test_undecodable_names_stay_as_they_are(qtbot: QtBot) -> None:
    made = chooser(qtbot, LABELS, "cow")
    (field,) = made.fields
    assert isinstance(field, SeveralField)
    field._items()[2].setCheckState(Qt.CheckState.Checked)
    assert made.chosen() == "cow; d\udcffg"


def test_each_question_has_a_list_and_may_stay_open(qtbot: QtBot) -> None:
    made = chooser(qtbot, QUESTIONS, "1 · ann")
    digit, speaker = made.fields
    assert isinstance(digit, OneField)
    assert isinstance(speaker, OneField)
    speaker.box.setCurrentIndex(speaker.box.findText("bob"))
    assert made.chosen() == "1 · bob"
    digit.box.setCurrentIndex(0)
    assert made.chosen() == "? · bob"
    digit.box.setEditText("7 · 8")
    assert made.chosen() == "7 - 8 · bob"


def test_a_number_is_typed_beside_its_unit(qtbot: QtBot) -> None:
    made = chooser(qtbot, NUMBERS, "3.5")
    (field,) = made.fields
    assert isinstance(field, NumberField)
    assert field.line.text() == "3.5"
    field.line.setText("heavy")
    assert (made.chosen(), can_be_taken(made)) == ("", False)
    assert made._hint.text() == "Type a number, as in 3.5."
    field.line.setText("4,250")
    assert (made.chosen(), can_be_taken(made)) == ("4.25", True)


@pytest.mark.parametrize("meant", [LABELS, QUESTIONS, NUMBERS])
def test_samples_that_differ_are_not_changed_by_enter_alone(qtbot: QtBot, meant: Targets) -> None:
    made = chooser(qtbot, meant, "")
    assert not can_be_taken(made)
    made.accept()
    assert made.isVisible()


def test_of_many_labels_those_that_are_so_stand_first(qtbot: QtBot) -> None:
    names = tuple(f"label {at:03}" for at in range(500))
    meant = targets.of_labels(("label 300; label 400",), names)
    made = chooser(qtbot, meant, "label 300; label 400")
    (field,) = made.fields
    assert isinstance(field, SeveralField)
    assert [item.text() for item in field._items()[:3]] == ["label 300", "label 400", "label 000"]
    assert field.values() == ("label 300", "label 400")
    field.name.setText("22")
    shown = [item.text() for item in field._items() if not item.isHidden()]
    every = (22, 122, *range(220, 230), 322, 422)
    assert shown == [f"label {at:03}" for at in every]


def test_many_questions_scroll_and_only_what_changes_is_said(qtbot: QtBot) -> None:
    classes = tuple(" · ".join(f"answer {at * place}" for at in range(20)) for place in range(300))
    meant = targets.of_questions(classes, tuple(f"question {at}" for at in range(20)))
    made = chooser(qtbot, meant, classes[5])
    qtbot.waitExposed(made)
    assert made.height() < 600
    field = made.fields[1]
    assert isinstance(field, OneField)
    qtbot.waitUntil(lambda: field.height() >= field.box.sizeHint().height())
    found = field.box.completer()
    assert found is not None
    found.setCompletionPrefix("WER 299")
    assert found.completionCount() == 1
    field.box.setEditText("answer 7")
    assert made._hint.text() == "Press Enter to choose “question 1: answer 7”."
    assert made.chosen().startswith("answer 0 · answer 7 · answer 10 · ")
