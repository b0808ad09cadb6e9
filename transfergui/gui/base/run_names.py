"""What a training is called wherever one is chosen or named: folders differ in a number only."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.evaluation import chosen
from transfergui.core.projects import corrected
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.sources import network_title
from transfergui.gui.base.run_figure import RunFigure


@dataclass(frozen=True)
class RunName:
    """The parts of a name; made in a worker thread, as a run is read for it.

    Attributes:
        data: what it learnt from.
        began: seconds since 1970.
        own: the name that the user gave it; empty where none was given.
    """

    data: str
    network: str
    strategy: str
    began: float
    own: str = ""

    @classmethod
    def of(cls, run: Run) -> RunName:
        """
        Raises:
            UserError: it is damaged, or was deleted meanwhile.
        """
        recipe = run.recipe
        data, network, strategy = data_name(run, recipe), network_title(run), strategy_title(recipe)
        try:
            return cls(data, network, strategy, run.began, run.name)
        except FileNotFoundError:
            raise UserError("run.missing", path=str(run.path)) from None

    @property
    def when(self) -> str:
        """To the second: small trainings take no longer."""
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.began))

    @property
    def short(self) -> str:
        """``MobileNetV2 · Fine-tuning · 2026-11-22 09:48:01``, among others on the same data; after
        the user's own name for it."""
        parts = (self.own, self.network, self.strategy, self.when)
        return " · ".join(map(shown, filter(None, parts)))

    def beside(self, other: RunName) -> str:
        """``Fine-tuning · 09:48:01``: what tells it from another run, where there is little room;
        of two on one day, the date tells nothing."""
        parts = [
            own
            for own, theirs in ((self.network, other.network), (self.strategy, other.strategy))
            if own != theirs
        ]
        day = self.when[:10] == other.when[:10]
        when = self.when[11:] if day else self.when[:16]
        return " · ".join(map(shown, filter(None, (self.own, *parts, when))))

    @property
    def called(self) -> str:
        """The user's own name for it, or what its data are called."""
        return self.own or self.data

    @property
    def full(self) -> str:
        """As :attr:`short`, with the name of the data."""
        if not self.own:
            return f"{shown(self.data)} · {self.short}"
        return self.short.replace(shown(self.own), f"{shown(self.own)} ({shown(self.data)})", 1)


def data_name(run: Run, recipe: Recipe) -> str:
    """What the data of a run are called, with what was added to them: ``photos + new_sorted``."""
    own = recipe.name or recipe.data.name or run.path.name
    return with_added(own, recipe.data.added)


def with_added(name: str, added: Sequence[str]) -> str:
    """The name of data, with the names of what was added to them, by their paths."""
    names = (
        _("corrected predictions") if corrected.is_table(path) else Path(path).name
        for path in added
    )
    return " + ".join(dict.fromkeys((name, *names)))


def strategy_title(recipe: Recipe) -> str:
    """The title of the strategy, or its key where a newer program knows it; with the names of the
    other data that it uses: ``CORAL → new_phone``, ``TrAdaBoost ← theirs, archive``; with what was
    chosen for what is predicted: ``Fine-tuning, Faster R-CNN``."""
    known = next((each for each in registry.STRATEGIES if each.key == recipe.strategy), None)
    if known is None:
        return recipe.strategy
    return " ".join(
        filter(None, (chosen.method_title(recipe, _(known.title)), others_used(recipe)))
    )


def others_used(recipe: Recipe) -> str:
    """The names of the other data that its strategy uses: ``→ new_phone``, to which it adapts,
    ``← theirs, archive``, from which it learns; empty without any."""
    known = next((each for each in registry.STRATEGIES if each.key == recipe.strategy), None)
    if known is None:
        return ""
    target = [path for role, path in recipe.others() if role == "target" and role in known.needs]
    used = {*known.needs, *known.uses} - {"target", "check"}
    learnt = [path for role, path in recipe.others() if role in used]
    return " ".join(
        f"{sign} {', '.join(shown(Path(path).name) for path in paths)}"
        for sign, paths in (("→", target), ("←", learnt))
        if paths
    )


def figure_of(run: Run) -> RunFigure | None:
    """What it reached on the test set; None where it was not tested, or the report is damaged."""
    try:
        found = run.report()
    except UserError:  # the Runs stage says what is wrong with it
        return None
    return RunFigure.of(found) if found.get("measured_on", "test") == "test" else None


def result_of(run: Run, figure: RunFigure | None) -> str:
    """What a list of models says of a run beside its name: ``92 %``, ``AP50 83 %``, ``43 %,
    grouped``, ``paused, not tested``."""
    if figure is not None and figure.grouped:
        return _("{figure}, grouped").format(figure=figure.named)
    if figure is not None:
        return figure.named
    outcome = run.history().outcome
    cancelled = isinstance(outcome, ev.Finished) and outcome.outcome == "cancelled"
    return _("paused, not tested") if cancelled else _("not tested")
