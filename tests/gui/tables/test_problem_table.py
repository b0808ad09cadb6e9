"""What the scan found wrong, as a table."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from transfergui.core.data.dataset import Problem
from transfergui.gui.base import tasks
from transfergui.gui.tables import problem_rows
from transfergui.gui.tables.problem_table import AT_ONCE, ProblemTable

DAMAGED = Problem("sound.damaged", {"reason": "-"}, path="a.wav")
GROUPS = Problem(
    "sound.maybe_groups", {"names": "ann, bob (2)", "key": "name:2"}, path=".", left_out=False
)


def test_what_recordings_may_be_grouped_by_comes_first_with_a_button(qapp: QApplication) -> None:
    table = ProblemTable()
    asked: list[str] = []
    table.group_asked.connect(asked.append)
    table.fill([DAMAGED], ())
    assert table.group_button.isHidden()
    table.fill([DAMAGED, GROUPS], ())
    assert [each.code for each in table.shown()] == ["sound.maybe_groups", "sound.damaged"]
    assert "“ann, bob (2)”" in GROUPS.sentence() and "name:2" not in GROUPS.sentence()
    assert not table.group_button.isHidden()
    table.group_button.click()
    assert asked == ["name:2"]


def many(count: int) -> list[Problem]:
    damaged = [Problem("sound.damaged", {"reason": "-"}, path=f"{n}.wav") for n in range(count)]
    return [*damaged, Problem("sound.damaged", {"reason": "-"}, path="z.wav", left_out=False)]


def test_no_sentence_is_made_of_rows_that_are_not_seen(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_given: object) -> str:
        raise AssertionError

    table = ProblemTable()
    monkeypatch.setattr(problem_rows, "cell", never)
    monkeypatch.setattr(Problem, "reason", never)
    table.fill(many(AT_ONCE), ())
    assert len(table.shown()) == AT_ONCE + 1


@pytest.mark.parametrize("count", [3, AT_ONCE])
def test_rows_are_found_and_sorted_and_stay_selected(qapp: QApplication, count: int) -> None:
    table = ProblemTable()
    table.fill(many(count), ())
    table.view.selectRow(count)
    table.search.setText("Z.WAV")
    assert tasks.wait_all()
    assert (
        [each.path for each in table.shown()]
        == ["z.wav"]
        == [each.path for each in table.selected()]
    )
    assert table._count.text().startswith("1 of ")
    table.search.clear()
    table.kinds.setCurrentText("Left out")
    assert tasks.wait_all()
    assert len(table.shown()) == count and not table.selected()
    table.kinds.setCurrentIndex(0)
    table.view.sortByColumn(problem_rows.ProblemColumn.FILE, Qt.SortOrder.DescendingOrder)
    assert tasks.wait_all()
    assert table.shown()[0].path == "z.wav" and len(table.shown()) == count + 1
