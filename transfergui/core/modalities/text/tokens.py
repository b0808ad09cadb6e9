"""From a text to the numbers of its tokens, by a ``tokenizer.json`` and without torch.

A network's tokenizer lies in a folder beside its ``config.json``. What every text needs first,
markup and control characters taken out, is written into that ``tokenizer.json`` as well, when a
run keeps it: an exported model then reads raw text with nothing but the ``tokenizers`` library.
"""

from __future__ import annotations

import functools
import json
import re
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _

TOKENIZER, CONFIG = "tokenizer.json", "config.json"
MARKUP = r"</?[A-Za-z][^<>]{0,500}>|<!--[^<>]{0,2000}-->"
"""Tags of HTML; never ``a < b`` or ``<3``."""
CONTROL = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]"
)
"""Characters that nobody sees; the joiner that holds emoji together is none of them."""
CLEANING = (
    (MARKUP, " "),
    ("&nbsp;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&#0?39;|&apos;", "'"),
    ("&amp;", "&"),
    (CONTROL, " "),
    (r"\s+", " "),
)
"""What is replaced in every text, in this order; read alike by Python and by tokenizers."""
UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Characters of scripts that set no spaces between words, as a range of a pattern."""
WHOLE_WORD = rf"[{UNSPACED}]|[^\W{UNSPACED}]+"
WORD, CHARACTER = rf"{WHOLE_WORD}|[^\w\s]", r"\S"
"""Tokens where none were learnt: whole words, or a character where words are not set apart, and
signs; or single characters."""
LONGEST = 64
"""Characters that no token is longer than, for texts of which only the beginning is wanted."""


def clean(text: str) -> str:
    """``text`` without markup and what cannot be seen; every stretch of white is one space."""
    for pattern, replacement in _patterns():
        text = pattern.sub(replacement, text)
    return text.strip()


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in CLEANING)


class Tokenized(NamedTuple):
    """What a tokenizer makes of a text.

    Attributes:
        ids: int64 [n].
        tokens: as the tokenizer writes them, [n].
        special: which of them stand for no part of the text, [n].
    """

    ids: np.ndarray
    tokens: tuple[str, ...]
    special: np.ndarray


class Tokenizer:
    """A tokenizer with its texts cleaned first.

    Args:
        tree: of a ``tokenizer.json``, as :func:`with_cleaning` returns it.
        config: of the ``config.json`` beside it.

    Attributes:
        pad: the number that fills rows up, and that no text has.
        unknown: the number of whatever the network has no entry for; None where it has them all.
        mask: what takes the place of a token that is hidden.
        special: numbers that stand for no part of a text.
    """

    def __init__(self, tree: dict[str, Any], config: dict[str, Any]) -> None:
        from tokenizers import Tokenizer as Library

        self._library = Library.from_str(json.dumps(tree))
        self._library.no_padding()
        self._lock = threading.Lock()
        self.pad = int(config.get("pad_token_id") or 0)
        self.unknown = self._unknown(tree["model"])
        named = {token["content"]: token["id"] for token in tree.get("added_tokens", [])}
        masks = (named[name] for name in ("[MASK]", "<mask>") if name in named)
        self.mask = next(masks, self.unknown if self.unknown is not None else self.pad)
        special = {token["id"] for token in tree.get("added_tokens", []) if token["special"]}
        self.special = frozenset(special - {self.unknown}) | {self.pad}

    def _unknown(self, model: dict[str, Any]) -> int | None:
        if "unk_id" in model:
            return model["unk_id"]
        name = model.get("unk_token")
        return self._library.token_to_id(name) if name else None

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return self._library.get_vocab_size()

    def whole(self, text: str) -> Tokenized:
        """All tokens of ``text``, those that the network wants around it included."""
        found = self._encode(text)
        return Tokenized(
            np.array(found.ids, np.int64),
            tuple(found.tokens),
            np.array(found.special_tokens_mask, bool),
        )

    def stretches(self, text: str, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Of the tokens of :meth:`ids`, the stretch of ``text`` that each is of, int [count, 2],
        and the number of its word [count]; -1 for those that stand for no part of it."""
        found = self._encode(text, count)
        offsets = np.zeros((count, 2), np.int64)
        words = np.full(count, -1)
        for at, (place, word) in enumerate(zip(found.offsets, found.word_ids, strict=True)):
            if word is not None and not found.special_tokens_mask[at]:
                offsets[at], words[at] = place, word
        return offsets, words

    def ids(self, text: str, count: int) -> np.ndarray:
        """int64 [count]: the beginning of ``text``, filled up with ``pad``."""
        if len(text) > LONGEST * count:
            text = clean(text[: 4 * LONGEST * count])[: LONGEST * count]
        found = self._encode(text, count).ids
        return np.array([*found, *[self.pad] * (count - len(found))], np.int64)

    def unknown_share(self, texts: Iterable[str]) -> float:
        """How much of the texts the network has no entry for, in [0, 1]."""
        if self.unknown is None:
            return 0.0
        found = [self.whole(text) for text in texts]
        unknown = sum(int((each.ids == self.unknown).sum()) for each in found)
        return unknown / max(1, sum(int((~each.special).sum()) for each in found))

    def token(self, number: int) -> str:
        """How a token is written."""
        return self._library.id_to_token(number) or ""

    def words(self, ids: Sequence[int]) -> str:
        """Tokens as a text again."""
        return self._library.decode(list(ids), skip_special_tokens=False)

    def _encode(self, text: str, count: int | None = None) -> Any:
        with self._lock:  # how long a row may be is a state of the library's object
            if count is None:
                self._library.no_truncation()
            else:
                self._library.enable_truncation(count)
            return self._library.encode(text)


