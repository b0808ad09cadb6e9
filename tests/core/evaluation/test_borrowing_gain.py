"""What is said of other data that a model learnt from."""

from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from tests.core import made_companions
from transfergui.core.evaluation import borrowing_gain
from transfergui.core.figures.metrics import Report


@pytest.mark.parametrize("role", ["source", "unlabelled"])
@pytest.mark.parametrize("up", [True, False])
def test_a_difference_that_may_be_chance_is_said_with_its_direction(role: Any, up: bool) -> None:
    """And alike in the table: with the other data, minus without."""
    sign = 1 if up else -1
    plain = {"difference": 0.1 * sign, "low": -0.1 + 0.1 * sign, "high": 0.2 + 0.1 * sign}
    found = made_companions.gain(role=role, verdict="unclear", needed=50, **plain)
    note = borrowing_gain.told(found, "pictures")
    assert note.code == borrowing_gain.SAID[role]["maybe" if up else "maybe_hurt"]
    assert note.values["interval"] == borrowing_gain.table(found).rows[1][2]
    validation = msgspec.structs.replace(found.plain, difference=-0.1 * sign)
    found = msgspec.structs.replace(found, validation=validation)
    report = cast("Report", SimpleNamespace(borrowing=found))
    assert borrowing_gain.notes(report, "pictures")[-1].code == borrowing_gain.DIFFERS
