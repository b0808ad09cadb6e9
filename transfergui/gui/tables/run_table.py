"""The runs as a table: a row for each, with what became of it."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from transfergui.core import registry
from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import N_, _, paragraph
from transfergui.core.base.paths import shown
from transfergui.core.data import versions
from transfergui.core.evaluation import borrowing_gain, data_checks
from transfergui.core.evaluation.data_checks import NO_DOUBT, Doubted
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs import notes
from transfergui.core.runs.history import History
from transfergui.core.runs.notes import RunNotes
from transfergui.core.runs.run import Run
from transfergui.core.sources import network_title
from transfergui.gui.base import desktop, errors, words
from transfergui.gui.base.run_figure import RunFigure
from transfergui.gui.base.run_names import data_name, strategy_title
from transfergui.gui.networks.model_notice import doubt
from transfergui.gui.parts.term_label import TERMS
from transfergui.gui.tables.result_table import ResultTable, RowsModel
from transfergui.gui.tables.run_cells import HIGH, RunColumn, RunDelegate

STATES: dict[str, tuple[str, str]] = {
    "done": (N_("finished"), "success"),
    "stopped": (N_("stopped by you"), "success"),
    "cancelled": (N_("paused"), "warning"),
    "interrupted": (N_("interrupted"), "warning"),
    "failed": (N_("failed"), "danger"),
    "active": (N_("in training"), "accent"),
    "damaged": (N_("unreadable"), "danger"),
}
"""Word and colour of each state of a run."""
PARTED = " · "
FINISHED = ("done", "stopped")
BACKBONE, STRATEGY, CURVE, FIGURE, INTERVAL = 2, 3, 5, 6, 7
"""Columns that are named below; those of the strategy, of the interval and of the notes stand in
the second lines of others, and are there to be copied."""
WHERE_USED = 11
HIDDEN = (STRATEGY, INTERVAL, 9, 10)
SPARED = (1, 8)
"""Columns that a narrow table does without: when it was started, and its epochs."""
ROOMY = 700
"""Pixels from which on a table is not narrow."""
WIDEST = 216
"""Pixels of the figure with its name at most, enough for “mean average precision”."""
NARROW = 80
"""No column gives way further, in pixels."""
NAME = 170
"""Pixels of the names where the others leave them nothing: then the table scrolls."""
BESIDE = 18
"""Pixels beside a heading."""
POINTS = 60
"""Points of a curve at most."""


@dataclass(frozen=True)
class RunRow:
    """One run as the table shows it.

    Attributes:
        name: the user's own, or of its data, and whether they were divided in another way than at
            random.
        learnt_from: the name of its data, where the user gave the run one of its own.
        modality: key of what it was trained on; empty where that is not known.
        notes: what the user noted.
        scores: on the validation set, after each epoch (of very many, after some of them); ``best``
            is the place of the best one, -1 without one, and ``best_epoch`` its epoch.
        picture: one of its data; None where there is none to show.
        began: seconds since 1970.
        data: where its data were, by which those of others are told apart; empty if unknown.
        origin: what it began with, as its recipe names it: a key, a run, a file.
        epochs: None where nothing was learnt, but put together.
        objective: key of what it predicts; empty where that is not known.
        figure: what it reached on the test; None where it was not tested.
        where_used: the same on labelled examples from where it will be used.
        state: key of :data:`STATES`.
        problem: why a damaged run cannot be read.
        data_version: which state of its data it saw, in words; empty where that is not known.
        ended_early: whether early stopping ended it, not its last planned epoch.
        doubted: what is known against its model.
    """

    run: Run
    name: str
    began: float
    data: str = ""
    backbone: str = ""
    origin: str = ""
    strategy: str = ""
    epochs: int | None = None
    objective: str = ""
    figure: RunFigure | None = None
    where_used: RunFigure | None = None
    state: str = "interrupted"
    problem: str = ""
    ended_early: bool = False
    learnt_from: str = ""
    modality: str = ""
    notes: RunNotes = field(default_factory=RunNotes)
    scores: tuple[float, ...] = ()
    best: int = -1
    best_epoch: int = 0
    picture: QImage | None = None
    data_version: str = ""
    doubted: Doubted = NO_DOUBT

    @property
    def doubt(self) -> str:
        """Why its figure is not to be trusted, in few words; empty where it may be."""
        if self.doubted.no_use:
            return _("of no use yet")
        return _("do not trust yet") if self.doubted.problems else ""

    @property
    def symbol(self) -> QImage | str:
        """What stands before its name: a picture of its data, or an icon."""
        if self.picture is not None:
            return self.picture
        known = (each.icon for each in registry.MODALITIES if each.key == self.modality)
        return next(known, "file")

    @property
    def curve(self) -> tuple[float, ...]:
        """Its scores as heights in [0, 1]."""
        if not self.scores:
            return ()
        low, high = min(self.scores), max(self.scores)
        return tuple((each - low) / (high - low) if high > low else 0.5 for each in self.scores)

    @property
    def searched(self) -> str:
        """Where the words that are typed above the table are looked for."""
        words = (self.name, self.learnt_from, self.backbone, self.strategy, self.notes.note)
        return "\n".join((*words, *self.notes.tags, _(STATES[self.state][0]))).casefold()

    @property
    def when(self) -> str:
        """It was started; to the second, as small trainings take no longer."""
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.began))

    @property
    def tip(self) -> str:
        """What there is to know beside its name."""
        known = (self.learnt_from, self.data_version, self.notes.note, str(self.run.path))
        return self.problem or " · ".join(filter(None, known))

    @classmethod
    def read(cls, run: Run) -> RunRow:
        """Read in a worker thread; a damaged run is a row too, whatever is wrong with it.

        Raises:
            FileNotFoundError: it was deleted meanwhile.
        """
        began = run.began
        try:
            return cls._of(run, began)
        except UserError as error:
            problem = str(error)
        except Exception as error:  # a bug, which must not hide the other runs
            errors.report_bug(error)
            bug = _("This run cannot be read because of a bug in TransferGUI ({reason}).")
            problem = str(memory.as_user_error(error) or bug.format(reason=type(error).__name__))
        return cls(run, run.path.name, began, state="damaged", problem=problem)

    @classmethod
    def _of(cls, run: Run, began: float) -> RunRow:
        """
        Raises:
            UserError: it is damaged.
        """
        recipe, history = run.recipe, run.history()
        found, network = run.report(), network_title(run)
        own = run.name
        learnt_from = _name(run, recipe, bool(found.get("grouped_by")))
        return cls(
            run=run,
            name=own or learnt_from,
            learnt_from=learnt_from if own else "",
            began=began,
            data=recipe.data.path,
            modality=recipe.modality,
            notes=notes.read(run.path),
            backbone=network,
            origin=recipe.backbone,
            strategy=_strategy(recipe, bool(history.trials), _outcome(found)),
            epochs=_epochs(recipe, history),
            objective=history.started.objective if history.started else "",
            figure=RunFigure.of(found),
            where_used=RunFigure.where_used(found),
            doubted=data_checks.doubts_of(run),
            state="active" if run.active() else _state(history.outcome),
            ended_early=_ended_early(recipe, history),
            data_version=versions.told(
                str(found.get("data_version", "")), versions.corrections_in(recipe.data)
            ),
            **_curve(history),
        )


class _RunRows(RowsModel[RunRow]):
    """To screen readers, the second line of a cell, too."""

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        said = super().data(index, role)
        if role != Qt.ItemDataRole.AccessibleTextRole:
            return said
        column, row = self.columns[index.column()], self.shown[index.row()]
        assert isinstance(column, RunColumn)
        chips = column.chips(row) if column.chips else ()
        below = column.below(row) if column.below else ""
        return PARTED.join(part for part in (said, *chips, below) if part)


class RunTable(ResultTable):
    """See the module.

    Attributes:
        grouped: whether a line parts the runs on other data from those above them.
    """

    def __init__(self) -> None:
        columns = [*_columns(), *_figure_columns()]
        super().__init__(columns, model=_RunRows(columns), least=NAME)
        self.grouped = False
        self._fitted: dict[int, int] = {}
        self.setItemDelegate(RunDelegate(self, self._begins_group))
        self.verticalHeader().setDefaultSectionSize(HIGH)
        for number in (*HIDDEN, WHERE_USED):
            self.setColumnHidden(number, True)
        self.horizontalHeader().moveSection(WHERE_USED, FIGURE + 1)

    def show_runs(self, rows: list[RunRow]) -> None:
        """Replace the rows. What the figures are called stands in the heading where all are the
        same, else below each."""
        titles = {row.figure.title for row in rows if row.figure is not None}
        self.rows.set_columns([*_columns(), *_figure_columns(titles)])
        self.rows.fill(rows)
        self.setColumnHidden(WHERE_USED, not any(row.where_used for row in rows))

    def _begins_group(self, number: int) -> bool:
        rows = self.rows.shown
        return self.grouped and number > 0 and rows[number].data != rows[number - 1].data

    def fit(self) -> None:
        """Columns are as wide as what they hold; where there is no room, the widest give way.

        Those that the user has dragged stay as they are.
        """
        header = self.horizontalHeader()
        for number in SPARED:
            self.setColumnHidden(number, self.viewport().width() < ROOMY)
        seen = [n for n in range(1, header.count()) if not self.isColumnHidden(n)]
        now = {n: header.sectionSize(n) for n in seen}  # 0: what is left
        others = [n for n, width in now.items() if self._fitted.get(n, width) == width]
        held = {n: max(self.sizeHintForColumn(n), self._heading(n)) for n in others}
        dragged = sum(width for n, width in now.items() if n not in held)
        room = self.viewport().width() - NAME - dragged
        figure = min(
            held.pop(FIGURE, 0), WIDEST
        )  # without its name it says nothing: it gives way last
        caps = range(max(held.values(), default=0), NARROW, -1)
        fitting = (cap for cap in caps if sum(min(w, cap) for w in held.values()) <= room - figure)
        cap = next(fitting, NARROW)
        left = max(NARROW, room - sum(min(w, cap) for w in held.values()))
        widths = {n: min(width, cap) for n, width in held.items()}
        widths |= {FIGURE: min(figure, left)} if figure else {}
        for number, width in widths.items():
            header.resizeSection(number, width)
            self._fitted[number] = header.sectionSize(number)

    def copy(self) -> None:
        """As elsewhere, with what stands in second lines in columns of its own."""
        columns = self.rows.columns
        lines = [[column.title for column in columns]]
        lines += [[c.text(row) for c in columns] for row in self.chosen() or self.rows.shown]
        desktop.copy_table(lines)

    def _heading(self, number: int) -> int:
        """How wide it is; its arrow stands above it, and needs no room of its own."""
        metrics = self.horizontalHeader().fontMetrics()
        return metrics.horizontalAdvance(self.rows.columns[number].title) + BESIDE


def _columns() -> list[RunColumn]:
    return [
        RunColumn(
            _("Name"),
            lambda row: shown(row.name),
            explanation=_(
                "The name of the training data, or the name that you gave the run (F2), with your "
                "tags and your note below."
            ),
            tip=lambda row: shown(row.tip),
            below=lambda row: " ".join(shown(row.notes.note or row.learnt_from).split()),
            chips=lambda row: row.notes.tags,
            picture=lambda row: row.symbol,
        ),
        RunColumn(
            _("Started"),
            lambda row: _day(row.began),
            lambda row: row.began,
            tip=lambda row: _when(row.began),
            below=lambda row: _when(row.began)[-5:],
        ),
        RunColumn(
            _("Backbone"),
            lambda row: shown(row.backbone),
            tip=lambda row: shown(" · ".join(filter(None, (row.backbone, row.origin)))),
            below=lambda row: row.strategy,
        ),
        RunColumn(_("Strategy"), lambda row: row.strategy, tip=lambda row: row.strategy),
        RunColumn(
            _("State"),
            lambda row: _(STATES[row.state][0]),
            colour=lambda row: STATES[row.state][1],
            tip=lambda row: row.problem,
            below=lambda row: row.doubt or (_("early stopping") if row.ended_early else ""),
        ),
        RunColumn(
            _("Validation"),
            _said_of_curve,
            lambda row: row.best_epoch or None,
            explanation=_(
                "The validation score after each epoch, from its lowest to its highest value. The "
                "ring marks the best epoch."
            ),
            tip=_said_of_curve,
            curve=lambda row: (row.curve, row.best),
        ),
    ]


def _figure_columns(titles: Collection[str] = ()) -> list[RunColumn]:
    """Args:
    titles: of the figures that there are.
    """
    title, explained = _("Accuracy"), _(TERMS["accuracy"][1])
    if titles and set(titles) != {title}:
        title = next(iter(titles)) if len(titles) == 1 else _("Result")
        explained = _(
            "Measured on the test set. Runs that predict different things have different measures, "
            "which cannot be compared."
        )
    return [
        RunColumn(
            title,
            lambda row: _figure_text(row, named=len(titles) > 1),
            lambda row: None if row.figure is None else row.figure.order,
            explanation=explained,
            figure=True,
            share=lambda row: None if row.figure is None else row.figure.share,
            colour=lambda row: "warning" if row.doubt else "",
            tip=_figure_tip,
            below=lambda row: "" if row.figure is None else row.figure.between,
        ),
        RunColumn(
            _("95 % interval"),
            lambda row: "" if row.figure is None else row.figure.between,
            lambda row: None if row.figure is None else row.figure.low,
            figure=True,
        ),
        RunColumn(
            _("Epochs"),
            lambda row: "" if row.epochs is None else words.number(row.epochs),
            lambda row: row.epochs,
            explanation=_(TERMS["epoch"][1]),
            figure=True,
        ),
        RunColumn(_("Tags"), lambda row: ", ".join(row.notes.tags)),
        RunColumn(_("Note"), lambda row: " ".join(row.notes.note.split())),
        RunColumn(
            _("Where used"),
            lambda row: "" if row.where_used is None else row.where_used.text,
            lambda row: None if row.where_used is None else row.where_used.order,
            explanation=_(
                "The accuracy on labelled examples from where the model will be used. The other "
                "figure is measured on your own test set."
            ),
            figure=True,
            share=lambda row: None if row.where_used is None else row.where_used.share,
            below=lambda row: "" if row.where_used is None else row.where_used.between,
        ),
    ]


def _curve(history: History) -> dict[str, Any]:
    """The validation scores of a run and the best of them, as fields of its row."""
    known = [e for e in history.epochs if e.val_score is not None]
    if len(known) < 2:
        return {}
    step = -(-len(known) // POINTS)
    kept, best = known[::step], history.best
    place = -1 if best is None else min(range(len(kept)), key=lambda n: _apart(kept[n], best))
    scores = tuple(e.val_score for e in kept)
    return {"scores": scores, "best": place, "best_epoch": best.epoch if best else 0}


def _apart(one: ev.EpochEnded, other: ev.EpochEnded) -> int:
    return abs(one.epoch - other.epoch)


def _said_of_curve(row: RunRow) -> str:
    """What the curve shows, in words."""
    if not row.best_epoch:
        return ""
    text = _("Best epoch: {best} of {count}")
    return text.format(best=words.number(row.best_epoch), count=words.number(row.epochs or 0))


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _figure_text(row: RunRow, named: bool) -> str:
    """``93.1 %``, with the name of the figure behind it where that must be told."""
    if row.figure is None:
        return words.percent(None) if row.state in FINISHED else ""
    if not named:
        return row.figure.text
    return f"{row.figure.text} {within(row.figure.title)}"


def _figure_tip(row: RunRow) -> str:
    """The figure with its name, what its interval means, and what is known against it."""
    said = [_figure_meaning(row), row.doubted.no_use]
    if row.doubted.problems:
        said.append(doubt(row.doubted.problems))
    return paragraph([each for each in said if each])


def _figure_meaning(row: RunRow) -> str:
    if row.figure is None or not row.figure.between:
        return _figure_text(row, named=True)
    if row.figure.grouped:
        text = _(
            "{figure} on groups that the model has not seen ({by}). The true figure most likely "
            "lies in the range {interval} (95 % interval). Runs without groups look better, since "
            "they are tested on groups that they know."
        )
        values = {"by": row.figure.grouped, "interval": row.figure.between}
        return text.format(figure=_figure_text(row, named=True), **values)
    text = _("{figure}. The true figure most likely lies in the range {interval} (95 % interval).")
    figure = _figure_text(row, named=True)
    return text.format(figure=figure, interval=row.figure.between)


def _name(run: Run, recipe: Recipe, grouped: bool) -> str:
    """Of the data, and whether they were divided in another way than at random."""
    name = data_name(run, recipe)
    return _("{name}, grouped").format(name=name) if grouped else name


def _epochs(recipe: Recipe, history: History) -> int | None:
    if registry.procedure_of(recipe.strategy) == "combine":  # whose events count the trainings
        return None
    return history.epochs[-1].epoch if history.epochs else 0


def _outcome(report: dict[str, Any]) -> str:
    """What came of other data, where the name of the strategy would mislead; else empty."""
    found = report.get("verdict")
    if not isinstance(found, dict):
        return ""
    if found.get("kept") == "plain":
        return _("{title} (adapting declined)")
    return _("Other data hurt: {title}") if found.get("code") in borrowing_gain.HURT else ""


def _strategy(recipe: Recipe, searched: bool, outcome: str) -> str:
    """The title of the strategy; ``searched``: whether other ways were tried before; ``outcome``:
    of :func:`_outcome`."""
    title = strategy_title(recipe)
    title = outcome.format(title=title) if outcome else title
    found = searched and registry.procedure_of(recipe.strategy) == "train"
    return _("{title} (automatic search)").format(title=title) if found else title


def _ended_early(recipe: Recipe, history: History) -> bool:
    """Whether early stopping ended it; of a search, its end says nothing of the kept training."""
    outcome, started = history.outcome, history.started
    done = isinstance(outcome, ev.Finished) and outcome.outcome == "done"
    if not done or started is None or history.trials or not _epochs(recipe, history):
        return False
    return history.epochs[-1].epoch < started.epochs


def _state(outcome: ev.Finished | ev.Failed | None) -> str:
    match outcome:
        case ev.Finished():
            return outcome.outcome
        case ev.Failed():
            return "failed"
    return "interrupted"
