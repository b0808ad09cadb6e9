"""What is said of a run beside others that were trained beside it."""

import shutil

import msgspec
import pytest

from tests.core.evaluation.test_run_differences import compared, run_with_errors
from transfergui.core.evaluation import baselines, report
from transfergui.core.evaluation.run_differences import Side, difference, side_of
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run


def repeat(own: Run, number: int, errors: int) -> None:
    """A repeat of a run with so many errors."""
    source = run_with_errors(range(errors))
    source.record(ev.Finished(outcome="done", epochs=1, best_epoch=1, seconds=1))
    shutil.copytree(source.path, baselines.folder(own) / f"seed-{number}")


@pytest.mark.parametrize(("errors", "chance"), [((9, 22), True), ((16, 15), False)])
def test_a_clear_difference_that_seeds_make_as_well_is_called_so(
    errors: tuple[int, int], chance: bool
) -> None:
    own, better = run_with_errors(range(16)), run_with_errors(range(4))
    found = compared(own, better)
    assert found.clear and baselines.chance(own, found) is None  # nothing is known of seeds
    for number, count in enumerate(errors, start=1):
        repeat(own, number, count)
    note = baselines.chance(own, found)
    assert (note is not None) is chance


def side(errors: int) -> Side:
    found = side_of(run_with_errors(range(errors)))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("scratch", "code"),
    [(40, "transfer.helped"), (0, "transfer.harmed"), (18, "transfer.needs_more")],
)
def test_whether_transfer_learning_helped_is_told_only_where_it_shows(
    scratch: int, code: str
) -> None:
    own, other = side(14), baselines.Other("From scratch", side(scratch), baselines.SCRATCH_CODES)
    found = difference(other.side, own)
    assert found is not None
    note = baselines.said(found, other, own.report, "pictures")
    assert note.code == code
    assert note.sentence()


def test_what_is_damaged_beside_a_run_is_not_in_its_results() -> None:
    own = run_with_errors(range(4))
    place = baselines.folder(own) / baselines.PROBE
    place.mkdir(parents=True)
    (place / "report.json").write_text("{}")
    assert baselines.beside(own, "pictures") == ((), ())
    shutil.copy(own.path / "predictions.csv", place)
    found = msgspec.structs.replace(report.load(own.path), accuracy=0.9)
    (place / "report.json").write_text(report.to_json(found))
    notes, others = baselines.beside(own, "pictures")
    assert [note.code for note in notes] == ["transfer.probe_unclear"]
    assert others[0][0] == "Linear model"
