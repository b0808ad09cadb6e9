"""A run as the table of runs shows it."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtGui import QImage

from transfergui.core import registry
from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data import versions
from transfergui.core.evaluation import borrowing_gain, data_checks
from transfergui.core.evaluation.data_checks import NO_DOUBT, Doubted
from transfergui.core.places.run_state import TITLES, state_of
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs import notes
from transfergui.core.runs.history import History
from transfergui.core.runs.notes import RunNotes
from transfergui.core.runs.run import EVENTS, Run
from transfergui.core.sources import network_title
from transfergui.gui.base import errors
from transfergui.gui.base.run_figure import RunFigure
from transfergui.gui.base.run_names import data_name, others_used, strategy_title

POINTS = 60
"""Points of a curve at most."""


@dataclass(frozen=True)
class RunRow:
    """One run as the table shows it.

    Attributes:
        name: the user's own, or of its data, and whether they were divided in another way than at
            random.
        learnt_from: the name of its data, where the user gave the run one of its own.
        others: the names of other data that it used; empty without any.
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
        state: key of :data:`~transfergui.core.places.run_state.TITLES`.
        where: it is trained, or was until it was interrupted; empty for this process.
        problem: why a damaged run cannot be read.
        data_version: which state of its data it saw, in words; empty where that is not known.
        trainer: the process that trains it now, in words.
        touched: when something was last recorded of it, in seconds since 1970.
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
    others: str = ""
    modality: str = ""
    notes: RunNotes = field(default_factory=RunNotes)
    scores: tuple[float, ...] = ()
    best: int = -1
    best_epoch: int = 0
    picture: QImage | None = None
    data_version: str = ""
    trainer: str = ""
    where: str = ""
    touched: float = 0.0
    doubted: Doubted = NO_DOUBT

    @property
    def doubt(self) -> str:
        """Why its figure is not to be trusted, in few words; empty where it may be."""
        if self.doubted.no_use:
            return _("of no use yet")
        return _("do not trust yet") if self.doubted.why or self.doubted.maybe else ""

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
        return "\n".join((*words, *self.notes.tags, _(TITLES[self.state]), self.where)).casefold()

    @property
    def when(self) -> str:
        """It was started; to the second, as small trainings take no longer."""
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.began))

    @property
    def second(self) -> str:
        """What stands below its name."""
        return self.notes.note or " ".join(filter(None, (self.learnt_from, self.others)))

    @property
    def tip(self) -> str:
        """What there is to know beside its name."""
        about = (self.trainer, self.learnt_from, self.data_version, self.notes.note)
        known = (*about, str(self.run.path))
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
            others=others_used(recipe),
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
            **_state(run, history),
            ended_early=_ended_early(recipe, history),
            data_version=versions.told(
                str(found.get("data_version", "")), versions.corrections_in(recipe.data)
            ),
            **_curve(history),
        )


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


def _state(run: Run, history: History) -> dict[str, Any]:
    """Its state, where it is trained, and who does it, as fields of its row."""
    found = state_of(run, history)
    trainer = ""
    if found.holder is not None:
        trainer = _("trained by process {pid} on {host}")
        if found.place:
            trainer = _("followed by process {pid} on {host}")
        trainer = trainer.format(pid=found.holder.pid or "–", host=found.holder.host or "–")
    return {"state": found.key, "where": found.where, "trainer": trainer, "touched": touched(run)}


def touched(run: Run) -> float:
    """When something was last recorded of a run, in seconds since 1970; 0 for never."""
    with contextlib.suppress(OSError):
        return (run.path / EVENTS).stat().st_mtime
    return 0.0
