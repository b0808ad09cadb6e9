"""The runs as a table: a row for each, with what became of it."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import Qt

from transfergui.core import registry
from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run
from transfergui.core.sources import network_title
from transfergui.gui.base import errors, words
from transfergui.gui.base.run_figure import RunFigure
from transfergui.gui.base.run_names import data_name, strategy_title
from transfergui.gui.parts.term_label import TERMS
from transfergui.gui.tables.result_table import LEAST, Column, ResultTable

STATES: dict[str, tuple[str, str]] = {
    "done": (N_("finished"), "success"),
    "stopped": (N_("stopped early"), "success"),
    "cancelled": (N_("paused"), "warning"),
    "interrupted": (N_("interrupted"), "warning"),
    "failed": (N_("failed"), "danger"),
    "active": (N_("training"), "accent"),
    "damaged": (N_("unreadable"), "danger"),
}
"""Word and colour of each state of a run."""
FINISHED = ("done", "stopped")
FIGURE, LIKELY = 5, 6
"""The columns of the figure that a run reached, and of the range in which it likely lies."""
WIDEST = 216
"""Pixels of the figure with its name at most, enough for “mean average precision”."""
NARROW = 80
"""No column gives way further, in pixels."""
BESIDE = 18
"""Pixels beside a heading."""


@dataclass(frozen=True)
class RunRow:
    """One run as the table shows it.

    Attributes:
        name: the user's own, or of its data, and whether they were divided in another way than at
            random.
        learnt_from: the name of its data, where the user gave the run one of its own.
        began: seconds since 1970.
        data: where its data were, by which those of others are told apart; empty if unknown.
        origin: what it began with, as its recipe names it: a key, a run, a file.
        epochs: None where nothing was learnt, but put together.
        objective: key of what it predicts; empty where that is not known.
        figure: what it reached on the test; None where it was not tested.
        state: key of :data:`STATES`.
        problem: why a damaged run cannot be read.
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
    state: str = "interrupted"
    problem: str = ""
    learnt_from: str = ""

    @property
    def tip(self) -> str:
        """What there is to know beside its name."""
        return self.problem or " · ".join(filter(None, (self.learnt_from, str(self.run.path))))

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
            backbone=network,
            origin=recipe.backbone,
            strategy=_strategy(recipe, bool(history.trials)),
            epochs=_epochs(recipe, history),
            objective=history.started.objective if history.started else "",
            figure=RunFigure.of(found),
            state="active" if run.active() else _state(history.outcome),
        )


class RunTable(ResultTable):
    """See the module."""

    def __init__(self) -> None:
        super().__init__([*_columns(), *_figure_columns()])
        self._fitted: dict[int, int] = {}

    def show_runs(self, rows: list[RunRow]) -> None:
        """Replace the rows. What the figures are called stands in the heading where all are the
        same, else before each."""
        titles = {row.figure.title for row in rows if row.figure is not None}
        self.rows.set_columns([*_columns(), *_figure_columns(titles)])
        self.rows.fill(rows)

    def fit(self) -> None:
        """Columns are as wide as what they hold; where there is no room, the widest give way.

        Those that the user has dragged stay as they are.
        """
        header = self.horizontalHeader()
        now = {n: header.sectionSize(n) for n in range(1, header.count())}  # 0: what is left
        others = [n for n, width in now.items() if self._fitted.get(n, width) == width]
        held = {n: max(self.sizeHintForColumn(n), self._heading(n)) for n in others}
        dragged = sum(width for n, width in now.items() if n not in held)
        room = self.viewport().width() - LEAST - dragged
        figure = min(
            held.pop(FIGURE, 0), WIDEST
        )  # without its name it says nothing: it gives way last
        likely = held.pop(LIKELY, 0)
        room -= likely
        caps = range(max(held.values(), default=0), NARROW, -1)
        fitting = (cap for cap in caps if sum(min(w, cap) for w in held.values()) <= room - figure)
        cap = next(fitting, NARROW)
        left = max(NARROW, room - sum(min(w, cap) for w in held.values()))
        widths = {n: min(width, cap) for n, width in held.items()}
        widths |= {FIGURE: min(figure, left)} if figure else {}
        widths |= {LIKELY: likely} if likely else {}
        for number, width in widths.items():
            header.resizeSection(number, width)
            self._fitted[number] = header.sectionSize(number)

    def _heading(self, number: int) -> int:
        """How wide it is; its arrow stands above it, and needs no room of its own."""
        metrics = self.horizontalHeader().fontMetrics()
        return metrics.horizontalAdvance(self.rows.columns[number].title) + BESIDE


