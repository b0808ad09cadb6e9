"""What a run keeps of a network beside its weights: tokenizer, description, TF-IDF's vocabulary."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.core.base import files as disk
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.modalities.text import reading, tfidf, tokens, word_vectors
from transfergui.core.modalities.text.options import TextInput
from transfergui.core.modalities.text.tokens import CONFIG, TOKENIZER
from transfergui.core.networks import planned

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan

LOOKED_AT = 300
"""Training texts from which the share of unknown words is told."""
UNKNOWN = 0.1
"""From this share of unknown tokens on, a network misses what matters."""


def save_assets(plan: Plan, folder: Path) -> None:
    """See :meth:`transfergui.core.interfaces.plan.Modality.save_assets`."""
    input = _input(plan)
    if plan.backbone.key == tfidf.KEY and not input.assets:
        tfidf.fit(list(_training_texts(plan)), folder)
    else:
        _copy(_origin(plan, input), folder)
    tokenizer, config = tokens.read_tree(folder / TOKENIZER), tokens.read_tree(folder / CONFIG)
    pad = int(config.get("pad_token_id") or 0)
    tree = tokens.limited(tokens.with_cleaning(tokenizer), input.tokens, pad)
    _write(folder / TOKENIZER, tree)
    tokens.open_folder(folder)  # now, rather than at the first text


def notes(plan: Plan, searched: bool = False) -> Iterator[Note]:
    """See :meth:`transfergui.core.interfaces.plan.Modality.notes`."""
    if plan.backbone.key == tfidf.KEY:
        return  # what it does not know of the very texts that it was made from is too rare
    step = max(1, len(plan.split.train) // LOOKED_AT)
    tokenizer = tokens.open_folder(Path(_input(plan).assets))
    share = tokenizer.unknown_share(_training_texts(plan, step))
    if share >= UNKNOWN:
        values = {"percent": round(100 * share), "title": plan.backbone.title}
        code = "text.unknown_words_searched" if searched else "text.unknown_words"
        yield Note(code, values, "warning")


def fused(inputs: Sequence[TextInput]) -> tuple[TextInput, tuple[TextInput, ...]]:
    """See :meth:`.interfaces.plan.Modality.fused`: one tokenizer must serve them all.

    Raises:
        UserError: ``fusion.other_tokens``.
    """
    whole = msgspec.structs.replace(inputs[0], tokens=min(input.tokens for input in inputs))
    ways = [_way_of_reading(input, whole.tokens) for input in inputs]
    if None in ways or any(way != ways[0] for way in ways):
        raise UserError("fusion.other_tokens")
    return whole, tuple(msgspec.structs.replace(whole, assets=own.assets) for own in inputs)


def _way_of_reading(input: TextInput, count: int) -> tuple[Any, ...] | None:
    """What decides on the numbers that a network gets; None where no tokenizer is here yet."""
    folder = Path(input.assets)
    if not input.assets or not (folder / TOKENIZER).is_file():
        return None
    pad = int(tokens.read_tree(folder / CONFIG).get("pad_token_id") or 0)
    tokenizer = tokens.with_cleaning(tokens.read_tree(folder / TOKENIZER))
    return pad, tokens.limited(tokenizer, count, pad)


def _training_texts(plan: Plan, step: int = 1) -> Iterator[str]:
    read = reading.readable(Path(plan.split.root), plan.split.train[::step], _input(plan))
    return (text for _, text in read)


def _origin(plan: Plan, input: TextInput) -> Path:
    """The folder with the network's tokenizer.

    Raises:
        UserError: ``text.no_tokenizer``; or the weights, beside which it would be, are missing.
    """
    if input.assets:
        return Path(input.assets)
    weights = planned.require_weights(plan)
    if word_vectors.is_foreign(weights):
        return word_vectors.converted(weights).parent
    raise UserError("text.no_tokenizer", path=str(weights.parent))


def _copy(origin: Path, folder: Path) -> None:
    try:
        for name in (TOKENIZER, CONFIG, tfidf.IDF):
            if name != tfidf.IDF or (origin / name).is_file():
                disk.write_atomic(folder / name, (origin / name).read_bytes())
    except FileNotFoundError:
        raise UserError("text.no_tokenizer", path=str(origin)) from None


def _write(path: Path, tree: dict[str, Any]) -> None:
    disk.write_atomic(path, json.dumps(tree, ensure_ascii=False))


def _input(plan: Plan) -> TextInput:
    assert isinstance(plan.input, TextInput)
    return plan.input
