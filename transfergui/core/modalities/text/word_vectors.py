"""Word vectors on the disk: one vector per token, in a folder like that of any other network.

``model.safetensors`` holds ``table`` [tokens, width], as numbers or as 8-bit ones with a ``scale``
[tokens, 1] for each row; ``tokenizer.json`` and ``config.json`` lie beside it. Files of word2vec,
GloVe and fastText are turned into such a folder once, in the cache.

Mikolov et al. 2013 (arXiv:1301.3781); Pennington et al., "GloVe", 2014; Bojanowski et al. 2017
(arXiv:1607.04606).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import warnings
from pathlib import Path
from typing import IO, Any

import numpy as np

from transfergui.core.base import files as disk
from transfergui.core.base import memory, paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.modalities.text import tokens

MODEL_TYPE = "word_vectors"
WEIGHTS = "model.safetensors"
TABLE, SCALE = "table", "scale"
SUFFIXES = (".vec", ".txt", ".bin", ".gz")
MOST_WORDS = 200_000
"""The commonest words come first in such files; the rest would only fill the memory."""
MOST_WIDTH = 4096


def is_foreign(path: Path) -> bool:
    """Whether a file is one of word2vec, GloVe or fastText, by its name."""
    return path.suffix.lower() in SUFFIXES


def size_of(path: Path) -> tuple[int, int]:
    """About how many words a foreign file holds, and the width of their vectors.

    Reads the beginning only.

    Raises:
        UserError: ``vectors.unreadable``.
    """
    try:
        with _opened(path) as stream:
            first, second = stream.readline(1_000_000).split(), stream.readline(1_000_000).split()
    except OSError as error:
        raise _unreadable(path, str(error)) from None
    if len(first) == 2 and all(part.isdigit() for part in first):
        words, width = int(first[0]), int(first[1])
    else:
        words, width = MOST_WORDS, len(first) - 1
        if len(second) != len(first):
            raise _unreadable(path, _("some lines are not a word followed by its numbers"))
    if not 1 < width <= MOST_WIDTH:
        raise _unreadable(path, _("some lines are not a word followed by its numbers"))
    return min(words, MOST_WORDS), width


def converted(path: Path) -> Path:
    """The weights of a foreign file, in a folder of the cache that is made once.

    Raises:
        UserError: ``vectors.unreadable``, ``disk.full``.
    """
    status = path.stat()
    told = f"{path.resolve()}\0{status.st_size}\0{status.st_mtime_ns}".encode()
    folder = paths.cache_dir() / "word-vectors" / hashlib.blake2b(told, digest_size=10).hexdigest()
    weights = folder / WEIGHTS
    if not weights.is_file():
        words, vectors = _read(path)
        try:
            save(folder, tokens.word_level(words, characters=False), _with_special(vectors))
        except OSError as error:
            raise disk.not_written(folder, error) from None
    return weights


def save(
    folder: Path, tokenizer: dict[str, Any], table: np.ndarray, scale: np.ndarray | None = None
) -> None:
    """Write a folder of word vectors, the weights last.

    Args:
        table: [tokens, width], float32, or int8 with a ``scale`` [tokens, 1].

    Raises:
        OSError: the folder cannot be written.
    """
    from safetensors.numpy import save as to_bytes

    config = {
        "model_type": MODEL_TYPE,
        "pad_token_id": 0,
        "tokens": table.shape[0],
        "width": table.shape[1],
    }
    tensors = {TABLE: table} | ({} if scale is None else {SCALE: scale})
    disk.write_atomic(folder / tokens.TOKENIZER, json.dumps(tokenizer, ensure_ascii=False))
    disk.write_atomic(folder / tokens.CONFIG, json.dumps(config, indent=2) + "\n")
    disk.write_atomic(folder / WEIGHTS, to_bytes(tensors))


def to_bytes_per_row(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``table`` [tokens, width] as int8 and a float16 scale [tokens, 1] for each row."""
    scale = np.abs(table).max(1, keepdims=True) / 127
    scale = np.where(scale > 0, scale, 1).astype(np.float16)
    return np.round(table / scale.astype(np.float32)).clip(-127, 127).astype(np.int8), scale


def _read(path: Path) -> tuple[list[str], np.ndarray]:
    """Words in lower case, each once (the commonest spelling's), and vectors [words, width]."""
    from gensim.models import KeyedVectors

    binary = path.name.lower().removesuffix(".gz").endswith(".bin")
    try:
        with warnings.catch_warnings():
            # without a header, gensim opens the file twice and leaves one to the garbage collector
            warnings.simplefilter("ignore", ResourceWarning)
            found = KeyedVectors.load_word2vec_format(
                str(path),
                binary=binary,
                no_header=not binary and not _has_header(path),
                limit=MOST_WORDS,
                unicode_errors="replace",
            )
    except Exception as error:  # gensim meets arbitrary bytes here, and raises anything
        if memory.explains(error, path):
            raise
        raise _unreadable(path, str(error)) from error
    places: dict[str, int] = {}
    for place, word in enumerate(found.index_to_key):
        places.setdefault(word.lower(), place)
    vectors = found.vectors[list(places.values())].astype(np.float32)
    if not len(vectors) or not np.isfinite(vectors).all():
        raise _unreadable(path, _("no words, or a value that is not a number"))
    return list(places), vectors


def _with_special(vectors: np.ndarray) -> np.ndarray:
    """Rows of zeros before them, for padding and for unknown words."""
    return np.concatenate([np.zeros((2, vectors.shape[1]), np.float32), vectors])


def _has_header(path: Path) -> bool:
    with _opened(path) as stream:
        return len(stream.readline(1_000_000).split()) == 2


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def _unreadable(path: Path, reason: str) -> UserError:
    return UserError("vectors.unreadable", path=str(path), reason=reason)
