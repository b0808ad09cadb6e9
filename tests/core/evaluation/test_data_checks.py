"""What the checks of the data found stands with the results of every training on these data."""

import msgspec
import numpy as np
import pytest

from tests.core.evaluation.test_siblings import RECIPE, measured
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.data.versions import version_of
from transfergui.core.evaluation import (
    data_checks,
    reasons,
    reliance,
    report,
    siblings,
    words,
)
from transfergui.core.evaluation.data_checks import CLEAN, CLEAN_ELSE, FOUND, UNCHECKED, DataChecks
from transfergui.core.evaluation.reasons import Said
from transfergui.core.evaluation.reliance import Alone
from transfergui.core.evaluation.score_bars import score_bars
from transfergui.core.evaluation.verdict import Verdict
from transfergui.core.figures import one_class
from transfergui.core.figures.answer_rows import PredictionRow
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
    told = msgspec.structs.replace(found, data_version=version_of(run.split))
    report.save(run.path, told, [], recipe=RECIPE)
    assert data_checks.doubts_of(run).problems == ("Shortcuts",)  # in lists of runs and models
    data_checks.keep_with(run, version_of(run.split))
    data_checks._kept(version_of(run.split)).unlink()
    assert said(run) == [FOUND]  # of the run alone


def test_doubted_labels_are_those_of_the_checks_whatever_the_files_hold() -> None:
    """The version of a finished training tells the content of the files, too; the checks' does
    not."""
    run = made()
    version = version_of(run.split)
    told = msgspec.structs.replace(measured(None), data_version="other", split_version=version)
    data_checks.keep(msgspec.structs.replace(checked(run, WARNING), doubted=("a.png",)))
    assert data_checks.doubted_of(run, told) == {"a.png"}
    report.save(run.path, told, [], recipe=RECIPE)
    assert data_checks.doubts_of(run).problems == ("Shortcuts",)
    assert said(run) == [FOUND]


@pytest.mark.parametrize(
    ("code", "head", "added"),
    [
        ("check.label_errors_doubtful", "report.checks_but_labels", ["report.labels_doubtful"]),
        ("check.label_errors_unknown", "report.checks_but_labels", ["report.labels_unknown"]),
        ("check.label_errors_none", CLEAN, []),
    ],
)
def test_labels_that_could_not_be_judged_are_said(code: str, head: str, added: list[str]) -> None:
    run = made()
    data_checks.keep(checked(run, Note(code)))
    assert said(run) == [head, *added]  # that no problem was found would deny what follows
    first = Note("report.nothing", {"noun": "pictures"})
    notes = [first, *[Note("x", level="good")] * 5, Note(head), *map(Note, added)]
    assert [note.code for note in Verdict.of(notes).first[: len(added)]] == added
    assert Verdict.of(notes).data == Note(head)


def test_sound_data_and_a_shortcut_that_does_as_well_are_said() -> None:
    run = made()
    data_checks.keep(checked(run))
    assert said(run) == [CLEAN]
    found = checked(run, WARNING, score=0.84)
    data_checks.keep(found)
    assert said(run) == [FOUND]  # the model has 100 %
    worse = one_class.measure([0, 1, 0, 1], np.eye(2)[[0, 1, 0, 0]], ("a", "b"))
    codes = [note.code for note in data_checks.notes(run, worse)]
    assert codes == [FOUND, "report.shortcut_alone"]


def relied(share: float, count: int) -> tuple[Run, list[PredictionRow]]:
    """A run whose test has ``count`` samples of each class that brightness misleads, of which a
    ``share`` is correct, and 40 that it fits, all correct."""
    fits = {f"{name}{at}.png": name for name in "ab" for at in range(40)}
    misled = {f"{name}{at}_other.png": name for name in "ab" for at in range(count)}
    other = {"a": "b", "b": "a"}
    rows = [PredictionRow(path, name, name, 0.9) for path, name in fits.items()]
    for at, (path, name) in enumerate(misled.items()):
        label = name if at % count < share * count else other[name]
        rows.append(PredictionRow(path, name, label, 0.9))
    run = made()
    alone = Alone("Brightness", 0.8, ("a", "b"), tuple(fits), tuple(misled))
    shortcut = Note("check.shortcuts_two", {"title": "Brightness"}, "warning")
    said = (Said("shortcuts", "Shortcuts", (shortcut,)),)
    data_checks.keep(DataChecks(version_of(run.split), said, (alone,)))
    return run, rows


@pytest.mark.parametrize(
    ("share", "count", "codes"),
    [
        (0.5, 20, [FOUND, "report.shortcut_relies"]),
        (1.0, 20, [CLEAN_ELSE, "report.shortcut_hardly"]),
        (1.0, 3, [FOUND, "report.shortcut_unclear"]),
        (0.0, 0, [FOUND, "report.shortcut_untested"]),
    ],
)
def test_whether_the_model_relies_on_a_shortcut_is_said(
    share: float, count: int, codes: list[str]
) -> None:
    run, rows = relied(share, count)
    notes = data_checks.notes(run, report.load(run.path), rows)
    assert [note.code for note in notes] == codes
    assert all(note.sentence() for note in notes)
    own = msgspec.structs.replace(measured(None), split_version=version_of(run.split))
    report.save(run.path, own, rows, recipe=RECIPE)
    assert bool(data_checks.problems_of(run)) == (codes[0] == FOUND)


def test_the_most_serious_reason_is_said_first_and_small_effects_are_none() -> None:
    leak = Note("check.near_duplicates_leak", {"n": 4, "count": 2, "noun": "pictures"}, "warning")
    few = Note("check.balance_few", {"noun": "pictures"}, "warning")
    sources = {"one": "1", "of_one": "“ann”", "other": "2", "of_other": "“bob”"}
    apart = Note("check.balance_apart", sources, "warning")
    own = [
        Said("quality", "Quality", (Note("check.quality_dark", {}, "warning"),)),
        Said("near_duplicates", "Near duplicates", (leak, Note("check.near_duplicates_little"))),
        Said("balance", "Balance", (few, apart)),
    ]
    doubtful = reasons.doubtful(own)
    assert [each.check for each in doubtful] == ["balance", "quality"]
    assert "“2” comes only from “bob”" in reasons.note(FOUND, doubtful).sentence()


def test_a_property_is_not_blamed_for_a_class_that_is_hard_by_itself() -> None:
    """All of ``b`` are wrong, and of those more are misled."""
    fits = {f"{n}": "a" for n in range(90)} | {f"{n}": "b" for n in range(90, 100)}
    misled = {f"{n}": "a" for n in range(100, 110)} | {f"{n}": "b" for n in range(110, 200)}
    rows = [PredictionRow(path, name, "a", 0.9) for path, name in (fits | misled).items()]
    found = reliance.measured(Alone("x", 0.9, ("a", "b"), tuple(fits), tuple(misled)), rows, {})
    assert found.gap == 0
    assert found.verdict != "relies"
