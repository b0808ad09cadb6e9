"""Where pretrained weights are: on the disk, built in, or still to be downloaded.

Torch is not needed to find them; :mod:`transfergui.core.nn.state_dicts` reads them.
"""

import contextlib
import functools
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import msgspec

from transfergui.core.base import files, paths
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.networks import WeightState as State
from transfergui.core.networks.download import fetch

SUFFIXES = (".pth", ".pt", ".safetensors")
FOLDER_WEIGHTS = "model.safetensors"
"""The weights of a network that is a folder."""
FOLDER_PARTS = ("config.json", "tokenizer.json", FOLDER_WEIGHTS)
"""What such a folder must hold."""
LONGEST_HEADER = 100_000_000
"""Bytes of the header of a ``.safetensors`` file, at most."""
MEASURED = ("running_mean", "running_var", "mean")
"""What norms and heads call what they were not taught but measured."""
SMALL = 20_000_000
"""Bytes that none of the others has."""
OWNER = "backbone"
"""In the metadata of a ``.safetensors`` file that we made: the key of the backbone."""

HERE: tuple[State, ...] = ("built-in", "on disk")
"""The states in which a training can begin."""


class Tensor(msgspec.Struct, frozen=True):
    """What the header of a ``.safetensors`` file says of one tensor."""

    dtype: str
    shape: tuple[int, ...]


Listing = tuple[Path, frozenset[str]]
"""A folder and the names in it."""


def find(backbone: Backbone, weights_dir: str | None = None) -> Path | None:
    """The file with the weights of ``backbone``, or None.

    ``<key>.pth``, the published file name and ``<key>-<hash>.pth`` count, with any
    of :data:`SUFFIXES`, in the folders of :func:`paths.weights_dirs` and among
    the built-in ones; the first folder wins, then the first of these names. So does
    :data:`FOLDER_WEIGHTS` in a folder ``<key>`` or called as on the Hugging Face hub, with the
    rest of :data:`FOLDER_PARTS`; and at last what is in that hub's own cache.

    Args:
        weights_dir: the recipe's setting, searched first.
    """
    return _find(backbone, _listings(weights_dir)) or _in_hub_cache(backbone)


def state(backbone: Backbone, weights_dir: str | None = None) -> State:
    """Where the weights of one backbone are."""
    return states([backbone], weights_dir)[backbone.key]


def states(backbones: Iterable[Backbone], weights_dir: str | None = None) -> dict[str, State]:
    """Where the weights of many backbones are, by key; each folder is listed once."""
    listings = _listings(weights_dir)
    return {row.key: _state(row, _find(row, listings) or _in_hub_cache(row)) for row in backbones}


def parameters(weights: Path) -> int:
    """How many numbers the network in a ``.safetensors`` file has learnt, by the file's header.

    Not counted are those that are only kept beside them: a norm's running means, tables of places.
    Cached: tables of many trainings ask for each.

    Raises:
        UserError: ``weights.damaged``.
    """
    return _parameters(weights, files.changed(weights))


@functools.lru_cache(maxsize=1024)
def _parameters(weights: Path, changed: int) -> int:
    """
    Args:
        changed: as :func:`files.changed`; what was known before that does not count.
    """
    found = tensors(weights)
    learnt = (tensor for name, tensor in found.items() if not _beside(name, found))
    return sum(math.prod(tensor.shape) for tensor in learnt)


def tensors(weights: Path) -> dict[str, Tensor]:
    """What a ``.safetensors`` file holds, by name and by its header alone.

    Raises:
        UserError: ``weights.damaged``.
    """
    try:
        with weights.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(min(length, LONGEST_HEADER)))
        found = {name: entry for name, entry in header.items() if name != "__metadata__"}
        return msgspec.convert(found, dict[str, Tensor])
    except (OSError, ValueError, RecursionError, AttributeError) as error:
        raise UserError("weights.damaged", path=str(weights)) from error


def _beside(name: str, found: Mapping[str, Tensor]) -> bool:
    """Whether a tensor was measured or fixed: of norms, of what a head scales, or a table."""
    owner, _dot, own = name.rpartition(".")
    scaled = own == "scale" and f"{owner}.mean" in found
    return scaled or own in MEASURED or found[name].dtype in ("I64", "I32", "BOOL")


def require(backbone: Backbone, weights_dir: str | None = None) -> Path:
    """As :func:`find`, but the weights must be there.

    Raises:
        UserError: ``weights.missing``: says how to get them, with and without a network;
            ``weights.not_installed``: they should have come with the program.
    """
    found = find(backbone, weights_dir)
    if found is None and backbone.weights_url is None:
        path = _built_in() / f"{backbone.key}.safetensors"
        raise UserError("weights.not_installed", title=backbone.title, path=str(path))
    if found is None:
        raise UserError(
            "weights.missing_folder" if backbone.hub else "weights.missing",
            title=backbone.title,
            megabytes=round(backbone.download_bytes / 1e6),
            url=backbone.weights_url,
            name=file_name(backbone),
            files=", ".join(FOLDER_PARTS),
            folder=str(paths.weights_dirs(weights_dir)[0] / Path(file_name(backbone)).parent),
        )
    return found


def folder(weights_dir: str | None = None) -> Path:
    """Where downloads go: the folder that was chosen, else torch's own cache."""
    return paths.expanded(weights_dir) if weights_dir else paths.hub_checkpoints_dir()


def file_name(backbone: Backbone) -> str:
    """What the published file is called; with its folder, for a network that is one."""
    if backbone.hub:
        return f"{PurePosixPath(backbone.hub).name}/{FOLDER_WEIGHTS}"
    return PurePosixPath(urlsplit(backbone.weights_url or "").path).name or f"{backbone.key}.pth"


