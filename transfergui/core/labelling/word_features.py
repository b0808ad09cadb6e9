"""Words, pictures and sounds as places in one space: what a network of
:mod:`transfergui.core.labelling.word_networks` makes of class names and of examples.

A class name is put into the sentence of the papers, and each side becomes a row of length 1. Their
products, times the network's own scale ``s``, are what it was trained to tell matching pairs by
(Radford et al., "Learning Transferable Visual Models From Natural Language Supervision",
arXiv:2103.00020, section 3.1; SigLIP: Zhai et al., arXiv:2303.15343, whose bias is the same for
every name; CLAP: Wu et al., arXiv:2211.06687)::

    logit[n, c] = exp(s) example[n] . name[c]

Rows are kept in the cache of features, so that a network is loaded only for what is new.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec
import numpy as np

from transfergui.core import registry
from transfergui.core.base import files, memory, paths
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import ordered_map
from transfergui.core.base.progress import Tell, untold
from transfergui.core.labelling.examples import Examples
from transfergui.core.labelling.features import Features
from transfergui.core.labelling.word_networks import WordNetwork, damaged

if TYPE_CHECKING:
    from transfergui.core.training.features import FeatureStore

Item = TypeVar("Item")

FORMAT = 1
AHEAD = 32
"""Examples that are read before they are needed, at most."""


def of_examples(network: WordNetwork, examples: Examples, tell: Tell = untold) -> Features:
    """Rows of length 1 of all examples that can be read.

    Args:
        tell: called often with how many are done of how many; may raise to end it.

    Raises:
        UserError: ``words.damaged``, a ``weights.`` code; ``data.gone``, ``data.damaged``: too
            many cannot be read.
    """
    from transfergui.core.training import ranking

    with ranking.outside_training():
        return _Pass(network, examples, tell).features()


def of_names(network: WordNetwork, names: Sequence[str]) -> np.ndarray:
    """Rows of length 1 of class names, float32 [C, D].

    Raises:
        UserError: ``words.damaged``, or a ``weights.`` code.
    """
    return _of_names(network, tuple(map(files.changed, network.parts)), tuple(names))


@functools.lru_cache(maxsize=8)
def _of_names(network: WordNetwork, changed: tuple[int, ...], names: tuple[str, ...]) -> np.ndarray:
    """As :func:`of_names`, which is asked after every label.

    Args:
        changed: when each file was; what was known before that does not count.
    """
    store = _store(network)
    keys = [_hash("name", name) for name in names]
    missing = {key: name for key, name in zip(keys, names, strict=True) if key not in store}
    if missing:
        from transfergui.core.labelling.word_encoder import WordEncoder

        store.add([*missing], WordEncoder(network).names([*missing.values()]))
    return store.rows(keys)


def scale(network: WordNetwork) -> float:
    """What similarities are multiplied by.

    Raises:
        UserError: ``words.damaged``, or a ``weights.`` code.
    """
    return _scale(network, files.changed(network.weights))


@functools.lru_cache(maxsize=8)
def _scale(network: WordNetwork, changed: int) -> float:
    """
    Args:
        changed: as :func:`files.changed`; what was known before that does not count.
    """
    from transfergui.core.labelling.word_encoder import tensors

    try:
        found = math.exp(float(tensors(network)[network.family.scale].reshape(-1)[0]))
    except (KeyError, IndexError, OverflowError) as error:
        raise damaged(network.folder, error) from error
    if not math.isfinite(found):
        raise damaged(network.folder, network.family.scale)
    return found


class _Pass:
    """One look at examples: what the cache lacks is computed."""

    def __init__(self, network: WordNetwork, examples: Examples, tell: Tell) -> None:
        from transfergui.core.labelling.word_encoder import Inputs
        from transfergui.core.training.loaders import UnreadableFiles

        self._network, self._paths, self._tell = network, examples.paths, tell
        self._modality = registry.modality(examples.modality)
        self._root = Path(examples.root)
        input = opt.check(examples.input, self._modality.input_options, "input")
        self._inputs = Inputs(network, input)
        self._how = json.dumps(msgspec.to_builtins(self._inputs.input), sort_keys=True)
        self._unreadable = UnreadableFiles(len(examples.samples))
        self._store = _store(network)
        self._keys: dict[str, str] = {}

    def features(self) -> Features:
        for path, key in zip(self._paths, ordered_map(self._key, self._paths), strict=True):
            self._tell(0, 0)
            if isinstance(key, UserError):
                self._unreadable.add(path, key)
            else:
                self._keys[path] = key
        missing = {key: path for path, key in self._keys.items() if key not in self._store}
        if missing:
            self._compute(missing)
        paths = tuple(self._keys)
        return Features(paths, self._store.rows([self._keys[path] for path in paths]))

    def _compute(self, missing: dict[str, str]) -> None:
        """
        Args:
            missing: the path of an example for each key that the cache lacks.
        """
        from transfergui.core.labelling.word_encoder import BATCH, WordEncoder

        encoder = WordEncoder(self._network)
        loaded = zip(missing, ordered_map(self._load, missing.values(), ahead=AHEAD), strict=True)
        done = 0
        for batch in _batches(loaded, BATCH):
            self._tell(done, len(missing))
            good = {key: value for key, value in batch if not isinstance(value, UserError)}
            for key, value in batch:
                if isinstance(value, UserError):
                    self._lose(key, value)
            if good:
                self._store.add([*good], encoder.examples([*good.values()]))
            done += len(batch)

    def _lose(self, key: str, error: UserError) -> None:
        """Leave out what cannot be read, and every example with the same content."""
        for path in [path for path, own in self._keys.items() if own == key]:
            self._unreadable.add(path, error)
            del self._keys[path]

    def _key(self, path: str) -> str | UserError:
        try:
            digest = self._modality.digest(self._root / path, self._inputs.input)
        except OSError:
            return UserError("input.vanished", path=path)
        return _hash("example", digest, self._how)

    def _load(self, path: str):  # type: ignore[no-untyped-def]  # a tensor, or why there is none
        try:
            return self._inputs.of(self._modality, self._root / path)
        except UserError as error:
            return error


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _hash(*parts: str) -> str:
    told = json.dumps(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(told, digest_size=16).hexdigest()


def _store(network: WordNetwork) -> FeatureStore:
    """The cached rows of a network: of examples and of names.

    Raises:
        UserError: ``words.damaged``, or a ``weights.`` code.
    """
    from transformers import AutoConfig

    from transfergui.core.labelling.word_encoder import quietly
    from transfergui.core.training.features import LIMIT, FeatureStore, prune

    try:
        with quietly():
            config = AutoConfig.from_pretrained(network.folder, local_files_only=True)
        siglip = network.model_type == "siglip"
        width = int(config.vision_config.hidden_size if siglip else config.projection_dim)
        name = _name(network, tuple(map(files.changed, network.parts)))
    except Exception as error:  # the library meets arbitrary values here, and raises anything
        if memory.explains(error):
            raise
        raise damaged(network.folder, error) from error
    folder = paths.cache_dir() / "features" / f"words-{name}"
    with contextlib.suppress(OSError):  # the store says so
        files.cache_folder("features", folder.name).touch()
    store = FeatureStore(folder, width)
    prune(folder.parent, LIMIT, keep=folder)
    return store


@functools.lru_cache(maxsize=8)
def _name(network: WordNetwork, changed: tuple[int, ...]) -> str:
    """What tells a network from others, by its content.

    Args:
        changed: when each file was; what was known before that does not count.

    Raises:
        OSError: a file cannot be read.
    """
    told = [files.digest(part) for part in network.parts]
    return _hash(str(FORMAT), network.family.prompt, *told)[:20]
