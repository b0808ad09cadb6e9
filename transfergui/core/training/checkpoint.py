"""Checkpoints: ``best.safetensors`` (the model to use) and ``last.pt`` (where to go on).

Both are written atomically, ``best`` first: a kill between the two leaves a
``best`` that the resumed training will write again, identically.
"""

import contextlib
import os
import pickle
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import torch

from transfergui.core.base import files, memory, records
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.nn import lora, state_dicts
from transfergui.core.nn.classifier import Classifier
from transfergui.core.runs.run import Run

MAX_BYTES = 2**40
BEST = "best.safetensors"
LAST = "last.pt"
NOTHING = re.compile(r"(?!)")


def cpu_state(model: torch.nn.Module, prefix: str = "") -> dict[str, torch.Tensor]:
    """A copy, in main memory, of the tensors of the part whose names begin with ``prefix``
    (``head.``), of the whole where it is empty."""
    state = model.get_submodule(prefix.removesuffix(".")).state_dict()
    return cpu_copy({prefix + name: tensor for name, tensor in state.items()})


def cpu_plain_state(model: torch.nn.Module, prefix: str = "") -> dict[str, torch.Tensor]:
    """As :func:`cpu_state`, low-rank updates merged: what ``best`` holds, under usual names."""
    state = lora.merged_state(model.get_submodule(prefix.removesuffix(".")))
    return cpu_copy({prefix + name: tensor for name, tensor in state.items()})


def cpu_copy(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Copies, in main memory."""
    return {k: v.detach().to("cpu", copy=True) for k, v in state.items()}


def save_best(folder: Path, state: dict[str, torch.Tensor]) -> None:
    """Write ``best.safetensors``.

    Raises:
        UserError: ``disk.full``: it could not be written; the former file is intact. ``run.taken``.
    """
    _write(folder / BEST, lambda stream: stream.write(state_dicts.to_safetensors(state)))


def save_last(folder: Path, tree: dict[str, Any]) -> None:
    """Write ``last.pt``: tensors and plain values only.

    Raises:
        UserError: ``disk.full`` or ``run.taken``.
    """
    _write(folder / LAST, lambda stream: torch.save(tree, stream))


def load_best(folder: Path, model: Classifier) -> None:
    """Put the best weights into ``model``, which has no low-rank updates any more.

    Raises:
        UserError: ``run.damaged``.
    """
    lora.merge(model)
    state_dicts.load(model, read_best(folder, model))


def read_best(folder: Path, model: Classifier) -> dict[str, torch.Tensor]:
    """The tensors of ``best.safetensors``, which fit ``model`` without low-rank updates.

    Raises:
        UserError: ``run.damaged``.
    """
    path = folder / BEST
    try:
        tensors = state_dicts.read(path, MAX_BYTES)
        state_dicts.check(lora.merged_state(model), tensors, path, path.name, spare=NOTHING)
    except UserError as error:
        raise UserError("run.damaged", path=str(path), reason=str(error).rstrip(".")) from None
    return tensors


class Last(msgspec.Struct, kw_only=True):
    """What ``last.pt`` must hold; tensors by name.

    Attributes:
        position: a :class:`transfergui.core.training.position.Position`, or a soup's.
        task: what the strategy's task holds beside the model.
        average, averaged: of the moving average, and after how many steps; where there is one.
    """

    position: dict[str, Any]
    model: dict[str, torch.Tensor]
    task: dict[str, torch.Tensor]
    optimizer: dict[str, Any]
    average: dict[str, torch.Tensor] | None = None
    averaged: records.Count = 0


def load_last(folder: Path) -> dict[str, Any] | None:
    """The last position, or None where the training never got that far.

    Raises:
        UserError: ``run.last_damaged``.
    """
    path = folder / LAST
    if not os.path.lexists(path):
        return None
    with restoring(folder):
        files.require_regular(path)
        tree = torch.load(path, map_location="cpu", weights_only=True)
        found = records.convert(tree, Last)
        for state in (found.model, found.task, found.average or {}):
            _require_finite(state)
        return tree


@contextlib.contextmanager
def restoring(folder: Path) -> Iterator[None]:
    """Around everything that takes up ``last.pt``, which may have been cut, edited, or made for
    another network: its parts are of torch, of strategies and of optimizers, which raise anything.

    Raises:
        UserError: ``run.last_damaged``, or ``run.last_damaged_kept`` where there is a best model.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        if memory.explains(error, folder / LAST):
            raise
        code = "run.last_damaged_kept" if (folder / BEST).is_file() else "run.last_damaged"
        values = {"path": str(folder / LAST), "reason": _brief(error)}
        raise UserError(code, **values) from None


def require_fit(held: Mapping[str, torch.Tensor], given: Mapping[str, torch.Tensor]) -> None:
    """
    Raises:
        ValueError: a tensor of ``given`` is none of ``held``, or has another shape.
    """
    for name, tensor in given.items():
        if name not in held or held[name].shape != tensor.shape:
            raise ValueError(_("{name} does not fit this model").format(name=name))


def require_fitting_optimizer(optimizer: torch.optim.Optimizer) -> None:
    """What was loaded into an optimizer, which itself looks at its groups alone.

    Raises:
        ValueError: a tensor of its state has another shape than the weights that it belongs to, or
            a value that is not finite.
    """
    for weights, state in optimizer.state.items():
        for name, value in state.items():
            if isinstance(value, torch.Tensor):
                if value.ndim and value.shape != weights.shape:
                    raise ValueError(_("{name} does not fit this model").format(name=name))
                _require_finite({name: value})


def _require_finite(state: Mapping[str, torch.Tensor]) -> None:
    for name, tensor in state.items():
        if not torch.isfinite(tensor).all():
            raise ValueError(_("{name} contains NaN or infinite values").format(name=name))


def _brief(error: Exception) -> str:
    """The first sentence: torch adds advice that means something else here."""
    if isinstance(error, KeyError):
        return _("{name} is missing").format(name=error.args[0] if error.args else "?")
    if isinstance(error, pickle.UnpicklingError):  # which torch advises to run all the same
        return _("not a checkpoint of a training")
    return records.why(error).strip().partition("\n")[0].rstrip(".")[:200]


def _write(path: Path, write: Any) -> None:
    Run(path.parent.parent).require_own()
    try:
        files.write_atomic_with(path, write)
    except (OSError, RuntimeError) as error:  # torch.save reports a full disk as RuntimeError
        if memory.ran_out(error):
            raise
        raise files.not_written(path, error) from None
