"""A model adapted to the very files that it is to predict, for this one time (Tent).

Episodic: a copy of the model is adapted to what was given at once; the model itself stays as it is,
and the next files begin with it again. Experimental: nothing tells whether predictions become more
often right, and a model may come to predict one class for everything.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import comma_list
from transfergui.core.base.notes import Note
from transfergui.core.base.parallel import ordered_map
from transfergui.core.base.progress import Tell, untold
from transfergui.core.figures import adapting
from transfergui.core.figures.questions import mcnemar

if TYPE_CHECKING:
    import torch

    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.trained import TrainedModel

KEY = "tent"
"""How saved predictions call it."""
FEWEST = 16
"""Files: of fewer, means and variances say nothing."""
FEW = 100
"""Of fewer, the model easily comes to predict too few classes."""
MOST = 512
"""Files that it is adapted to, spread over all of them."""
SMALLEST = 8
"""Of a batch that fits into memory."""
ONE_CLASS = 0.95
"""From this share on, one class is predicted for nearly everything."""
NAMED = 6
CHANCE = 0.05
"""Changes of shares that are less likely than this by chance are said."""


class AdaptedModel(NamedTuple):
    """A model for the files at hand.

    Attributes:
        model: adapted; what was promised of the other one does not hold for it.
        notes: what is to be said of it.
        how: it was adapted; empty where it was not.
    """

    model: TrainedModel
    notes: list[Note]
    how: str = KEY


def tried(model: TrainedModel, files: Sequence[Path], tell: Tell = untold) -> AdaptedModel:
    """As :func:`adapted`; ``model`` itself, and why, where that cannot be done."""
    try:
        return adapted(model, files, tell)
    except UserError as error:
        return AdaptedModel(model, [Note("tent.not_used", {"why": str(error)}, "warning")], "")


def adapted(model: TrainedModel, files: Sequence[Path], tell: Tell = untold) -> AdaptedModel:
    """A copy of ``model``, adapted to ``files``.

    Args:
        tell: called often with how many files were looked at; may raise.

    Raises:
        UserError: ``tent.`` codes: this cannot be done with this model or these files;
            ``model.onnx_only``; ``memory.exhausted``.
    """
    from transfergui.core.nn import tent

    if not model.objective.balances:
        raise UserError("tent.one_class_only")
    module = copy.deepcopy(model.module)
    if not tent.parameters(module.encoder):
        raise UserError("tent.no_norms", title=model.backbone.title)
    inputs = _read(model, files, tell)
    if inputs is None:
        raise UserError("tent.too_few", needed=FEWEST, noun=model.modality.many)
    before = _answers(model, inputs)
    size = _batch(module, inputs)
    for done in tent.adapt(module, inputs, size):
        tell(done, len(inputs))
    changed = model.with_network(module)
    return AdaptedModel(changed, _notes(model, before, _answers(changed, inputs)))


def _read(model: TrainedModel, files: Sequence[Path], tell: Tell) -> torch.Tensor | None:
    """Up to :data:`MOST` of the files as the network sees them [N, ...]; None of too few."""
    import torch

    rows = np.linspace(0, len(files) - 1, min(MOST, len(files))).round().astype(int)
    chosen = [files[row] for row in np.unique(rows)]

    def read(path: Path) -> torch.Tensor | None:
        try:
            return model.read(path)
        except UserError:  # said when it is predicted
            return None

    found: list[torch.Tensor] = []
    for done, each in enumerate(ordered_map(read, chosen), 1):
        tell(done, len(chosen))
        if each is not None:
            found.append(each)
    return torch.stack(found) if len(found) >= FEWEST else None


def _batch(module: Classifier, inputs: torch.Tensor) -> int:
    """How many files at once fit into memory.

    Raises:
        UserError: ``memory.exhausted``: too few.
    """
    from transfergui.core.base import memory
    from transfergui.core.nn.tent import BATCH
    from transfergui.core.training import budget

    module.requires_grad_(True)
    each = budget.kept_of_sample(module, inputs[:2])
    size = budget.fitting(budget.Need(0, 0, each), BATCH, memory.available())
    if size < SMALLEST:
        raise UserError("memory.exhausted")
    return size


def _answers(model: TrainedModel, inputs: torch.Tensor) -> np.ndarray:
    """Its probabilities [N, C]."""
    from transfergui.core.training.inference import BATCH

    return np.concatenate([model.answers(model.logits(part)) for part in inputs.split(BATCH)])


def _notes(model: TrainedModel, before: np.ndarray, after: np.ndarray) -> list[Note]:
    """What was done, and what speaks against it."""
    noun, total = model.modality.many, len(after)
    changed = int((before.argmax(1) != after.argmax(1)).sum())
    found = [Note("tent.used", {"count": total, "noun": noun, "changed": changed})]
    if model.promise is not None:
        found.append(Note("tent.no_promise", {}, "warning"))
    if total < FEW:
        found.append(Note("tent.few", {"count": total, "noun": noun, "needed": FEW}, "warning"))
    shares = adapting.shares(before), adapting.shares(after)
    if lost := adapting.lost(*shares):
        named = [_change(model, at, *shares) for at in lost[:NAMED]]
        found.append(Note("tent.lost", {"classes": comma_list(named)}, "warning"))
    alone = [int(shares[1].argmax())] if shares[1].max() >= ONE_CLASS else []
    if moved := _moved(before, after, [*lost, *alone]):
        named = [_change(model, at, *shares) for at in moved[:NAMED]]
        found.append(Note("tent.moved", {"classes": comma_list(named)}, "warning"))
    if alone:
        named = [_change(model, alone[0], *shares)]
        found.append(Note("tent.one_class", {"classes": comma_list(named)}, "warning"))
    return found


def _moved(before: np.ndarray, after: np.ndarray, said: Sequence[int]) -> list[int]:
    """The classes, but for those ``said``, whose share of the predictions [N, C] at least doubled
    or halved, by more than chance: those that changed most first.

    Files change their class to one or away from it. Were both as likely, the numbers of those that
    came and went would be binomial with 1/2 (sign test, McNemar 1947); ``CHANCE`` is divided by
    the number of classes (Bonferroni), as each is tested.
    """
    was, now = before.argmax(1), after.argmax(1)
    classes = before.shape[1]
    old, new = np.bincount(was, minlength=classes), np.bincount(now, minlength=classes)
    strongly = np.flatnonzero(np.maximum(old, new) >= 2 * np.minimum(old, new))
    found = []
    for at in strongly.tolist():
        came = int(((now == at) & (was != at)).sum())
        went = int(((was == at) & (now != at)).sum())
        if at not in said and mcnemar(came, went) < CHANCE / classes:
            found.append(at)
    return sorted(found, key=lambda at: -abs(int(new[at]) - int(old[at])))


def _change(model: TrainedModel, at: int, before: np.ndarray, after: np.ndarray) -> str:
    """``“cat” 12 % → 0 %``."""
    return f"“{model.classes[at]}” {percent(before[at], 0)} → {percent(after[at], 0)}"
