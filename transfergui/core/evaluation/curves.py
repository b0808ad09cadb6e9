"""What the curves of a training say, in plain words, with one thing to do about it.

Every rule looks at a :class:`~transfergui.core.runs.history.History` and gives a
:class:`Diagnosis` or None; :func:`diagnose` keeps what the rules found, in
their order. A new insight is one function and one line in ``RULES``. Rules say
nothing before ``MIN_EPOCHS`` epochs: the first ones prove nothing.
"""

import dataclasses
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import msgspec

from transfergui.core import registry
from transfergui.core.base.figure_texts import hundredths
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.figures.metrics import BestEpoch
from transfergui.core.interfaces.objective import Objective, Score
from transfergui.core.recipe import RunOptions
from transfergui.core.runs.events import EpochEnded, Finished
from transfergui.core.runs.history import History

MIN_EPOCHS = 3
NO_BETTER = 0.02
"""Accuracy above the baseline that still counts as no better than it."""
CONSTANT = 0.002
"""Relative spread of the training loss below which it does not move."""
DIVERGED = 1.5
"""Ratio of the last training loss to the smallest one from which the training diverges."""
GAP = 0.1
"""Training minus validation accuracy that hints at overfitting."""
TIMES = 1.5
"""The same of a figure that is no share: validation error over training error."""
MOST_EPOCHS = 10_000
"""That a recipe may have."""
STRONG = "Strong"
"""The preset of the strongest augmentation."""
FROZEN, THAWED = "feature_extraction", "fine_tuning"
"""A strategy that freezes the backbone, and the one that trains it instead."""
FORECASTS = ("curves.improving", "curves.stops_next", "curves.stops_soon")
"""What is said only while epochs follow."""
FEW = 30
"""Validation samples below which one of them, judged otherwise, moves loss and score by more than
the rules look for: what they say of a learning rate would be chance."""
UNSTEADY, TURNS = 0.2, 4
"""So much of its smallest value the validation loss jumps up and down, so many times one after the
other, where the learning rate is too high."""
LONGER = 0.02
"""The validation loss still falls where the last epoch has improved it by this share."""
POOR = 0.75
"""A share of the training set below which the model fits not even that."""
STILL = 0.02
"""The training loss no longer falls where the last third of the epochs improved it by less."""
RISEN = 1.1
"""Ratio of the last validation loss to the smallest one that confirms it."""


class Diagnosis(Note, frozen=True):
    """A note on what the curves say: a warning where the result will be poor unless something
    changes.

    Attributes:
        action: what the button calls the change, marked with ``N_``; empty without one.
        change: the settings to change, as in ``{"optim.lr": 1e-4}``.
    """

    action: str = ""
    change: dict[str, Any] = {}


def diagnose(history: History, options: RunOptions, ending: bool = False) -> tuple[Diagnosis, ...]:
    """What there is to say about a training, the most urgent first; empty while it is too early.

    Args:
        history: of a training that goes on or is over.
        options: those that it runs with (early stopping and patience).
        ending: it is being stopped, so nothing is said about how it would go on.
    """
    history = _with_labels(history)
    if history.started is None or len(history.epochs) < MIN_EPOCHS:
        return ()
    if history.phases and not history.phases[-1].trainable:  # finished trainings are put together
        return ()
    found = (rule(history, options) for rule in RULES)
    said = [diagnosis for diagnosis in found if diagnosis is not None]
    if ending or _trained(history):
        said = [diagnosis for diagnosis in said if diagnosis.code not in FORECASTS]
    kept = best_epoch(history) if isinstance(history.outcome, Finished) else None
    return (*said, *_named(history, of_best_epoch(kept) if kept else []))


def _with_labels(history: History) -> History:
    """Without the epochs in which nobody looked at labels: their loss is another one.

    Of figures that are no sums over batches, the training set never has a score.
    """
    if not followed(history).adds_up:
        return history
    known = [epoch for epoch in history.epochs if epoch.train_score is not None]
    return dataclasses.replace(history, epochs=known)


def _trained(history: History) -> bool:
    """Whether no epoch will follow: the last one has ended, or the model is being tested."""
    at, started = history.progress, history.started
    planned = started.epochs if started is not None else 0
    return history.epochs[-1].epoch >= planned or (at is not None and at.stage == "evaluate")


def details(history: History) -> list[Diagnosis]:
    """What explains the curves of a finished training but is no verdict on it: for a tooltip."""
    kept = best_epoch(history) if isinstance(history.outcome, Finished) else None
    if kept is None or history.started is None:
        return []
    started = history.started
    return _named(history, choice_of_epoch(kept, started.objective, started.unit))


def _named(history: History, notes: list[Note]) -> list[Diagnosis]:
    """The notes with what the examples are called."""
    assert history.started is not None
    noun = {"noun": registry.modality(history.started.modality).many}
    return [Diagnosis(note.code, note.values | noun, note.level) for note in notes]


