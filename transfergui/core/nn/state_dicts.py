"""Weights files: read without running anything in them, checked against a network, then loaded.

A file is untrusted: it may be cut off, belong to another network, hold a pickled
program, or claim sizes that it does not have. Everything here ends in a loaded
network or in one :class:`UserError` of the ``weights.`` codes.
"""

import hashlib
import pickle
import re
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note

LFS_POINTER = b"version https://git-lfs"
WRAPPERS = ("state_dict", "model_state_dict", "model")
"""Under these names training scripts put the weights beside other things."""
PARALLEL = "module."
"""``DataParallel`` puts this before every name."""
COUNTER = "num_batches_tracked"
"""BatchNorm's step counter: absent from files older than PyTorch 0.4.1, and unused by us."""
CHECKPOINT = ("encoder.", "head.", "auxiliary.")
NETWORK = "encoder.network."
"""How names begin in the checkpoint of a run (:class:`transfergui.core.nn.classifier.Classifier`
with an encoder in it that keeps its network as ``network``)."""
NAMED = 3
"""How many of the things that do not fit are named."""
MEGABYTE = 1_000_000


def read(path: Path, limit: int) -> dict[str, Tensor]:
    """The tensors of a ``.safetensors``, ``.pth`` or ``.pt`` file by name, on the CPU.

    Wrappers such as ``{"state_dict": ...}`` and the ``module.`` of DataParallel
    are taken off. Tensors may be memory-mapped: copy them before the file goes.

    Args:
        limit: bytes; a larger file is refused unread.

    Raises:
        UserError: one of ``weights.no_file``, ``weights.empty``, ``weights.pointer``,
            ``weights.too_large``, ``weights.damaged``, ``weights.unsafe``,
            ``weights.whole_model``.
    """
    _check_file(path, limit)
    try:
        content = _read_safetensors(path) if _is_safetensors(path) else _read_torch(path)
    except pickle.UnpicklingError as error:
        raise _refused(path, str(error)) from error
    except Exception as error:  # the readers meet arbitrary bytes here, and raise anything
        if memory.explains(error, path):
            raise
        raise UserError("weights.damaged", path=str(path)) from error
    tensors = _tensors(content)
    if not tensors:
        raise UserError("weights.damaged", path=str(path))
    return tensors


def run_network(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Of a checkpoint of ours, which begins every name with where the tensor is, the network."""
    if not all(name.startswith(CHECKPOINT) for name in tensors):
        return tensors
    return {n.removeprefix(NETWORK): t for n, t in tensors.items() if n.startswith(NETWORK)}


def digest(tensors: Mapping[str, Tensor]) -> str:
    """Hex digits that tell the values of ``tensors``, wherever they are and however laid out."""
    told = hashlib.blake2b(digest_size=16)
    for name, tensor in tensors.items():
        told.update(name.encode())
        plain = tensor.detach().cpu().contiguous().view(-1)
        told.update(plain.view(torch.uint8).numpy().tobytes())
    return told.hexdigest()


def to_safetensors(tensors: Mapping[str, Tensor], metadata: dict[str, str] | None = None) -> bytes:
    """The bytes of a ``.safetensors`` file, which knows one memory layout only."""
    from safetensors.torch import save

    return save({name: tensor.contiguous() for name, tensor in tensors.items()}, metadata)


def fill(
    module: nn.Module, tensors: Mapping[str, Tensor], path: Path, title: str, spare: re.Pattern[str]
) -> None:
    """Load ``tensors`` into ``module``, which may be on the meta device, once they fit exactly.

    Args:
        path, title: the file and the network, for the message.
        spare: names that may be there without belonging to ``module``: the old last layer.

    Raises:
        UserError: ``weights.misfit`` or ``weights.not_finite``; ``module`` is unchanged.
    """
    expected = module.state_dict()
    check(expected, tensors, path, title, spare)
    load(_allocated(module), tensors)


def _allocated(module: nn.Module) -> nn.Module:
    """``module.to_empty(device="cpu")``, which would ask SymPy for the order in which the values of
    a tensor on the meta device lie, and import it (0.4 s)."""
    return module._apply(lambda t: torch.empty_strided(t.size(), t.stride(), dtype=t.dtype))


def load(module: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Copy ``tensors`` into ``module``; only BatchNorm's step counters may be missing.

    Raises:
        RuntimeError: others are, or do not fit; of those that were checked, none.
    """
    expected = module.state_dict()
    counted = {name: torch.tensor(0) for name in expected if name.endswith(COUNTER)} | dict(tensors)
    state = OrderedDict((name, counted[name]) for name in expected if name in counted)
    # names and shapes are today's, so today's format versions hold (MNASNet insists on one)
    state._metadata = expected._metadata  # type: ignore[attr-defined]
    module.load_state_dict(state, strict=True)


def check(
    expected: Mapping[str, Tensor],
    tensors: Mapping[str, Tensor],
    path: Path,
    title: str,
    spare: re.Pattern[str],
) -> None:
    """As :func:`fill`, without loading.

    Raises:
        UserError: ``weights.misfit`` or ``weights.not_finite``.
    """
    problems = list(_problems(tensors, expected, spare))
    if problems:
        raise UserError("weights.misfit", path=str(path), title=title, reasons=_listed(problems))
    for name in expected:
        if name in tensors and not torch.isfinite(tensors[name]).all():
            raise UserError("weights.not_finite", path=str(path), name=name)


# -- reading


def _check_file(path: Path, limit: int) -> None:
    if not path.is_file():
        raise UserError("weights.no_file", path=str(path))
    size = path.stat().st_size
    if size == 0:
        raise UserError("weights.empty", path=str(path))
    if size > limit:
        raise UserError(
            "weights.too_large",
            path=str(path),
            megabytes=size // MEGABYTE,
            limit=limit // MEGABYTE,
        )
    with path.open("rb") as stream:
        if stream.read(len(LFS_POINTER)) == LFS_POINTER:
            raise UserError("weights.pointer", path=str(path))


def _is_safetensors(path: Path) -> bool:
    """By name or, while an export has another one, by the ninth byte, where the header opens."""
    with path.open("rb") as stream:
        return path.suffix == ".safetensors" or stream.read(9)[8:] == b"{"


def _read_safetensors(path: Path) -> Any:
    from safetensors.torch import load, load_file

    try:
        str(path).encode("utf-8")
    except UnicodeError:  # which is no name to the library
        return load(path.read_bytes())
    return load_file(path)


def _read_torch(path: Path) -> Any:
    """What ``torch.save`` wrote, through the unpickler that knows tensors only."""
    archive = zipfile.is_zipfile(path)
    if archive:
        _check_inflation(path)
    return torch.load(path, map_location="cpu", weights_only=True, mmap=archive)


def _check_inflation(path: Path) -> None:
    """``torch.save`` never compresses: what unpacks to more than the file holds is a trap."""
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > path.stat().st_size:
            raise ValueError("compressed weights")


def _refused(path: Path, reason: str) -> UserError:
    """What the unpickler would not make: a part of Python, a class of somebody's, or nonsense."""
    asked = re.search(r"GLOBAL (\S+)", reason)
    if not asked:
        return UserError("weights.damaged", path=str(path))
    name = asked[1]
    of_python = name.partition(".")[0] in sys.stdlib_module_names
    if of_python or not name.rpartition(".")[2][0].isupper():  # classes are written with a capital
        return UserError("weights.unsafe", path=str(path), name=name)
    return UserError("weights.whole_model", path=str(path), name=name)


def _tensors(content: Any) -> dict[str, Tensor]:
    """The named tensors in what a file held; empty where there are none."""
    if not isinstance(content, Mapping):
        return {}
    inner = next((content[key] for key in WRAPPERS if isinstance(content.get(key), Mapping)), None)
    if inner is not None:
        return _tensors(inner)
    tensors = {str(name): value for name, value in content.items() if isinstance(value, Tensor)}
    if all(name.startswith(PARALLEL) for name in tensors):
        return {name.removeprefix(PARALLEL): value for name, value in tensors.items()}
    return tensors


# -- checking


def _problems(
    found: Mapping[str, Tensor], expected: Mapping[str, Tensor], spare: re.Pattern[str]
) -> Iterator[str]:
    """A sentence for each tensor that does not fit; no tensor's values are looked at."""
    for name, wanted in expected.items():
        if name not in found:
            if not name.endswith(COUNTER):
                yield Note("weights.tensor_missing", {"name": name}).sentence()
        elif found[name].shape != wanted.shape:
            sizes = {"found": _size(found[name]), "expected": _size(wanted)}
            yield Note("weights.tensor_size", {"name": name, **sizes}).sentence()
        elif _kind(found[name]) != _kind(wanted):
            yield Note("weights.tensor_kind", {"name": name}).sentence()
    for name in found:
        if name not in expected and not spare.match(name):
            yield Note("weights.tensor_extra", {"name": name}).sentence()


def _kind(tensor: Tensor) -> tuple[bool, torch.layout]:
    """Fractions or whole numbers (quantized weights are neither), dense or not."""
    return tensor.is_floating_point(), tensor.layout


def _size(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "1"


def _listed(problems: list[str]) -> str:
    """The first few sentences, and how many more there are."""
    rest = len(problems) - NAMED
    more = [Note("weights.more", {"count": rest}).sentence()] if rest > 0 else []
    return " ".join(problems[:NAMED] + more)