def open_folder(folder: Path) -> Tokenizer:
    """The tokenizer in ``folder``; read once as long as the file stays as it is.

    Raises:
        UserError: ``text.no_tokenizer``, ``text.bad_tokenizer``.
    """
    path = folder / TOKENIZER
    try:
        return _opened(str(folder), path.stat().st_mtime_ns)
    except OSError:
        raise UserError("text.no_tokenizer", path=str(folder)) from None


@functools.lru_cache(maxsize=8)
def _opened(folder: str, changed: int) -> Tokenizer:
    tree = read_tree(Path(folder) / TOKENIZER)
    try:
        return Tokenizer(with_cleaning(tree), read_tree(Path(folder) / CONFIG))
    except Exception as error:  # whatever the library raises for a file of its own
        if memory.explains(error):
            raise
        path = str(Path(folder) / TOKENIZER)
        raise UserError("text.bad_tokenizer", path=path, reason=str(error)) from error


def read_tree(path: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises:
        UserError: ``text.bad_tokenizer``.
        OSError: it cannot be read.
    """
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UserError("text.bad_tokenizer", path=str(path), reason=str(error)) from None
    if not isinstance(tree, dict):
        raise UserError("text.bad_tokenizer", path=str(path), reason=_("not a JSON object"))
    return tree


def with_cleaning(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree of a ``tokenizer.json`` that does what :func:`clean` does before anything else."""
    own = [_replace(pattern, content) for pattern, content in CLEANING]
    own.append({"type": "Strip", "strip_left": True, "strip_right": True})
    inner = tree.get("normalizer")
    steps = inner["normalizers"] if inner and inner["type"] == "Sequence" else [inner]
    if steps[: len(own)] == own:
        return tree
    steps = [*own, *(step for step in steps if step)]
    return {**tree, "normalizer": {"type": "Sequence", "normalizers": steps}}


def _replace(pattern: str, content: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"Regex": pattern}, "content": content}


def limited(tree: dict[str, Any], count: int, pad: int) -> dict[str, Any]:
    """The tree of a ``tokenizer.json`` that fills or cuts every text to ``count`` tokens."""
    truncation = {
        "direction": "Right",
        "max_length": count,
        "strategy": "LongestFirst",
        "stride": 0,
    }
    padding = {
        "strategy": {"Fixed": count},
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": pad,
        "pad_type_id": 0,
        "pad_token": "[PAD]",
    }
    return {**tree, "truncation": truncation, "padding": padding}


def word_level(words: Sequence[str], characters: bool) -> dict[str, Any]:
    """The tree of a tokenizer whose tokens are whole words, or single characters.

    Numbers are 0 for padding, 1 for whatever is not in ``words``, then theirs.
    """
    vocabulary = {"[PAD]": 0, "[UNK]": 1} | {word: at for at, word in enumerate(words, 2)}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_special("[PAD]", 0), _special("[UNK]", 1)],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": CHARACTER if characters else WORD},
            "behavior": "Removed",
            "invert": True,
        },
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }


def _special(content: str, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "content": content,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }
