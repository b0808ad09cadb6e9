"""Trainings that differ in one thing, to be shown side by side."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.core import registry, sources
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent, share_decimals, within
from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.data.split import Split, absolute, in_both
from transfergui.core.evaluation import baselines, data_checks, run_differences, settings_apart
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.beside import Beside, OtherTest
from transfergui.core.evaluation.difference_texts import figure_title
from transfergui.core.evaluation.figure_words import some_of
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Report, Teacher
from transfergui.core.figures.paired import Verdict
from transfergui.core.recipe import Recipe
from transfergui.core.runs import seen_data
from transfergui.core.runs.run import REPORT, Run, list_runs

if TYPE_CHECKING:
    from transfergui.core.interfaces.networks import Source


MENDED: dict[Verdict, tuple[str, Level]] = {
    "better": ("report.mended_better", "good"),
    "worse": ("report.mended_worse", "warning"),
    "unclear": ("report.mended_unclear", "info"),
}
"""What to say of a run since whose predecessor the data were corrected, and how much it matters;
where the two have all settings in common."""
MENDED_AND_SET: Mapping[Verdict, tuple[str, Level]] = dict.fromkeys(
    MENDED, ("report.mended_and_set", "info")
)
"""The same where settings differ, too: no cause is named."""
SINCE: dict[Verdict, tuple[str, Level]] = {
    "better": ("report.since_better", "good"),
    "worse": ("report.since_worse", "warning"),
    "unclear": ("report.since_unclear", "info"),
}
"""The same of a run that kept the test set of the one before."""
EPOCHS_APART = 0.1
"""Trainings whose epochs differ by no larger part are as long as each other."""
NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})


def beside(run: Run, report: Report, rows: Sequence[PredictionRow] | None = None) -> Beside:
    """
    Args:
        report: of ``run``.
        rows: its predictions, where they are not in the folder of the run yet.
    """
    noun = registry.modality(run.recipe.modality).many
    notes, others = baselines.beside(run, noun)
    corrected = since_base(run, report) or mended(run, report)
    data = data_checks.notes(run, report, rows)
    grouping, said = other_grouping(run, report), (*notes, *seen(report))
    if corrected:  # which says what was measured on the same samples
        return Beside(grouping, None, (*corrected, *said), others, data)
    return Beside(grouping, test_before(run), said, others, data)


def seen(report: Report) -> tuple[Note, ...]:
    """Which version of the data a run saw, where that was written down."""
    if not report.data_version:
        return ()
    values = {"version": report.data_version, "count": report.corrections}
    code = "report.data_corrected" if report.corrections else "report.data_version"
    return (Note(code, values),)


def since_base(run: Run, report: Report) -> tuple[Note, ...]:
    """What came of training again on more examples, on the test set of the run before, which was
    kept; nothing where there is no such run.

    Args:
        report: of ``run``.
    """
    kept = run.recipe.split.kept
    if not kept or report.measured_on != "test":
        return ()
    before = Run(Path(kept).parent)
    with contextlib.suppress(UserError, FileNotFoundError):  # the list of runs says what is wrong
        if before.path != run.path and (before.path / REPORT).is_file():
            values = {"name": before.called(before.recipe)}
            found = _of_two(before, run, report, SINCE, values)
            settings = _settings_apart(before, run, report)
            if found and settings:
                return *found, Note("report.set_otherwise", {"settings": settings})
            return found
    return ()


def mended(run: Run, report: Report) -> tuple[Note, ...]:
    """What came of correcting the data, on the test samples that an earlier run was tested on as
    well, with the labels of now; nothing where there is no such run.

    That is the newest run before the corrections with the same settings. Without one, it is the
    newest with the same network and strategy; the settings that differ are named, and no cause is.

    Args:
        report: of ``run``.
    """
    if report.measured_on != "test":
        return ()
    with contextlib.suppress(UserError, FileNotFoundError):  # the list of runs says what is wrong
        before = [(other, _settings_apart(other, run, report)) for other in _uncorrected(run)]
        for other, settings in sorted(before, key=lambda each: bool(each[1])):
            codes = MENDED_AND_SET if settings else MENDED
            return _of_two(other, run, report, codes, {"settings": settings})
    return ()


def _uncorrected(run: Run) -> Iterator[Run]:
    """Tested runs before ``run`` with other corrections, the newest first."""
    own, began = run.recipe, run.began
    for other in sorted(others(run.path), key=_began, reverse=True):
        if _began(other) < began and (other.path / REPORT).is_file():
            with contextlib.suppress(UserError):
                if corrections(other.recipe) != corrections(own) and is_alike(other, run):
                    yield other


def _settings_apart(before: Run, run: Run, report: Report) -> str:
    """The settings in which two runs differ, but for what was corrected or added:
    ``Epochs: 3 → 8; Detection head: FCOS → Faster R-CNN``; empty without any.

    Raises:
        UserError: ``run.damaged``; a newer program knows the strategy.
    """
    own, first = run.recipe, before.recipe
    data = msgspec.structs.replace(own.data, options=first.data.options)
    first = msgspec.structs.replace(first, data=data)
    few, many = sorted((first.run.epochs or 0, own.run.epochs or 0))
    if many - few <= EPOCHS_APART * many:  # the usual number follows from that of the examples
        run_options = msgspec.structs.replace(first.run, epochs=own.run.epochs)
        first = msgspec.structs.replace(first, run=run_options)
    if own.split.kept:  # which says how the data are divided
        first = msgspec.structs.replace(first, split=own.split)
    told = settings_apart.told(first, own, (report.objective, report.objective))
    return some_of([f"{each.title}: {each.first or '–'} → {each.second or '–'}" for each in told])


def corrections(recipe: Recipe) -> tuple[Any, ...]:
    """What the user corrected in the data."""
    data = recipe.data
    return set(data.exclude), data.relabel, data.rename


def _of_two(
    before: Run,
    run: Run,
    report: Report,
    codes: Mapping[Verdict, tuple[str, Level]],
    more: Mapping[str, Any] = NOTHING_MORE,
) -> tuple[Note, ...]:
    """Of two runs of which the second saw other data.

    Args:
        more: values of the sentence beside the figures.
    """
    found = run_differences.paired(before, run)
    if found is None:
        return ()
    score = registry.objective(report.objective).primary
    changes = seen_data.difference(before, run)
    if score.share:
        decimals = share_decimals(found.shared)
        first, second = (percent(each, decimals) for each in (found.first, found.second))
    else:
        first, second = score.texts(found.first, found.second, report.unit)
    values: dict[str, Any] = {
        "changes": changes.changes or changes.words(),
        **more,
        "title": within(figure_title(report.objective, found.figure)),
        "first": first,
        "second": second,
        "shared": found.shared,
        "interval": run_differences.interval_text(found, report.objective, report.unit),
        "noun": registry.modality(run.recipe.modality).many,
    }
    code, level = codes[found.verdict]
    notes = (Note(code, values, level), *run_differences.relabelled(found, values["noun"]))
    if found.shared < report.n:
        notes += (Note("report.mended_part", {**values, "n": report.n}),)
    return notes


def other_grouping(run: Run, report: Report) -> Report | None:
    """The report of the newest training that differs from ``run`` in what it kept together.

    Data, network and strategy are the same, and one of the two was divided at random. None where
    there is none, or nothing to keep together in these data.

    Args:
        report: of ``run``.
    """
    if report.grouped_by is None:
        return None
    alike = _essence(run.recipe)
    for other in others(run.path):
        with contextlib.suppress(UserError):  # never tested, or damaged: the list of runs says so
            if _essence(other.recipe) == alike:
                found = reports.load(other.path)
                if found.grouped_by is not None and bool(found.grouped_by) != bool(
                    report.grouped_by
                ):
                    return found
    return None


def test_before(run: Run) -> OtherTest | None:
    """How the test of the training before ``run`` on the same data differs from its own.

    None where that was tested on the same samples, or where there is none. It makes no difference
    what network it was: whoever compares two figures must know that they are of one test.
    """
    with contextlib.suppress(UserError, FileNotFoundError):  # damaged or gone: the list says so
        data = data_key(run.recipe)
        for other in sorted(others(run.path), key=_began, reverse=True):
            if _began(other) < run.began and (other.path / REPORT).is_file():
                with contextlib.suppress(UserError):
                    if data_key(other.recipe) == data and other.split.test:
                        return differing(run.split, other.split, other.path.name)
    return None


def differing(own: Split, other: Split, name: str) -> OtherTest | None:
    """What differs between two tests; None if nothing does."""
    n, before, shared = len(own.test), len(other.test), in_both(own, other, "test")
    return None if n == before == shared or not n else OtherTest(name, n, before, shared)


def other_tests(own: Run, other: Run) -> str:
    """That two trainings were not measured on the same samples; empty where they were.

    Raises:
        UserError: ``run.damaged``.
    """
    here, there = own.split, other.split
    values: dict[str, Any] = {"noun": registry.modality(here.modality).many}
    for part in ("val", "test"):
        values[part], values[f"{part}_other"] = here.sizes()[part], there.sizes()[part]
        values[f"{part}_shared"] = in_both(here, there, part)
    same = all(
        values[part] == values[f"{part}_other"] == values[f"{part}_shared"]
        for part in ("val", "test")
    )
    return "" if same else Note("compare.other_tests", values).sentence()


def _began(run: Run) -> float:
    try:
        return run.began
    except OSError:  # deleted meanwhile
        return 0.0


def data_key(recipe: Recipe) -> tuple[Any, ...]:
    """Which data these are, and what of them is predicted."""
    data = recipe.data
    return recipe.modality, data.path, data.test, data.objective, data.predict


def newest_on(key: tuple[Any, ...]) -> Run | None:
    """The newest tested run of data, as :func:`data_key` names them; None without any."""
    return next(tested_on(key), None)


def tested_on(key: tuple[Any, ...]) -> Iterator[Run]:
    """The tested runs of data, as :func:`data_key` names them; the newest first."""
    for run in list_runs():
        with contextlib.suppress(UserError):  # damaged: the list of runs says so
            if (run.path / REPORT).is_file() and data_key(run.recipe) == key and run.split.test:
                yield run


def teacher_of(
    own: int, source: Source, classes: Sequence[str], truth: Mapping[str, str]
) -> Teacher:
    """What is known of the network that a student was taught by.

    It is not asked anything: what it answered when its own training was tested is read.

    Args:
        own: how many parameters the student has.
        source: the teacher.
        classes: those that the student tells apart.
        truth: the class of every sample that the student was measured on, by absolute path.
    """
    params = sources.parameters(source.backbone, source.weights if source.run else None)
    known = Teacher(title=source.backbone.title, params=params, own=own)
    if source.run is None or set(source.classes) != set(classes):
        return known
    answers = _answers(Run(source.run))
    accuracy = None
    if truth and truth.keys() <= answers.keys():
        accuracy = sum(answers[path] == name for path, name in truth.items()) / len(truth)
    return msgspec.structs.replace(known, answers=True, accuracy=accuracy)


def _answers(run: Run) -> dict[str, str]:
    """What a run answered to the samples that measured it, by absolute path."""
    try:
        root = run.split.root
        return {absolute(root, row.path): row.label for row in reports.load_predictions(run.path)}
    except UserError:  # damaged, or gone since: the list of runs says so
        return {}


def others(path: Path) -> Iterator[Run]:
    """Every other run where runs are kept, and beside this one."""
    found = {run.path: run for run in (*list_runs(), *list_runs(path.parent))}
    return (run for other, run in found.items() if other != path)


def is_alike(one: Run, other: Run) -> bool:
    """Whether two runs have data, what is predicted, backbone and strategy in common.

    Raises:
        UserError: ``run.damaged``.
    """
    return _essence(one.recipe) == _essence(other.recipe)


def _essence(recipe: Recipe) -> tuple[Any, ...]:
    return *data_key(recipe), recipe.backbone, recipe.strategy
