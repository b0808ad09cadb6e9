"""What the checks of the data found stands with the results of every training on these data."""

import numpy as np
import pytest

from tests.core.evaluation.test_siblings import RECIPE, measured
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.data.versions import version_of
from transfergui.core.evaluation import data_checks, report, siblings, words
from transfergui.core.evaluation.data_checks import CLEAN, FOUND, UNCHECKED, Alone, DataChecks, Said
from transfergui.core.evaluation.score_bars import score_bars
from transfergui.core.evaluation.verdict import Verdict
from transfergui.core.figures import metrics
from transfergui.core.registry import modality
from transfergui.core.runs.run import Run

WARNING = Note("check.shortcuts_making", {"noun": "pictures"}, "warning")


def made() -> Run:
    """A run with nothing but a report."""
    sample = (Sample("a.png", 0),)
    reason = "split.random"
    run = Run.create(RECIPE, Split("/", "image", ("a", "b"), sample, (), (), 0, reason))
    report.save(run.path, measured(None), [], recipe=RECIPE)
    return run


def said(run: Run) -> list[str]:
    return [note.code for note in data_checks.notes(run, report.load(run.path))]


def checked(run: Run, *notes: Note, score: float = 0.0) -> DataChecks:
    alone = (Alone("Brightness", score, ("a", "b")),) if score else ()
    own = (Said("shortcuts", "Shortcuts", notes), Said("quality", "Quality"))
    return DataChecks(version_of(run.split), own, alone)


def test_a_result_says_that_the_data_were_not_checked() -> None:
    assert said(made()) == [UNCHECKED]


def test_what_was_found_of_the_same_data_is_said_first_and_stays_with_the_run() -> None:
    run = made()
    data_checks.keep(checked(run, WARNING))
    found = report.load(run.path)
    verdict = Verdict.of(words.notes(found, modality("image"), siblings.beside(run, found)))
    assert verdict.data is not None
    assert verdict.data.code == FOUND
    assert "Do not trust this result yet" in verdict.data.sentence()
    bars = score_bars(found, doubted=True)
    assert bars is not None and bars.doubtful
    data_checks.keep_with(run, version_of(run.split))
    data_checks._kept(version_of(run.split)).unlink()
    assert said(run) == [FOUND]  # of the run alone


@pytest.mark.parametrize(
    ("code", "added"),
    [
        ("check.label_errors_doubtful", ["report.labels_doubtful"]),
        ("check.label_errors_unknown", ["report.labels_unknown"]),
        ("check.label_errors_none", []),
    ],
)
def test_labels_that_could_not_be_judged_are_said(code: str, added: list[str]) -> None:
    run = made()
    data_checks.keep(checked(run, Note(code)))
    assert said(run) == [CLEAN, *added]
    head = Note("report.nothing", {"noun": "pictures"})
    notes = [head, *[Note("x", level="good")] * 5, Note(CLEAN), *map(Note, added)]
    assert [note.code for note in Verdict.of(notes).first[: len(added)]] == added


def test_sound_data_and_a_shortcut_that_does_as_well_are_said() -> None:
    run = made()
    data_checks.keep(checked(run))
    assert said(run) == [CLEAN]
    found = checked(run, WARNING, score=0.84)
    data_checks.keep(found)
    assert said(run) == [FOUND]  # the model has 100 %
    worse = metrics.measure([0, 1, 0, 1], np.eye(2)[[0, 1, 0, 0]], ("a", "b"))
    codes = [note.code for note in data_checks.notes(run, worse)]
    assert codes == [FOUND, "report.shortcut_alone"]