def download(
    backbone: Backbone,
    target: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Download the weights of ``backbone`` into the folder ``target`` and say where they are.

    An earlier download that broke off goes on where it ended. The file gets its
    name only when its SHA-256 is the published one.

    Args:
        progress: called with the bytes that are there and the bytes in all.
        cancelled: asked between two pieces.

    Raises:
        UserError: a ``weights.`` code; each says how to copy the file by hand.
    """
    if backbone.weights_url is None:
        raise ValueError(f"{backbone.key} is built in")
    if backbone.hub:
        for name in FOLDER_PARTS[:-1]:
            fetch(
                backbone.weights_url.removesuffix(FOLDER_WEIGHTS) + name,
                (target / file_name(backbone)).with_name(name),
                sha256="",
                expected=SMALL,
                progress=lambda done, total: None,
                cancelled=cancelled,
            )
    return fetch(
        backbone.weights_url,
        target / file_name(backbone),
        sha256=backbone.weights_hash,
        expected=backbone.download_bytes,
        progress=progress,
        cancelled=cancelled,
    )


# -- weights files named instead of a backbone


def is_file_name(text: str) -> bool:
    """Whether a recipe's ``backbone`` means a file or a folder; no key has a suffix or a slash."""
    separators = {os.sep, os.altsep or os.sep, "/"}
    return bool(Path(text).suffix) or any(mark in text for mark in separators)


def owner(path: Path, backbones: Sequence[Backbone]) -> Backbone:
    """The backbone whose weights the file ``path`` holds, as it says itself or by its name.

    The longest key that stands in the name as a word of its own is meant:
    ``my_vgg16_bn-2.pth`` is ``vgg16_bn``. Whether the weights really fit is
    seen when they are loaded.

    Raises:
        UserError: ``weights.no_file``, ``weights.unknown_network`` or ``path.too_long``.
    """
    if not files.nameable(path).is_file():
        raise UserError("weights.no_file", path=str(path))
    named = _metadata(path).get(OWNER)
    said = next((row for row in backbones if row.key == named), None)
    return said or owner_by_name(path, backbones)


def owner_by_name(path: Path, backbones: Sequence[Backbone]) -> Backbone:
    """As :func:`owner`, for a file that need not be there any more.

    Raises:
        UserError: ``weights.unknown_network``.
    """
    meant = [row for row in backbones if path.name == file_name(row) or _names(path.stem, row.key)]
    if not meant:
        example = f"{backbones[0].key}_{path.name}"
        raise UserError("weights.unknown_network", path=str(path), example=example)
    return max(meant, key=lambda row: len(row.key))


def _metadata(path: Path) -> dict[str, str]:
    """What a ``.safetensors`` file says of itself; nothing where it cannot be read."""
    from safetensors import SafetensorError, safe_open

    if path.suffix == ".safetensors":
        # damage is told where the tensors are read
        with contextlib.suppress(SafetensorError, OSError), safe_open(path, "numpy") as file:
            return file.metadata() or {}
    return {}


def _names(stem: str, key: str) -> bool:
    word = rf"(?<![a-z0-9]){re.escape(key)}(?![a-z0-9])"
    return re.search(word, stem, re.IGNORECASE) is not None


# -- finding


def _listings(weights_dir: str | None) -> list[Listing]:
    folders = (*paths.weights_dirs(weights_dir), _built_in())
    return [(place, _list(place)) for place in folders]


def _list(place: Path) -> frozenset[str]:
    with contextlib.suppress(OSError):  # not there, or not ours to read: nothing to be found
        return frozenset(path.name for path in place.iterdir())
    return frozenset()


def _built_in() -> Path:
    return paths.resource("backbones")


def _find(backbone: Backbone, listings: list[Listing]) -> Path | None:
    for place, names in listings:
        for name in _candidates(backbone, names):
            if _is_whole(place / name):
                return place / name
    return None


def _candidates(backbone: Backbone, names: frozenset[str]) -> list[str]:
    """Those of ``names`` that a file with these weights may have, best first."""
    published = file_name(backbone)
    key = backbone.weights_of or backbone.key
    exact = [*(key + suffix for suffix in SUFFIXES), published]
    hashed = re.compile(rf"{re.escape(key)}-[0-9a-f]{{6,64}}\.(pth|pt|safetensors)")
    others = sorted(name for name in names - {published} if hashed.fullmatch(name))
    homes = [name for name in (PurePosixPath(backbone.hub).name, key) if name in names]
    folders = [f"{home}/{FOLDER_WEIGHTS}" for home in homes]
    return [name for name in exact if name in names] + others + folders


def _in_hub_cache(backbone: Backbone) -> Path | None:
    """Where Hugging Face's own programs have put the weights: the newest version of them."""
    if not backbone.hub:
        return None
    home = paths.hub_cache_dir() / f"models--{backbone.hub.replace('/', '--')}" / "snapshots"
    found = [path for path in home.glob(f"*/{FOLDER_WEIGHTS}") if _is_whole(path)]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def _is_whole(weights: Path) -> bool:
    """Whether a file is there, and what belongs to it, where it is in a folder of its own."""
    if weights.name != FOLDER_WEIGHTS:
        return weights.is_file()
    return all((weights.parent / name).is_file() for name in FOLDER_PARTS)


def _state(backbone: Backbone, found: Path | None) -> State:
    if not backbone.params:  # there is nothing to be found
        return "built-in"
    if found is None:
        return "download" if backbone.weights_url else "missing"
    return "built-in" if found.is_relative_to(_built_in()) else "on disk"