def best_epoch(history: History) -> BestEpoch | None:
    """The epoch whose weights are kept; None before the first epoch has ended.

    Whether the network was untouched then is not known here.
    """
    best = history.best
    if best is None:
        return None
    worth = followed(history).curve.worth
    above = [e for e in history.epochs if worth(e.val_score) > worth(best.val_score)]
    highest = max(above, key=lambda epoch: worth(epoch.val_score), default=None)
    names = {phase.index: phase.name for phase in history.phases}
    return BestEpoch(
        epoch=best.epoch,
        phase=names.get(best.phase, ""),
        later=sum(epoch.phase > best.phase for epoch in history.epochs),
        accuracy=best.val_score,
        highest=highest.val_score if highest else None,
        highest_epoch=highest.epoch if highest else None,
    )


def of_best_epoch(kept: BestEpoch) -> list[Note]:
    """That the later phases of a training brought nothing, but for the noun."""
    if not kept.later:
        return []
    code = "moment.untouched" if kept.untouched else "moment.earlier_phase"
    return [Note(code, {"phase": _(kept.phase), "count": kept.later, "epoch": kept.epoch})]


def choice_of_epoch(kept: BestEpoch, objective: str = ONE_CLASS, unit: str = "") -> list[Note]:
    """Why an epoch was kept that does not have the best score, but for the noun: loss and score
    seldom agree on one. A detail, no verdict.

    Args:
        objective: key of what is predicted, with its ``unit``.
    """
    if kept.highest is None or kept.accuracy is None:
        return []
    score = registry.objective(objective).curve
    share, high = score.texts(kept.accuracy, kept.highest, unit)
    if share == high:
        return []
    values = {
        "epoch": kept.epoch,
        "share": share,
        "other": kept.highest_epoch,
        "high": high,
        "title": _(score.title),
    }
    return [
        Note("moment.not_highest" if objective == ONE_CLASS else "moment.not_best_score", values)
    ]


def _diverging(history: History, options: RunOptions) -> Diagnosis | None:
    losses = [epoch.train_loss for epoch in history.epochs]
    if losses[-1] <= DIVERGED * min(losses) or losses[-1] <= losses[0]:
        return None
    return Diagnosis("curves.diverging", level="warning", **_slower(history.epochs))


def _constant(history: History, options: RunOptions) -> Diagnosis | None:
    losses = [epoch.train_loss for epoch in history.epochs]
    if max(losses) - min(losses) > CONSTANT * abs(max(losses)):
        return None
    return Diagnosis("curves.constant", {"count": len(losses)}, "warning", **_faster(history))


def _majority(history: History, options: RunOptions) -> Diagnosis | None:
    if history.started is None or history.started.baseline is None or not _validated(history):
        return None
    baseline, best = history.started.baseline, max(_accuracies(history))
    if best > baseline + NO_BETTER:
        return None
    values = {"percent": int(hundredths(baseline)), "noun": _noun(history)}
    values["count"] = _validation_count(history)
    return Diagnosis("curves.majority", values, "warning", **_thawed(history))


def _by_heart(history: History, options: RunOptions) -> Diagnosis | None:
    last = history.epochs[-1]
    if not _validated(history) or last.train_score is None:
        return None
    smallest = min(e.val_loss for e in history.epochs if e.val_loss is not None)
    score, train, val = followed(history).curve, last.train_score, last.val_score or 0.0
    if not _behind(score, train, val) or (last.val_loss or 0.0) < RISEN * smallest:
        return None
    if history.started is not None and history.started.objective != ONE_CLASS:
        texts = {"train": score.text(train), "val": score.text(val)}
        texts |= {"title": _(score.title), "noun": _noun(history)}
        return Diagnosis("curves.overfitting", texts, "warning", **_augmented(history))
    count = _validation_count(history)
    values = {
        "train": int(hundredths(train)),
        "val": int(hundredths(val)),
        "hits": round(val * count),
        "count": count,
        "noun": _noun(history),
    }
    return Diagnosis("curves.by_heart", values, "warning", **_augmented(history))


def _behind(score: Score, train: float, val: float) -> bool:
    """Whether validation is far behind training: of a share by :data:`GAP`, of another error by
    :data:`TIMES`."""
    if score.share:
        return score.worth(train) - score.worth(val) >= GAP
    return val >= TIMES * train if not score.higher_is_better else train >= TIMES * val


def _stalled(history: History, options: RunOptions) -> Diagnosis | None:
    if history.best is None or not _validated(history) or options.patience is None:
        return None
    begun = history.phases[-1].epoch if history.phases else 0
    waited = history.epochs[-1].epoch - max(history.best.epoch, begun)
    left = options.patience - waited
    if options.early_stopping == "none" and waited >= options.patience:
        return Diagnosis("curves.plateau", {"count": waited})
    if options.early_stopping == "none" or history.outcome is not None or waited < 2 or left < 1:
        return None
    if history.started is not None and history.epochs[-1].epoch + left >= history.started.epochs:
        return None  # all epochs are trained before that
    code = "curves.stops_next" if left == 1 else "curves.stops_soon"
    return Diagnosis(code, {"count": left})


