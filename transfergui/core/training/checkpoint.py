"""Checkpoints: ``best.safetensors`` (the model to use) and ``last.pt`` (where to go on).

Both are written atomically, ``best`` first: a kill between the two leaves a
``best`` that the resumed training will write again, identically.
"""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from transfergui.core import files
from transfergui.core.errors import UserError
from transfergui.core.nn import lora, state_dicts
from transfergui.core.nn.classifier import Classifier

BEST = "best.safetensors"
LAST = "last.pt"


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
        UserError: ``disk.full``: it could not be written; the former file is intact.
    """
    _write(folder / BEST, lambda stream: stream.write(state_dicts.to_safetensors(state)))


def save_last(folder: Path, tree: dict[str, Any]) -> None:
    """Write ``last.pt``: tensors and plain values only.

    Raises:
        UserError: ``disk.full``.
    """
    _write(folder / LAST, lambda stream: torch.save(tree, stream))


def load_best(folder: Path, model: Classifier) -> None:
    """Put the best weights into ``model``, which has no low-rank updates any more.

    Raises:
        UserError: ``run.damaged``.
    """
    lora.merge(model)
    try:
        state_dicts.load(model, load_file(folder / BEST))
    except (OSError, ValueError, RuntimeError) as error:
        raise UserError("run.damaged", path=str(folder / BEST), reason=str(error)) from None


def load_last(folder: Path) -> dict[str, Any] | None:
    """The last position, or None where the training never got that far.

    Raises:
        UserError: ``run.damaged``.
    """
    path = folder / LAST
    if not path.exists():
        return None
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises whatever its zip reader and unpickler raise
        raise UserError("run.damaged", path=str(path), reason=str(error)) from None


def _write(path: Path, write: Any) -> None:
    try:
        files.write_atomic_with(path, write)
    except (OSError, RuntimeError) as error:  # torch.save reports a full disk as RuntimeError
        raise UserError("disk.full", path=str(path), reason=str(error)) from None
