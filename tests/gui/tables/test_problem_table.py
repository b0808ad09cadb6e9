"""What the scan found wrong, as a table."""

from PySide6.QtWidgets import QApplication

from transfergui.core.data.dataset import Problem
from transfergui.gui.tables.problem_table import ProblemTable

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
