"""What the automatic choice tried, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transfergui.core import registry
from transfergui.core.base.i18n import _, comma_list, duration
from transfergui.core.base.notes import Note
from transfergui.core.base.options import Options, describe
from transfergui.core.interfaces.objective import Score
from transfergui.core.recipe import HeadOptions, OptimOptions
from transfergui.core.runs.events import Tried

STRUCTS: Mapping[str, type[Options]] = {"head": HeadOptions, "optim": OptimOptions}
"""Of the settings that are searched, by the part of the recipe."""


@dataclass(frozen=True)
class Measures:
    """What trials are measured by: two measures, which cannot be compared with each other.

    Attributes:
        score: of a trained model, on the validation set; in ``unit`` where it is no share.
        probe: of a linear probe (a linear model of frozen features), cross-validated on a part of
            the training set.
    """

    score: Score
    unit: str = ""
    probe: Score | None = None

    def trained(self, trial: Tried) -> float | None:
        """The validation score of a trained model; None for a backbone that was only probed."""
        return trial.accuracy if trial.strategy else None

    def probed(self, trial: Tried) -> float | None:
        """The linear probe's score of a frozen backbone; None for a trained model."""
        return None if trial.strategy else trial.accuracy

    def trained_text(self, trial: Tried) -> str:
        """``85.3 %``; empty where nothing was trained."""
        value = self.trained(trial)
        return "" if value is None else self.score.text(value, self.unit)

    def probed_text(self, trial: Tried) -> str:
        """``85.3 %``; empty where nothing was probed."""
        value = self.probed(trial)
        return "" if value is None else (self.probe or self.score).text(value)

    @property
    def trained_title(self) -> str:
        """Of the column of :meth:`trained`."""
        return _("Validation: {score}").format(score=_(self.score.title))

    @property
    def probed_title(self) -> str:
        """Of the column of :meth:`probed`."""
        return _("Linear probe: {score}").format(score=_((self.probe or self.score).title))


def way(trial: Tried) -> str:
    """How a backbone was tried: the strategy's title, and the settings that were."""
    if not trial.strategy:
        return _("Linear probe")
    titles = {strategy.key: _(strategy.title) for strategy in registry.STRATEGIES}
    title = titles.get(trial.strategy, trial.strategy)  # a newer version may know more
    settings = comma_list(_setting(path, value) for path, value in trial.settings.items())
    return f"{title}: {settings}" if settings else title


def _setting(path: str, value: Any) -> str:
    """``Learning rate 0.001``."""
    part, _dot, name = path.partition(".")
    if part not in STRUCTS:
        return _("{preset} augmentation").format(preset=_(str(value)))
    named = (option.title for option in describe(STRUCTS[part]) if option.name == name)
    figure = f"{value:g}" if isinstance(value, int | float) else str(value)
    return f"{_(next(named, path))} {figure}"


def full_time(trial: Tried) -> str:
    """``2 min`` as it was measured; ``about 2 min`` as it was estimated, ``over 2 min`` where that
    was too little; empty where it is not known."""
    if trial.full is None:
        return ""
    if trial.strategy and trial.accuracy is not None:
        return duration(max(1, trial.full))
    text = _("over {time}") if trial.seconds > trial.full else _("about {time}")
    return text.format(time=duration(max(1, trial.full, trial.seconds)))


def fate(trial: Tried) -> str:
    """What became of it, or how far it is, as a sentence."""
    if trial.dropped == "auto.elsewhere" and trial.epochs:
        text = _("In another process: epoch {epoch} of {epochs}.")
        return text.format(epoch=trial.epoch, epochs=trial.epochs)
    return Note(trial.dropped).sentence() if trial.dropped else _("Chosen.")