def _columns() -> list[Column[RunRow]]:
    return [
        Column(
            _("Name"),
            lambda row: shown(row.name),
            explanation=_(
                "The name of the training data, or the name that you gave the run. Press F2 to "
                "rename a run."
            ),
            tip=lambda row: shown(row.tip),
        ),
        Column(
            _("Started"),
            lambda row: _when(row.began),
            lambda row: row.began,
            tip=lambda row: _when(row.began),
            elide=Qt.TextElideMode.ElideLeft,  # most were begun in the same year
        ),
        Column(
            _("Backbone"),
            lambda row: shown(row.backbone),
            tip=lambda row: shown(" · ".join(filter(None, (row.backbone, row.origin)))),
        ),
        Column(_("Strategy"), lambda row: row.strategy, tip=lambda row: row.strategy),
        Column(
            _("State"),
            lambda row: _(STATES[row.state][0]),
            colour=lambda row: STATES[row.state][1],
            tip=lambda row: row.problem,
        ),
    ]


def _figure_columns(titles: Collection[str] = ()) -> list[Column[RunRow]]:
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
        Column(
            title,
            lambda row: _figure_text(row, named=len(titles) > 1),
            lambda row: None if row.figure is None else row.figure.order,
            explanation=explained,
            figure=True,
            share=lambda row: None if row.figure is None else row.figure.share,
            tip=lambda row: _figure_text(row, named=True),
        ),
        Column(
            _("Interval"),
            lambda row: "" if row.figure is None else row.figure.between,
            lambda row: None if row.figure is None else row.figure.low,
            explanation=_(
                "95 % interval, in which the true figure most likely lies: a test set is only a "
                "sample. Runs whose ranges overlap a lot cannot be told apart."
            ),
            figure=True,
        ),
        Column(
            _("Epochs"),
            lambda row: "" if row.epochs is None else words.number(row.epochs),
            lambda row: row.epochs,
            explanation=_(TERMS["epoch"][1]),
            figure=True,
        ),
    ]


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _figure_text(row: RunRow, named: bool) -> str:
    """``93.1 %``, with the name of the figure behind it where that must be told."""
    if row.figure is None:
        return words.percent(None) if row.state in FINISHED else ""
    if not named:
        return row.figure.text
    return f"{row.figure.text} {words.within(row.figure.title)}"


def _name(run: Run, recipe: Recipe, grouped: bool) -> str:
    """Of the data, and whether they were divided in another way than at random."""
    name = data_name(run, recipe)
    return _("{name}, grouped").format(name=name) if grouped else name


def _epochs(recipe: Recipe, history: History) -> int | None:
    if registry.procedure_of(recipe.strategy) == "combine":  # whose events count the trainings
        return None
    return history.epochs[-1].epoch if history.epochs else 0


def _strategy(recipe: Recipe, searched: bool) -> str:
    """The title of the strategy; ``searched``: whether other ways were tried before."""
    title = strategy_title(recipe)
    found = searched and registry.procedure_of(recipe.strategy) == "train"
    return _("{title} (automatic search)").format(title=title) if found else title


def _state(outcome: ev.Finished | ev.Failed | None) -> str:
    match outcome:
        case ev.Finished():
            return outcome.outcome
        case ev.Failed():
            return "failed"
    return "interrupted"
