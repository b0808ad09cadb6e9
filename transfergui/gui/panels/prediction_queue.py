"""Predictions for what was given, one job after the other, with the model that is chosen."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject

from transfergui.core import registry
from transfergui.core.app import likeness, predicting, tent, wholes
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list, paragraph
from transfergui.core.base.notes import Note
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.figures import box_answers
from transfergui.core.interfaces.plan import Modality
from transfergui.core.reading.given import unfolded
from transfergui.core.trained import TrainedModel
from transfergui.gui.acting.working import Moved, moved_answer, now_at
from transfergui.gui.base.kept_scores import scores
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.networks.model_row import ModelRow
from transfergui.gui.panels import unlike
from transfergui.gui.panels.earlier_predictions import EarlierPredictions, Kind, kind_of
from transfergui.gui.panels.prediction_rows import choices, row_of, said_again
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.samples.given import was_pasted
from transfergui.gui.samples.sample_pane import Decode
from transfergui.gui.tables.answer_columns import answer_columns
from transfergui.gui.tables.prediction_table import PredictionRow, PredictionTable

LISTED_EVERY = 0.25
"""Seconds between two times that predictions come into the table, while there are more."""


class GivenFiles(NamedTuple):
    """What was given at once, for any model that is chosen later.

    Attributes:
        modality: key of what the model looked at; empty as long as that is not known.
    """

    modality: str
    paths: list[Path]


@dataclass
class PredictionJob:
    """What one background prediction is given, and what it has found so far.

    The worker only appends and counts, the window only reads.

    Attributes:
        known: what earlier models said, by :func:`kind_of`, the last one at the end.
        earlier: which of it stands beside the answers.
        apart: why the last of it does not.
        own: from which score on the model shows boxes by itself, once it is loaded.
        notes: how what was given was read.
        likeness: what is to be said of all that was given, before it is predicted.
        adapt: whether the model is adapted to what was given.
        adapted: what is to be said of that.
    """

    source: Path
    given: list[Path]
    adapt: bool = False
    model: TrainedModel | None = None
    known: dict[Kind, EarlierPredictions] = field(default_factory=dict)
    earlier: EarlierPredictions | None = None
    apart: str = ""
    own: float | None = None
    notes: list[Note] = field(default_factory=list)
    likeness: list[Note] = field(default_factory=list)
    adapted: list[Note] = field(default_factory=list)
    total: int = 0
    rows: list[PredictionRow] = field(default_factory=list)
    began: float = 0.0


class PredictionQueue(QObject):
    """One job at a time; what is given meanwhile waits its turn.

    Args:
        parent: Qt's owner.
        models: where the model is chosen.
        table: where the predictions go.
        bar: where errors are shown.
        modality: returns what the chosen model looks at.
        progressed: called while a job runs.
        changed: called when a job has begun or ended.

    Attributes:
        model: the model whose predictions are in the table; None until it was loaded.
        source: where it is.
        compared: what another one said before, beside them.
        job: the one that runs.
        adapts: whether the model is adapted to what is given.
        adapted: what is to be said of that.
        own: from which score on models show boxes by themselves, by model.
    """

    def __init__(
        self,
        parent: QObject,
        models: ModelRow,
        table: PredictionTable,
        bar: MessageBar,
        *,
        modality: Callable[[], Modality],
        progressed: Callable[[PredictionJob], object],
        changed: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self._models, self._table, self._bar = models, table, bar
        self._modality, self._progressed, self._changed = modality, progressed, changed
        self._work = Task(
            self, _predict, self._done, self._failed, self._take, broken=self._give_up
        )
        self.job: PredictionJob | None = None
        self.model: TrainedModel | None = None
        self.source: Path | None = None
        self.compared: EarlierPredictions | None = None
        self.adapts = False
        self.adapted: list[Note] = []
        self._seen, self._shown = 0, 0.0
        self._listed: set[str] = set()  # keys of the rows that other jobs brought
        self._unlike: dict[str, tuple[Note, ...]] = {}  # by what was added
        self._waiting: list[list[Path]] = []
        self._given: list[GivenFiles] = []
        self._earlier: dict[Kind, EarlierPredictions] = {}  # by ``kind_of``
        self.own: dict[Path, float] = {}
        self._again = False

    @property
    def running(self) -> bool:
        return self._work.running

    def add(self, given: list[Path]) -> None:
        """Predict files and folders, after what is already waiting."""
        self._given = [gift for gift in self._given if gift.paths != given]
        self._given.append(GivenFiles(self._models.kind, given))
        self._waiting.append(given)
        self._begin_next()

    def cancel(self) -> None:
        """Stop; the predictions so far stay."""
        self._again = False
        self._waiting.clear()
        self._work.cancel()
        job, self.job = self.job, None
        self._take(job)
        self._table.rows.arrange()
        self._changed()

    def clear(self) -> None:
        """Take all predictions out of the table, and forget what was given."""
        self._given.clear()
        self.cancel()
        self._earlier.clear()
        self._unlike.clear()
        self.adapted.clear()
        self.compared = None
        self._table.rows.fill([])
        if self.model is not None:
            self._show_columns(self.model)
        self._changed()

    def take_over(self, former: PredictionQueue) -> None:
        """Have the predictions of another queue, in which nothing runs."""
        self._given, self._earlier = list(former._given), dict(former._earlier)
        self.model, self.source, self.compared = former.model, former.source, former.compared
        self.adapts, self.adapted = former.adapts, list(former.adapted)
        self.own = dict(former.own)
        if self.model is not None:
            self._show_columns(self.model, self.side_by_side())
            self._table.rows.append(former._table.rows.rows)
            self._table.rows.arrange()
        self._changed()

    def adapt(self, wanted: bool) -> None:
        """Adapt the model to what is given, or not; what was given is predicted again."""
        if wanted == self.adapts:
            return
        self.cancel()
        self.adapts = wanted
        self.adapted.clear()
        self._unlike.clear()
        self._table.rows.fill([])
        if self._models.current is not None:
            self._answer_again()
        self._changed()

    def judge_by(self, model: TrainedModel) -> None:
        """Show the predictions as ``model`` gives them, which is the same but for its promise, or
        for the score from which on it shows boxes."""
        self.model = model
        judged = (row.answer.judged(model.promise) for row in self._rows)
        rows = zip(judged, self._rows, strict=True)
        self._table.rows.fill([row_of(said_again(a, model), model, row.earlier) for a, row in rows])
        self._table.rows.arrange()
        self._changed()

    @property
    def _rows(self) -> list[PredictionRow]:
        return list(self._table.rows.rows)

    def follow_model(self) -> None:
        """Another model is chosen: what was given is predicted again, and the predictions so far
        stand beside the new ones."""
        self.cancel()
        self._keep_answers()
        self._unlike.clear()
        self.adapted.clear()
        self.model = None
        self._table.rows.fill([])
        source = self._models.current
        self._again = source is not None and source not in self._models.kinds
        if self._again:  # only the file itself knows what it looks at
            self._waiting.append([])
            self._begin_next()
        elif source is not None:
            self._answer_again()
        self._changed()

    def forget_earlier(self) -> None:
        """Show the predictions of the chosen model alone."""
        self._earlier.clear()
        self.compared = None
        rows = [dataclasses.replace(row, earlier=None) for row in self._rows]
        if self.model is not None:
            self._show_columns(self.model)
        self._table.rows.fill(rows)
        self._table.rows.arrange()
        self._changed()

    def name_of(self, source: Path) -> str:
        """What the model there is called."""
        return self._models.name_of(source)

    def follow_moved(self, moved: Moved) -> None:
        """Files are elsewhere now: the table knows them there, and so does another model."""
        self._given = [GivenFiles(gift.modality, now_at(gift.paths, moved)) for gift in self._given]
        self._table.rows.fill(
            dataclasses.replace(row, answer=moved_answer(row.answer, moved)) for row in self._rows
        )
        self._changed()

    def side_by_side(self) -> tuple[str, str] | None:
        """The names of the model and of the earlier one beside it; None where there is none."""
        if self.compared is None or self.source is None:
            return None
        mine, theirs = self._models.name_of(self.source), self.compared.name
        if mine == theirs:
            return f"{mine} ({self.source.name})", f"{theirs} ({self.compared.source.name})"
        return mine, theirs

    def _keep_answers(self) -> None:
        """Keep the answers in the table, to show them beside those of another model."""
        rows = self._table.rows.rows
        if self.model is not None and self.source is not None and rows:
            kept = {predicting.key(row.answer): row.answer for row in rows}
            name = self._models.name_of(self.source)
            earlier = EarlierPredictions(
                self.source,
                name,
                self.model.classes,
                self.model.objective,
                self.model.found,
                self.model.error,
                kept,
            )
            self._earlier.pop(kind_of(self.model), None)  # so that the last one is at the end
            self._earlier[kind_of(self.model)] = earlier

    def _answer_again(self) -> None:
        """Predict what was given for models of this kind of data; the rest is kept and said."""
        self._again = False
        kind = self._models.kind
        self._waiting = [gift.paths for gift in self._given if gift.modality in (kind, "")]
        others = {gift.modality for gift in self._given if gift.modality not in (kind, "")}
        if others and kind:
            text = _(
                "This model is for {noun}. The {others} that you added are kept until you choose "
                "a model for them."
            )
            names = comma_list(sorted(_(registry.modality(key).many) for key in others))
            noun = _(registry.modality(kind).many)
            self._bar.show_message(text.format(noun=noun, others=names), passing=True)
        self._begin_next()

    def _begin_next(self) -> None:
        if self._work.running or not self._waiting:
            return
        source = self._models.current
        assert source is not None  # where nothing is chosen, nothing is given
        known = {key: each for key, each in self._earlier.items() if each.source != source}
        self.job = PredictionJob(source, self._waiting.pop(0), self.adapts, self.model, known)
        self._seen, self._shown = 0, 0.0
        self._listed = {predicting.key(row.answer) for row in self._rows}
        self._work.start(self.job)
        self._changed()

    def _take(self, job: PredictionJob | None) -> None:
        """Show what came since the last time."""
        if job is None or job.model is None:
            return
        if job.model is not self.model:
            kind = job.model.modality.key
            self.model, self.source, self.compared = job.model, job.source, job.earlier
            self._models.kinds[job.source] = kind
            if job.own is not None:
                self.own[job.source] = job.own
            self._given = [GivenFiles(gift.modality or kind, gift.paths) for gift in self._given]
            self._show_columns(job.model, self.side_by_side())
            if missing := _missing(job.model):
                self._bar.show_message(missing, "warning")
            elif job.apart:
                self._bar.show_message(job.apart, "info")
        if job.notes:
            said, job.notes = job.notes, []
            self._bar.show_message(paragraph(note.sentence() for note in said), "info")
        if job.likeness:
            said, job.likeness = job.likeness, []
            self._unlike[name_of(job.given)] = tuple(said)
            self._say_unlike()
        if job.adapted:
            said, job.adapted = job.adapted, []
            self.adapted += [note for note in said if note not in self.adapted]
        self._list_new(job)
        self._progressed(job)

    def _list_new(self, job: PredictionJob) -> None:
        """List what came since the last time; while more is to come, not more often than is
        needed: each time, all that is seen of the table is drawn anew."""
        now = time.monotonic()
        if job is self.job and now < self._shown + LISTED_EVERY:
            return
        self._shown = now
        new = job.rows[self._seen :]
        self._seen += len(new)
        self._drop_former(new)
        self._table.rows.append(new)

    def _drop_former(self, new: Sequence[PredictionRow]) -> None:
        """What is predicted once more is not listed twice."""
        again = self._listed & {predicting.key(row.answer) for row in new}
        if again:
            self._listed -= again
            known = self._rows
            self._table.rows.fill(r for r in known if predicting.key(r.answer) not in again)

    def _say_unlike(self) -> None:
        """What is to be checked of all that was added, with its details behind a button."""
        if self._unlike:
            text, level = unlike.briefly(self._unlike)
            text = paragraph((text, _missing(self.model)))
            known = dict(self._unlike)
            details = lambda: unlike.UnlikeDialog(known, self._bar).open()  # noqa: E731
            self._bar.show_message(text, level, _("Details"), details)

    def _show_columns(self, model: TrainedModel, names: tuple[str, str] | None = None) -> None:
        """The columns that belong to what the model predicts."""
        own, sure = answer_columns(model.objective, model.found), model.objective.confident
        self._table.answers_of(choices(model), decoder(model), names, own, sure)

    def _done(self, job: PredictionJob) -> None:
        self.job = None
        self._take(job)
        self._table.rows.arrange()
        if self._bar.isHidden():  # what was said of others holds still
            self._say_unlike()
        if job.given and not job.rows:
            noun = _(self._modality().many)
            self._bar.show_message(
                _(
                    "This model reads {noun}, and none were found in what you added. Add {noun}, "
                    "or choose another model."
                ).format(noun=noun),
                "warning",
            )
        if self._again:
            self._answer_again()
        self._begin_next()
        self._changed()

    def _failed(self, error: UserError) -> None:
        self._bar.show_message(str(error), "error")
        self._give_up()

    def _give_up(self) -> None:
        self.job, self._again = None, False
        self._waiting.clear()
        self._changed()


def name_of(given: Sequence[Path]) -> str:
    """What was added, in a word: a file or a folder; of several files, their folder."""
    return given[0].name if len(given) == 1 else given[0].parent.name


def decoder(model: TrainedModel) -> Decode:
    """How samples are decoded to be seen, without holding the network."""
    modality, input = model.modality, model.input
    return lambda path, large=False, /: modality.preview(path, input, large)


# -- in a worker thread


def _predict(job: PredictionJob, report: Callable[[PredictionJob], None]) -> PredictionJob:
    warm_up()
    model = job.model or TrainedModel.load(job.source)
    if job.model is None and model.objective.places:
        job.own = box_answers.threshold(model.found.fitted)
        if (kept := scores.of(job.source)) is not None:
            model = model.showing_from(kept)
    job.earlier = earlier = job.known.get(kind_of(model))
    job.apart = next(
        (
            old.apart_from(model)
            for kind, old in reversed(job.known.items())
            if kind[0] == model.modality.key
        ),
        "",
    )
    job.model = model
    if not job.given:  # asked only what the model looks at
        return job
    given = unfolded(job.given, model.modality)
    given.rows |= {path: predicting.text_of(path) for path in job.given if was_pasted(path)}
    files = list(model.modality.list_files(given.paths, model.input))
    job.notes = [*given.notes]
    job.likeness = likeness.likeness(model, files, lambda _done, _total: report(job))
    asked, how = model, ""
    if job.adapt:
        asked, job.adapted, how = tent.tried(model, files, lambda _done, _total: report(job))
    job.total, job.began = len(files) + len(given.problems), time.monotonic()
    job.total += wholes.count(files, model.modality, given.paths)
    problems = (Prediction(Path(each.path), problem=each) for each in given.problems)
    with contextlib.closing(predicting.predict(asked, given, files)) as found:  # type: ignore[type-var]
        whole = wholes.with_wholes(found, model.modality, model.said, given.paths, asked.promise)
        marked = (dataclasses.replace(each, adapted=how) for each in whole)
        for answer in itertools.chain(problems, marked):
            before = earlier.beside(answer) if earlier else None
            job.rows.append(row_of(answer, model, before))
            report(job)
    return job


def _missing(model: TrainedModel | None) -> str:
    """What the model would be judged by, and cannot be."""
    return "" if model is None else paragraph(note.sentence() for note in model.notes)
