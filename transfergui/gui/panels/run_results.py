"""What is known of a run that was tested, read in a worker thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import hundredths, rounded_text
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.options import Options
from transfergui.core.base.paths import shown
from transfergui.core.data import tars, versions
from transfergui.core.data.split import Split
from transfergui.core.data.targets import BOXES, parsed_answers, parsed_labels
from transfergui.core.evaluation import box_marks, data_checks, report, siblings
from transfergui.core.evaluation.beside import ALONE, Beside
from transfergui.core.figures import answer_rows
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Report
from transfergui.core.interfaces.objective import Objective
from transfergui.core.interfaces.plan import Modality
from transfergui.core.interfaces.samples import MarkedBox, Preview
from transfergui.core.places import assignment as assignments
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import REPORT, Run
from transfergui.core.sources import input_of
from transfergui.gui.base.run_names import RunName


@dataclass(frozen=True)
class RunResults:
    """What is known about a run, read in a worker thread.

    Attributes:
        about: which training it was, in one line.
        data: the path of what it was trained on.
        input: how its samples are read.
        beside: what other trainings on the same data say beside it.
        place: of the question that it is about, of several.
        doubted: paths of samples whose label the checks of the data find likely wrong.
        marks: true boxes and predicted ones, by the path of their picture.
    """

    run: Run
    about: str
    data: str
    report: Report
    rows: list[PredictionRow]
    root: Path
    modality: Modality
    input: Options
    split: Split
    beside: Beside = ALONE
    place: int | None = None
    doubted: frozenset[str] = frozenset()
    marks: dict[str, tuple[MarkedBox, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, run: Run) -> RunResults | None:
        """None for a run that was never tested.

        Raises:
            UserError: ``run.damaged``.
        """
        if not (run.path / REPORT).is_file():
            return None
        split, found = run.split, report.load(run.path)
        rows = report.load_predictions(run.path)
        return cls(
            run=run,
            about=_about(run),
            data=run.recipe.data.path,
            report=found,
            rows=rows,
            root=Path(split.root),
            modality=registry.modality(split.modality),
            input=input_of(run),
            split=split,
            beside=siblings.beside(run, found),
            doubted=data_checks.doubted_of(run, found),
            marks=box_marks.of_rows(rows, found) if found.objective == BOXES else {},
        )

    def checked_again(self) -> RunResults:
        """With what the checks of the data say now."""
        data_checks.keep_with(self.run, versions.version_of(self.split))
        data = data_checks.notes(self.run, self.report, self.rows)
        doubted = data_checks.doubted_of(self.run, self.report)
        return replace(self, beside=replace(self.beside, data=data), doubted=doubted)

    def caption(self, row: PredictionRow) -> str:
        """Two lines: what it is, what was predicted and how surely; of boxes, what is wrong."""
        if self.report.objective == BOXES:
            return box_marks.caption(self.boxes(row.path))
        return caption(row, self.report, row.path in self.doubted)

    def sentence(self, row: PredictionRow) -> str:
        """The same as a sentence."""
        said = sentence(row, self.report)
        if self.report.objective == BOXES:
            said = box_marks.sentence(self.boxes(row.path))
        if row.path not in self.doubted:
            return said
        return paragraph([said, _("The label may be wrong: see Data, Checks.")])

    @property
    def searched(self) -> bool:
        """Whether the run was itself an automatic search."""
        return bool(self.report.tried)

    @property
    def can_be_searched(self) -> bool:
        """Whether an automatic search can look for something better."""
        return not self.searched and not self.objective.obstacle(registry.doing("search"))

    @property
    def objective(self) -> Objective:
        """What is predicted."""
        return registry.objective(self.split.targets.objective)

    def of_question(self, name: str) -> RunResults:
        """The results of one of several questions, as those of a training on it alone."""
        place = list(self.report.questions).index(name)
        rows = [found for row in self.rows if (found := _of_question(row, place, self)) is not None]
        own = self.report.questions[name]
        return replace(self, report=own, rows=rows, beside=ALONE, place=place)

    def error(self, row: PredictionRow) -> float:
        """How wrong a row is; 0 where it is right."""
        if self.place is not None:
            return answer_rows.class_error(row)
        return self.objective.error(row, self.split.targets)

    def boxes(self, path: str) -> Sequence[MarkedBox]:
        """True and predicted boxes of a picture."""
        return self.marks.get(path, ())

    def mistakes(self, limit: int) -> list[PredictionRow]:
        """The wrong rows, the worst first."""
        return answer_rows.top_mistakes(self.rows, limit, self.error)

    def errors_with(self, name: str, limit: int) -> list[PredictionRow]:
        """The errors that a class or a label has to do with: missed ones and false alarms."""
        if self.marks:
            rows = [row for row in self.rows if _is_wrong(self.boxes(row.path), name)]
            return answer_rows.top_mistakes(rows, limit, self.error)
        if self.report.per_label:
            return self._with_label_wrong(name)[:limit]
        rows = [row for row in self.rows if name in (row.truth, row.label)]
        return answer_rows.top_mistakes(rows, limit)

    def _with_label_wrong(self, name: str) -> list[PredictionRow]:
        return [
            row
            for row in self.rows
            if (name in parsed_labels(row.truth)) != (name in parsed_labels(row.label))
        ]

    def with_labels(self, pair: tuple[str, str], of_truth: bool) -> list[PredictionRow]:
        """The samples for which both labels were predicted, or that truly have both."""
        said = [(row, row.truth if of_truth else row.label) for row in self.rows]
        return [row for row, text in said if {*pair} <= {*parsed_labels(text)}]

    def decode(self, path: Path, large: bool = False, /) -> Preview:
        """A sample to be seen."""
        tars.require_own(path, self.split.places)
        return self.modality.preview(path, self.input, large)

    def behind(self, pair: tuple[str, str]) -> list[PredictionRow]:
        """The answers of one cell of the matrix, the surest first."""
        found = [row for row in self.rows if (row.truth, row.label) == pair]
        return sorted(found, key=lambda row: -(row.confidence or 0.0))


def _is_wrong(marks: Sequence[MarkedBox], name: str) -> bool:
    """Whether a box of a class is missed or a false alarm."""
    return any(mark.wrong and mark.name == name for mark in marks)


def _of_question(row: PredictionRow, place: int, results: RunResults) -> PredictionRow | None:
    """A row as one of a single question; None where that is not answered.

    The cells of several questions are each an answer and its confidence.
    """
    truth, label = parsed_answers(row.truth)[place], parsed_answers(row.label)[place]
    if truth is None or label is None or len(row.cells) < 2 * place + 2:
        return None
    return PredictionRow(row.path, truth, label, float(row.cells[2 * place + 1]))


def _about(run: Run) -> str:
    """``clothing · MobileNetV2 · Fine-tuning · 2026-11-22 09:48:01 · its folder``; before it, when
    it ended if that was today, that the user ended it early, and on which other computer it ran."""
    parts = (
        _ended(run),
        _stopped(run),
        _elsewhere(run),
        RunName.of(run).full,
        shown(run.path.name),
    )
    return " · ".join(part for part in parts if part)


def _ended(run: Run) -> str:
    """The time of day, which tells results with the same figures apart; empty on other days."""
    try:
        ended = datetime.fromtimestamp((run.path / REPORT).stat().st_mtime)
    except OSError:
        return ""
    if ended.date() != datetime.now().date():
        return ""
    return _("Finished today at {time}").format(time=f"{ended:%H:%M}")


def _elsewhere(run: Run) -> str:
    """On which other computer it was trained; else empty."""
    try:
        found = assignments.of(run)
    except UserError:  # the results are there all the same
        return ""
    return "" if found is None else _("Trained on {name}").format(name=shown(found.place.name))


def _stopped(run: Run) -> str:
    """That the user stopped the training before its planned end; else empty."""
    try:
        history = run.history()
    except UserError:  # its events are damaged: the results are there all the same
        return ""
    started, outcome = history.started, history.outcome
    early = isinstance(outcome, ev.Finished) and outcome.outcome == "stopped"
    # of a search: it was stopped, not the training that it kept
    if not early or started is None or not history.epochs or history.trials:
        return ""
    text = _("Stopped by you after {done} of {total} epochs")
    return text.format(done=history.epochs[-1].epoch, total=started.epochs)


def _said(row: PredictionRow, report: Report) -> str:
    """The prediction; a number with the digits that its error can carry."""
    error = report.mean_absolute_error
    if error is None or not row.cells:
        return shown(row.label)
    return f"{rounded_text(float(row.cells[0]), error)} {report.unit}".rstrip()


def caption(row: PredictionRow, report: Report, doubted: bool = False) -> str:
    """Two lines: what it is, what was predicted and how surely.

    Args:
        doubted: whether its label is likely wrong.
    """
    said, unit = _said(row, report), report.unit
    if row.confidence is not None:
        answer = _("{label} · {percent} %")
        said = answer.format(label=said, percent=hundredths(row.confidence))
    truth = f"{shown(row.truth)} {unit}".rstrip()
    truth = _("{label} (wrong?)").format(label=truth) if doubted else truth
    return "\n".join((truth, "→ " + said))


def sentence(row: PredictionRow, report: Report) -> str:
    """The same as a sentence."""
    values = {"truth": f"{shown(row.truth)} {report.unit}".rstrip(), "label": _said(row, report)}
    if row.confidence is None:
        return _("True value {truth}, predicted {label}.").format(**values)
    values["percent"] = hundredths(row.confidence)
    if row.right:
        text = _("Labelled “{truth}”, predicted correctly with {percent} % confidence.")
    else:
        text = _("Labelled “{truth}”, predicted as “{label}” with {percent} % confidence.")
    return text.format(**values)
