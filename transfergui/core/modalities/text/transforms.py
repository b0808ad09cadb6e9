"""From a text to the numbers that a network gets, and random changes of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.modalities.text import reading as files
from transfergui.core.modalities.text import tokens
from transfergui.core.modalities.text.options import TextAugment, TextInput

ANY = 2
"""A number that every network has a token for, and that pads none."""


def load(path: Path, input: TextInput) -> Tensor:
    """Numbers of tokens, int64 [``input.tokens``], filled up with the number that pads.

    Raises:
        UserError: ``input.vanished``, ``text.no_row``, ``text.no_text``, ``text.not_text``: the
            text;
            ``text.no_tokenizer``, ``text.bad_tokenizer``: what cuts it into tokens.
    """
    text = files.read(path, input)
    if files.is_empty_row(path, text):
        raise UserError("text.no_text", path=str(path))
    tokenizer = tokens.open_folder(Path(input.assets))
    return torch.from_numpy(tokenizer.ids(text, input.tokens))


DOUBTFUL = 0.5
"""From this share of unknown tokens on, an answer means little."""


def prediction_warning(ids: Tensor, input: TextInput) -> Note | None:
    """See :meth:`.interfaces.plan.Modality.prediction_warning`; ``ids`` int64 [n]."""
    if not input.assets:
        return None
    tokenizer = tokens.open_folder(Path(input.assets))
    own = [each for each in ids.tolist() if each not in tokenizer.special]
    share = own.count(tokenizer.unknown) / max(1, len(own))
    if share < DOUBTFUL:
        return None
    return Note("text.unknown_here", {"percent": round(100 * share)})


def example(input: TextInput) -> Tensor:
    """Two rows of some token, int64 [2, ``input.tokens``]."""
    return torch.full((2, input.tokens), ANY)


def without(ids: Tensor, hidden: np.ndarray, input: TextInput) -> Tensor:
    """A row without the tokens ``hidden``, bool [n], closed up; where nothing of the text stays, a
    token that means nothing stands for each."""
    tokenizer = tokens.open_folder(Path(input.assets))
    row = ids.numpy()
    gone = hidden & ~np.isin(row, list(tokenizer.special))
    own = ~np.isin(row, list(tokenizer.special))
    if not (own & ~gone).any():
        return torch.from_numpy(np.where(own, tokenizer.mask, row))
    kept = row[~gone]
    filling = np.full(len(row) - len(kept), tokenizer.pad, row.dtype)
    return torch.from_numpy(np.concatenate([kept, filling]))


def augment(
    loaded: Sequence[Tensor],
    input: TextInput,
    options: TextAugment,
    rngs: Sequence[np.random.Generator],
    device: torch.device,
) -> Tensor:
    """Each changed by its own generator: int64 [N, ``input.tokens``], on ``device``."""
    tokenizer = tokens.open_folder(Path(input.assets))
    pairs = zip(loaded, rngs, strict=True)
    return torch.stack([_changed(ids, tokenizer, options, rng) for ids, rng in pairs]).to(device)


def _changed(
    loaded: Tensor, tokenizer: tokens.Tokenizer, options: TextAugment, rng: np.random.Generator
) -> Tensor:
    """``loaded`` with tokens swapped, left out and hidden; those around a text stay.

    Word dropout after Iyyer et al., "Deep Unordered Composition Rivals Syntactic Methods for
    Text Classification", 2015; swapping and deletion after Wei and Zou, "EDA", 2019
    (arXiv:1901.11196). One token of a text always stays.
    """
    ids = loaded.numpy()
    own = np.flatnonzero(~np.isin(ids, list(tokenizer.special)))
    words = _swapped(ids[own], options.swap / 100, rng)
    words = words[_kept(len(words), options.drop / 100, rng)]
    hidden = ~_kept(len(words), options.hide / 100, rng)
    words = np.where(hidden, tokenizer.mask, words)
    return torch.from_numpy(_put_back(ids, own, words, tokenizer.pad))


def _swapped(words: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    words = words.copy()
    for at in np.flatnonzero(rng.random(max(0, len(words) - 1)) < share):
        words[[at, at + 1]] = words[[at + 1, at]]
    return words


def _kept(count: int, share: float, rng: np.random.Generator) -> np.ndarray:
    """Which of ``count`` stay, bool [count]; at least one does."""
    kept = rng.random(count) >= share
    if count and not kept.any():
        kept[rng.integers(count)] = True
    return kept


def _put_back(ids: np.ndarray, own: np.ndarray, words: np.ndarray, pad: int) -> np.ndarray:
    """``ids`` [n] with ``words`` where the text's ``own`` tokens were, closed up at the end."""
    if not len(own):
        return ids.copy()
    before, after = ids[: own[0]], ids[own[-1] + 1 :]
    between = np.concatenate([before, words, after])
    return np.concatenate([between, np.full(len(ids) - len(between), pad, ids.dtype)])