def _improving(history: History, options: RunOptions) -> Diagnosis | None:
    last = history.epochs[-1]
    if history.outcome is not None or not last.best:
        return None
    return Diagnosis("curves.improving")


def _unsteady(history: History, options: RunOptions) -> Diagnosis | None:
    """The loss jumps: up, down, up, down. Of a phase, as a new one may begin with a jump."""
    if _validation_count(history) < FEW:
        return None
    phase = history.epochs[-1].phase
    losses = [e.val_loss for e in history.epochs if e.phase == phase and e.val_loss is not None]
    last = losses[-TURNS - 1 :]
    steps = [after - before for before, after in pairwise(last)]
    if len(steps) < TURNS or min(map(abs, steps)) < UNSTEADY * min(last):
        return None
    if any(one * other > 0 for one, other in pairwise(steps)):
        return None
    return Diagnosis("curves.unsteady", {"count": TURNS}, "warning", **_slower(history.epochs))


def _underfitting(history: History, options: RunOptions) -> Diagnosis | None:
    """The training set itself is not learnt, and no longer gets better."""
    score, last = followed(history).curve, history.epochs[-1]
    if not isinstance(history.outcome, Finished) or not _validated(history) or not score.share:
        return None
    if last.train_score is None:
        return None
    losses = [epoch.train_loss for epoch in history.epochs]
    before = losses[-1 - max(1, len(losses) // 3)]
    train = last.train_score
    if train >= POOR or losses[-1] < (1 - STILL) * before:
        return None
    if (last.val_score or 0.0) > train + GAP:  # augmentation makes training harder
        return None
    values = {"value": score.text(train, decimals=0), "noun": _noun(history)}
    return Diagnosis("curves.underfitting", values, "warning", **_thawed(history))


def _too_short(history: History, options: RunOptions) -> Diagnosis | None:
    """It ended as planned, while the validation loss was falling."""
    started, outcome = history.started, history.outcome
    if not isinstance(outcome, Finished) or outcome.outcome != "done" or started is None:
        return None
    last, planned = history.epochs[-1], started.epochs
    losses = [e.val_loss for e in history.epochs if e.val_loss is not None]
    if last.epoch < planned or not last.best or len(losses) < MIN_EPOCHS:
        return None
    if losses[-1] > (1 - LONGER) * losses[-2]:
        return None
    longer = {"run.epochs": min(2 * planned, MOST_EPOCHS)}
    action = N_("Train for longer")
    return Diagnosis("curves.too_short", {"count": planned}, action=action, change=longer)


Rule = Callable[[History, RunOptions], Diagnosis | None]
RULES: tuple[Rule, ...] = (
    _diverging,
    _constant,
    _majority,
    _unsteady,
    _by_heart,
    _underfitting,
    _too_short,
    _stalled,
    _improving,
)


def _slower(epochs: list[EpochEnded]) -> dict[str, Any]:
    """The button and the change that lower the learning rate ten times."""
    rate = max(epoch.lr for epoch in epochs)
    return {"action": N_("Lower learning rate"), "change": {"optim.lr": rate / 10}}


def _faster(history: History) -> dict[str, Any]:
    """The button and the change that raise the learning rate ten times."""
    rate = max(epoch.lr for epoch in history.epochs)
    return {"action": N_("Raise learning rate"), "change": {"optim.lr": 10 * rate}}


def _augmented(history: History) -> dict[str, Any]:
    """The button and the change for the strongest augmentation of the modality."""
    assert history.started is not None
    presets = registry.modality(history.started.modality).augment_presets
    strong = presets.get(STRONG)
    if strong is None:
        return {}
    change = {"augment": msgspec.to_builtins(strong)}
    return {"action": N_("Stronger augmentation"), "change": change}


def _thawed(history: History) -> dict[str, Any]:
    """The button and the change that train the backbone, too, where it was frozen."""
    if history.started is None or history.started.strategy != FROZEN:
        return {}
    change = {"strategy": THAWED, "options": {}}
    return {"action": N_("Use fine-tuning"), "change": change}


def _validated(history: History) -> bool:
    return history.epochs[-1].val_loss is not None


def followed(history: History) -> Objective:
    """What the training predicts, by whose figures it is followed; one class where that is not
    recorded, or is nothing that this version knows: the curves are drawn all the same."""
    key = ONE_CLASS if history.started is None else history.started.objective
    known = (row for row in registry.OBJECTIVES if row.key == key)
    return next(known, registry.objective(ONE_CLASS))


def _accuracies(history: History) -> list[float]:
    return [epoch.val_score for epoch in history.epochs if epoch.val_score is not None]


def _validation_count(history: History) -> int:
    """How many samples the validation loss is of."""
    return history.started.sizes.get("val", 0) if history.started is not None else 0


def _noun(history: History) -> str:
    """What the examples are called: pictures, recordings ..."""
    assert history.started is not None
    return _(registry.modality(history.started.modality).many)
