"""The second test set of a run, of examples that arrived later: the run, and the one before it.

Both models predict the examples once; what they predict is kept in the folder of the run, below
:data:`FOLDER`, and compared example by example (:mod:`transfergui.core.figures.paired`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transfergui.core import evaluating, registry
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import within
from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data.dataset import Dataset
from transfergui.core.evaluation import outcomes, report, run_differences
from transfergui.core.evaluation.baselines import value_of
from transfergui.core.evaluation.difference_texts import figure_title
from transfergui.core.evaluation.report import PREDICTIONS
from transfergui.core.evaluation.run_differences import PairedDifference, Side
from transfergui.core.figures.paired import Verdict
from transfergui.core.projects import after
from transfergui.core.reading.classes import class_names
from transfergui.core.runs.run import REPORT, Run
from transfergui.core.trained import TrainedModel

if TYPE_CHECKING:
    from transfergui.core.data.split import Split

FOLDER = "second_test"
OWN, BEFORE = "own", "before"
"""Folders of what the run itself predicts, and the run before it."""
CODES: Mapping[Verdict, tuple[str, Level]] = {
    "better": ("since.second_better", "good"),
    "worse": ("since.second_worse", "warning"),
    "unclear": ("since.second_unclear", "info"),
}


@dataclass(frozen=True)
class SecondTest:
    """What was measured on the second test set.

    Attributes:
        own: of the run.
        before: of the run before it; None where that is gone, or cannot predict these examples.
        found: the difference; None without the run before it.
        name: what that is called.
    """

    own: Side
    before: Side | None = None
    found: PairedDifference | None = None
    name: str = ""


def measured(run: Run, tell: Tell = untold) -> SecondTest:
    """Measure a run and the one before it; what was measured before is read.

    Raises:
        UserError: the model of the run cannot be loaded, or none of the examples be read.
    """
    split, recipe = run.split, run.recipe
    total = 2 * len(split.new)
    tell(0, total)
    own = _side(run, run, split, OWN)
    tell(len(split.new), total)
    before = after.run_before(recipe)
    if before is None:
        return SecondTest(own)
    name = before.called(before.recipe)
    try:
        other = _side(run, before, split, BEFORE)
    except UserError:  # it knows none of the classes, say
        return SecondTest(own, name=name)
    return SecondTest(own, other, run_differences.difference(other, own), name)


def known(run: Run) -> SecondTest | None:
    """The same as far as it was measured before; None where it was not.

    Raises:
        UserError: ``run.damaged``.
    """
    folder = run.path / FOLDER
    own = run_differences.side_of(run, folder / OWN)
    if own is None:
        return None
    other = run_differences.side_of(run, folder / BEFORE)
    before = after.run_before(run.recipe)
    name = "" if before is None else before.called(before.recipe)
    found = None if other is None else run_differences.difference(other, own)
    return SecondTest(own, other, found, name)


def _side(run: Run, model_of: Run, split: Split, part: str) -> Side:
    """What a model predicts for the second test set of ``run``, kept in its folder.

    Raises:
        UserError: as :func:`measured`; ``disk.full``.
    """
    folder = run.path / FOLDER / part
    kept = run_differences.side_of(run, folder)
    if kept is not None:
        return kept
    dataset = Dataset(
        source=Path(split.root),
        root=Path(split.root),
        modality=split.modality,
        classes=split.classes,
        samples=split.new,
        noun=registry.modality(split.modality).many,
        input=split.input,
        targets=split.targets,
    )
    model = TrainedModel.load(model_of.path)
    made = evaluating.evaluate(model, dataset, class_names.SEPARATE)
    columns = model.objective.columns(model.found)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        table = report.predictions_csv(made.rows, columns, split.root)
        files.write_atomic(folder / PREDICTIONS, table)
        files.write_atomic(folder / REPORT, report.to_json(made.report))  # last: it is complete
    except OSError as error:
        raise files.not_written(folder, error) from None
    found = outcomes.outcomes(made.report, made.rows)
    if found is None:
        raise UserError("data.gone", path=split.root, count=len(split.new), total=len(split.new))
    return Side(made.report, found)


# -- in words


def said(found: SecondTest, noun: str) -> Note:
    """What was measured.

    Args:
        noun: of the examples, several of them, untranslated.
    """
    own = found.own.report
    score = registry.objective(own.objective).primary
    if found.found is None:
        figure = outcomes.first_figure(own)
        values = {"title": within(figure_title(own.objective, figure)), "noun": noun, "n": own.n}
        value = score.text(value_of(own, figure), own.unit)
        return Note("since.second_alone", {**values, "value": value})
    first, second = score.texts(found.found.first, found.found.second, own.unit)
    values = {
        "title": within(figure_title(own.objective, found.found.figure)),
        "first": first,
        "second": second,
        "n": found.found.shared,
        "noun": noun,
        "name": found.name,
        "interval": run_differences.interval_text(found.found, own.objective, own.unit),
    }
    code, level = CODES[found.found.verdict]
    return Note(code, values, level)


def document(found: SecondTest, noun: str) -> Mapping[str, Any]:
    """The same for programs."""
    tree: dict[str, Any] = {"n": found.own.report.n, "sentence": said(found, noun).sentence()}
    return tree if found.found is None else tree | run_differences.figures_of(found.found)
