"""Two runs side by side, or two models on the same new data: their figures, how much they differ,
the examples on which they do, their curves and their settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.core import evaluating, registry
from transfergui.core.app import predicting, reading_for
from transfergui.core.app.wholes import with_wholes
from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.figure_texts import hundredths, share_ends
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.targets import NUMBER, ONE_CLASS
from transfergui.core.evaluation import (
    baselines,
    disagreements,
    outcomes,
    run_differences,
    settings_apart,
    side_figures,
    words,
)
from transfergui.core.evaluation.difference_texts import difference_text
from transfergui.core.evaluation.disagreements import Disagreements
from transfergui.core.evaluation.kinds import Chart, Table
from transfergui.core.evaluation.run_differences import PairedDifference, Side
from transfergui.core.evaluation.settings_apart import Setting
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Report
from transfergui.core.reading.classes import class_names
from transfergui.core.reading.given import unfolded
from transfergui.core.runs import seen_data
from transfergui.core.runs.run import Run
from transfergui.core.sources import input_of

if TYPE_CHECKING:
    from transfergui.core.base.options import Options
    from transfergui.core.data.split import Split
    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.interfaces.plan import Modality
    from transfergui.core.recipe import Recipe
    from transfergui.core.trained import TrainedModel

ABOUT_A_MODEL = ("evaluate.",)
"""How the codes begin of what a report says of a model and data that it was not trained for."""
MODELS = {
    "compare.better": "compare.model_better",
    "compare.worse": "compare.model_worse",
    "compare.unclear": "compare.models_unclear",
    "compare.needs_more": "compare.models_need_more",
}
"""The sentence on two models, for each on two runs."""


@dataclass(frozen=True)
class Comparison:
    """Of two models, called A and B.

    Attributes:
        notes: what is said of it, the most important sentence first.
        root: what the paths of the examples are relative to.
        input: how they are read to be seen: as by A.
        split: how the data of A were divided; None of new data.
        difference: of the figures; None where they cannot be compared, or are not known.
        differing: the examples on which both differ; None where both were not asked about the same.
        tables: their figures side by side.
        curves: how they were trained; none where that is not known.
        settings: those that differ, and by their paths in ``document``; of models that do not keep
            their settings, none.
        labelled: whether it is known what the examples are.
        reports: of each, where there are any.
    """

    modality: Modality
    notes: tuple[Note, ...]
    root: Path
    input: Options
    split: Split | None = None
    difference: PairedDifference | None = None
    differing: Disagreements | None = None
    tables: tuple[Table, ...] = ()
    curves: tuple[Chart, ...] = ()
    settings: tuple[Setting, ...] = ()
    settings_by_path: dict[str, Any] | None = None
    labelled: bool = True
    reports: tuple[Report | None, Report | None] = (None, None)


# -- two runs


def runs(first: Run, second: Run) -> Comparison:
    """What is known of two runs, on their own test examples; why something is missing is among the
    notes.

    Raises:
        UserError: ``run.damaged``, ``run.missing``.
    """
    recipes = first.recipe, second.recipe
    modality = registry.modality(recipes[0].modality)
    sides = _tested(first, second)
    found = None if sides is None else run_differences.difference(*sides)
    reports = (None, None) if sides is None else (sides[0].report, sides[1].report)
    differing = None
    tables: tuple[Table, ...] = ()
    if sides is not None and sides[0].report.objective == sides[1].report.objective:
        rows = sides[0].rows, sides[1].rows
        known = disagreements.between(*rows, sides[0].report.objective)
        differing = known if known.shared else None
        tables = side_figures.tables(sides[0].report, sides[1].report, *rows)
    return Comparison(
        modality=modality,
        notes=tuple(_of_runs(first, second, sides, found)),
        root=Path(first.split.root),
        input=input_of(first),
        split=first.split,
        difference=found,
        differing=differing,
        tables=tables,
        curves=side_figures.curves(first.history(), second.history()),
        **_settings(recipes, reports),
        reports=reports,
    )


def _how_much(found: PairedDifference, report: Report) -> Iterator[Note]:
    """The difference with its interval, and on how many examples only one of the two is right."""
    value = difference_text(found.value, report.objective, report.unit)
    ends = run_differences.interval_text(found, report.objective, report.unit)
    yield Note("compare.difference", {"difference": value, "interval": ends})
    if found.first_only or found.second_only:
        values = {"first": found.first_only, "second": found.second_only, "n": found.shared}
        yield Note("compare.only_one", values)


def _tested(first: Run, second: Run) -> tuple[Side, Side] | None:
    sides = run_differences.sides_of(first, second)
    return None if sides is None else sides[:2]


def _of_runs(
    first: Run, second: Run, sides: tuple[Side, Side] | None, found: PairedDifference | None
) -> Iterator[Note]:
    if found is None or sides is None:
        yield why_not(first, second)
    else:
        report = sides[0].report
        noun = registry.modality(first.recipe.modality).many
        yield run_differences.words(found, report.objective, report.unit, _(noun))
        yield from _how_much(found, report)
        yield from run_differences.relabelled(found, _(noun))
        if (chance := baselines.chance(first, found)) is not None:
            yield chance
        if not found.same:
            yield Note("compare.part_shared", {"n": found.shared, "noun": noun}, "warning")
    changes = seen_data.difference(first, second)
    if not changes.nothing:
        yield Note("compare.other_data", {"changes": changes.words()})
    for name, run in (("A", first), ("B", second)):
        if len(run.history().epochs) < 2:
            yield Note("compare.no_curves", {"name": name})


def why_not(first: Run, second: Run) -> Note:
    """Why the figures of two runs cannot be compared.

    Raises:
        UserError: ``run.damaged``.
    """
    kinds = [registry.modality(run.recipe.modality) for run in (first, second)]
    if kinds[0].key != kinds[1].key:
        values = {"first": _(kinds[0].many), "second": _(kinds[1].many)}
        return Note("compare.other_modality", values, "warning")
    predicted = [registry.objective(run.split.targets.objective) for run in (first, second)]
    if predicted[0].key != predicted[1].key:
        values = {"first": _(predicted[0].title), "second": _(predicted[1].title)}
        return Note("compare.other_objective", values, "warning")
    for run in (first, second):
        try:
            run_differences.require_tested(run)
        except UserError as error:
            return Note(error.code, error.note.values, "warning")
    return Note("compare.nothing_shared", level="warning")


def _settings(
    recipes: tuple[Recipe, Recipe], reports: tuple[Report | None, Report | None]
) -> dict[str, Any]:
    """The settings in which two models differ, as fields of :class:`Comparison`."""
    predicted = [ONE_CLASS if report is None else report.objective for report in reports]
    try:
        told = settings_apart.told(*recipes, (predicted[0], predicted[1]))
    except UserError:  # a newer version knows the strategy
        told = []
    by_path = settings_apart.document(*recipes)
    return {"settings": tuple(told), "settings_by_path": by_path}


# -- two models on the same data

Step = Callable[[int, int, int], None]
"""Told which of the models (0, 1) is asked, how many examples are done, and of how many."""


def on_data(
    first: TrainedModel,
    second: TrainedModel,
    data: Path,
    tell: Step = lambda model, done, total: None,
    read: reading_for.Read | None = None,
) -> Comparison:
    """Two models on the same new data: where these are labelled, who is right; else how often both
    say the same.

    Args:
        data: a folder, a zip or a table.
        read: scans the data; by default silently.

    Raises:
        UserError: ``compare.same_model``, ``compare.other_modality``, ``compare.other_objective``,
            ``compare.no_answers``, ``path.too_long``, or why the data cannot be read.
    """
    require_alike(first, second)
    models = first, second
    found = _labelled(models, data, tell, read or _scanned)
    if isinstance(found, Comparison):
        return found
    return _unlabelled(models, data, tell, found)


def require_alike(first: TrainedModel, second: TrainedModel) -> None:
    """
    Raises:
        UserError: ``compare.other_modality``, ``compare.other_objective``.
    """
    if first.modality.key != second.modality.key:
        values = {"first": _(first.modality.many), "second": _(second.modality.many)}
        raise UserError("compare.other_modality", **values)
    if first.objective.key != second.objective.key:
        values = {"first": _(first.objective.title), "second": _(second.objective.title)}
        raise UserError("compare.other_objective", **values)


def _scanned(modality: str, options: DataOptions) -> Dataset:
    return registry.modality(modality).scan(options)


Models = tuple["TrainedModel", "TrainedModel"]


def _labelled(
    models: Models, data: Path, tell: Step, read: reading_for.Read
) -> Comparison | Note | None:
    """What labels say of two models; None where the data have none, or why they say nothing."""
    try:
        datasets = [_read(model, data, read) for model in models]
    except Question:
        return None
    except UserError as error:
        if error.code in ("data.missing", "data.empty", "path.too_long"):
            raise
        unsorted = error.code in (
            "data.unsorted",
            "shards.unlabelled",
        )  # as new files are: nothing to complain of
        return None if unsorted else Note(error.code, error.note.values)
    reports, rows, notes = list[Report](), list[list[PredictionRow]](), list[Note]()
    for at, (model, dataset) in enumerate(zip(models, datasets, strict=True)):
        try:
            evaluated = evaluating.evaluate(model, dataset, class_names.MERGE, _counted(tell, at))
        except UserError as error:
            if error.code.startswith("evaluate."):
                return Note(error.code, error.note.values)
            raise
        reports.append(evaluated.report)
        rows.append(evaluated.rows)
        notes += _about(evaluated.report, model, "AB"[at])
    return _measured(models, datasets[0], (reports[0], reports[1]), (rows[0], rows[1]), notes)


def _read(model: TrainedModel, data: Path, read: reading_for.Read) -> Dataset:
    options = opt.check(reading_for.settings(model, str(data)), DataOptions, "data")
    options = msgspec.structs.replace(options, options=options.options | reading_for.ALL_KEPT)
    return reading_for.read_for(model, options, read)


def _counted(tell: Step, at: int) -> Tell:
    return lambda done, total: tell(at, done, total)


def _about(report: Report, model: TrainedModel, name: str) -> Iterator[Note]:
    """What is to be said of a model on these data alone."""
    for note in words.notes(report, model.modality):
        if note.code.startswith(ABOUT_A_MODEL):
            values = {"name": name, "sentence": note.sentence()}
            yield Note("compare.of_model", values, note.level)


def _measured(
    models: Models,
    dataset: Dataset,
    reports: tuple[Report, Report],
    rows: tuple[list[PredictionRow], list[PredictionRow]],
    notes: list[Note],
) -> Comparison:
    first, modality = models[0], models[0].modality
    known = disagreements.between(*rows, first.objective.key)
    found = _difference(reports, rows) if known.shared else None
    said = list[Note]()
    if found is None:
        said.append(Note("compare.read_differently", level="warning"))
    else:
        note = run_differences.words(found, first.objective.key, reports[0].unit, _(modality.many))
        said += [replace_code(note, MODELS), *_how_much(found, reports[0])]
        if not found.same:
            values = {"n": found.shared, "noun": modality.many}
            said.append(Note("compare.part_shared", values, "warning"))
    if known.shared:
        said.append(_agreement(known, modality))
    doubts = [note for note in notes if note.level == "warning"]  # before what they are about
    return Comparison(
        modality=modality,
        notes=(*doubts, *said, *(note for note in notes if note not in doubts)),
        root=dataset.root,
        input=first.reading(dataset).input,
        difference=found,
        differing=known if known.shared else None,
        tables=side_figures.tables(*reports, *rows),
        curves=_curves(models),
        **_settings((models[0].card.recipe, models[1].card.recipe), reports),
        reports=reports,
    )


def _curves(models: Models) -> tuple[Chart, ...]:
    """Those of two models that are runs; model files have none."""
    one, other = (model.run for model in models)
    if one is None or other is None:
        return ()
    return side_figures.curves(one.history(), other.history())


def replace_code(note: Note, codes: dict[str, str]) -> Note:
    """The same said with another sentence."""
    return msgspec.structs.replace(note, code=codes.get(note.code, note.code))


def _difference(
    reports: tuple[Report, Report], rows: tuple[Sequence[PredictionRow], Sequence[PredictionRow]]
) -> PairedDifference | None:
    sides = []
    for report, own in zip(reports, rows, strict=True):
        found = outcomes.outcomes(report, own)
        if found is None:
            return None
        sides.append(Side(report, found, rows=own))
    return run_differences.difference(sides[0], sides[1])


def _agreement(known: Disagreements, modality: Modality) -> Note:
    """How often two models say the same."""
    values: dict[str, Any] = {"n": known.shared, "noun": modality.many}
    if known.objective == NUMBER:
        return Note("compare.numbers_apart", values | {"apart": f"{known.apart or 0.0:.3g}"})
    ends = known.interval
    assert ends is not None
    low, high = share_ends(ends.low, ends.high)
    percent = hundredths(known.agree / known.shared)
    values |= {"agree": known.agree, "percent": percent, "low": low, "high": high}
    return Note("compare.agree", values)


# -- without labels


def _unlabelled(models: Models, data: Path, tell: Step, why: Note | None) -> Comparison:
    first, modality = models[0], models[0].modality
    rows, unread = list[list[PredictionRow]](), 0
    given = unfolded([data], modality)
    listed = [list(modality.list_files(given.paths, model.input)) for model in models]
    alike = listed[0] == listed[1]
    for at, model in enumerate(models):
        answered = predicting.predict(model, given, listed[at])
        if not alike:  # the other one gets other pieces of a recording
            answered = with_wholes(answered, modality, model.said)
        told = _counted(tell, at)
        found, problems = _rows(model, answered, len(listed[at]), _root(data), told)
        rows.append(found)
        unread = max(unread, problems)
    if not all(rows):
        raise UserError("compare.no_answers", path=str(data))
    known = disagreements.between(rows[0], rows[1], first.objective.key, labelled=False)
    notes = [_agreement(known, modality)] if known.shared else []
    if not known.shared:
        notes.append(Note("compare.read_differently", level="warning"))
    if unread:
        values = {"count": unread, "noun": modality.many}
        notes.append(Note("compare.unread", values, "warning"))
    notes.append(Note("compare.unlabelled"))
    notes += [why] if why is not None else []
    if {*first.classes} != {*models[1].classes}:
        notes.append(Note("compare.other_classes", level="warning"))
    return Comparison(
        modality=modality,
        notes=tuple(notes),
        root=_root(data),
        input=first.input,
        differing=known if known.shared else None,
        tables=side_figures.agreement(rows[0], rows[1], first.objective),
        curves=_curves(models),
        **_settings((first.card.recipe, models[1].card.recipe), (None, None)),
        labelled=False,
    )


def _root(data: Path) -> Path:
    """What the examples in ``data`` are called relative to."""
    return data if data.is_dir() else data.parent


def _rows(
    model: TrainedModel, answered: Iterable[Prediction], count: int, root: Path, tell: Tell
) -> tuple[list[PredictionRow], int]:
    """The predictions as rows without a truth, and how many files could not be read."""
    rows, unread = list[PredictionRow](), 0
    for done, each in enumerate(answered, 1):
        tell(done, count)
        if each.probabilities is None:
            unread += 1
            continue
        path = Path(predicting.key(each))
        name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
        cells = model.objective.cells(each.probabilities, model.found)
        label = each.likeliest(model.classes)
        rows.append(PredictionRow(name, "", label, each.confidence, cells))
    return rows, unread
