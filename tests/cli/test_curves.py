"""The curves as text: every value in its place, whatever the values are."""

from math import inf, nan

import msgspec
import pytest

from tests.core.runs.test_events import STARTED
from tests.core.runs.test_history import ended, history
from transfergui.cli import curves

FALLING = [2.0, 1.0, 0.0]


def chart(*values: list[float | None], best: int | None = None) -> list[str]:
    return list(curves._chart("loss", values, best))


def area(lines: list[str]) -> list[str]:
    return [line.partition("|")[2] for line in lines if "|" in line]


def test_a_curve_falls_from_the_first_line_to_the_last() -> None:
    title, *body, axis = chart(FALLING, [None] * 3, best=2)
    assert title == "loss"
    assert len(body) == curves.ROWS
    assert body[0] == "   2.000 |."
    assert body[-1].startswith("   0.000 |")
    step = curves.COLUMNS // 3
    assert body[-1].rindex(".") - body[0].rindex(".") == 2 * step
    assert axis.index(curves.BEST) == body[-1].rindex(".")


def test_validation_lies_above_training() -> None:
    drawn = area(chart([1.0, 0.0], [1.0, 1.0]))
    assert drawn[0].replace(" ", "") == "oo"
    assert drawn[-1].replace(" ", "") == "."


def test_gaps_and_constants() -> None:
    drawn = area(chart([nan, 3.0, inf], [None, None, 3.0]))
    assert "".join(drawn).replace(" ", "") == ".o"
    assert "".join(area(chart([nan], [None]))) == ""


def test_many_epochs_share_columns() -> None:
    losses = [float(epoch % 200) for epoch in range(400)]
    lines = chart(losses, [None] * 400, best=399)
    assert max(map(len, lines)) == 10 + curves.COLUMNS
    assert lines[-1].endswith(curves.BEST)


def test_both_charts_and_what_the_marks_mean() -> None:
    lines = curves.lines(history(ended(1, loss=2.0), ended(2, best=True, loss=1.0), ended(3)))
    assert [line for line in lines if line in ("loss", "accuracy in %")] == [
        "loss",
        "accuracy in %",
    ]
    assert "  50.000 |" in "\n".join(lines)
    assert lines[-1].split("   ")[-1] == "^ best epoch: 2 of 3"
    assert all(line.isascii() for line in lines)


@pytest.mark.parametrize(
    ("objective", "title", "top"),
    [
        ("number", "mean absolute error", "  40.000 |"),
        ("several_labels", "F1 of the labels in %", "4000.000 |"),
    ],
)
def test_the_second_chart_is_of_what_the_objective_is_followed_by(
    objective: str, title: str, top: str
) -> None:
    made = history(ended(1), ended(2))
    made.started = msgspec.structs.replace(STARTED, objective=objective, baseline=None)
    made.epochs = [msgspec.structs.replace(e, val_score=20.0 * e.epoch) for e in made.epochs]
    lines = curves.lines(made)
    assert title in lines
    assert any(line.startswith(top) for line in lines)


def test_before_the_first_epoch_there_is_nothing() -> None:
    assert curves.lines(history()) == []
