"""Networks that are folders: ``config.json``, ``tokenizer.json`` and ``model.safetensors``.

Everything about them is read here without torch and without transformers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone, Source
from transfergui.core.modalities.text import tokens, word_vectors
from transfergui.core.modalities.text.options import TextInput
from transfergui.core.modalities.text.tokens import CONFIG, TOKENIZER
from transfergui.core.networks import weights as weights_files
from transfergui.core.networks.weights import FOLDER_WEIGHTS

Groups = tuple[tuple[str, ...], ...]


class Family(NamedTuple):
    """Networks of one ``model_type``.

    Attributes:
        title: as people know it.
        first: what comes before the layers; parameters of the network, by prefix.
        layers: where the layers are.
        last: what belongs to the last of them.
        depth_name: what ``config.json`` calls the number of layers.
        width_name: what it calls the length of the features.
    """

    title: str
    first: tuple[str, ...]
    layers: str
    last: tuple[str, ...] = ()
    depth_name: str = "num_hidden_layers"
    width_name: str = "hidden_size"


FAMILIES: Mapping[str, Family] = {
    "bert": Family("BERT", ("embeddings",), "encoder.layer"),
    "roberta": Family("RoBERTa", ("embeddings",), "encoder.layer"),
    "xlm-roberta": Family("XLM-RoBERTa", ("embeddings",), "encoder.layer"),
    "camembert": Family("CamemBERT", ("embeddings",), "encoder.layer"),
    "electra": Family("ELECTRA", ("embeddings", "embeddings_project"), "encoder.layer"),
    "mpnet": Family("MPNet", ("embeddings", "encoder.relative_attention_bias"), "encoder.layer"),
    "distilbert": Family(
        "DistilBERT", ("embeddings",), "transformer.layer", depth_name="n_layers", width_name="dim"
    ),
}
OFFSET = frozenset({"roberta", "xlm-roberta", "camembert", "mpnet"})
"""Families that count positions from behind the number that pads."""
PACE, SHARE = 0.1, 0.34
"""How slowly transformers are trained on, and for how much shorter, beside networks for pictures:
steps that suit those tear a transformer apart (Mosbach et al. 2021, arXiv:2006.04884)."""
REFERENCE = 128
"""Tokens for which the work of one text is told."""
FAST, MEDIUM = 3.0, 15.0
"""Units of 1e9 multiply-adds for a text, below which a network is quick, and not slow yet."""


def groups(model_type: str, layers: int) -> Groups:
    """Parameters of an encoder from the embeddings to the last layer, by prefix."""
    family = FAMILIES[model_type]
    first = tuple(f"network.{name}" for name in family.first)
    stack: list[tuple[str, ...]] = [(f"network.{family.layers}.{at}",) for at in range(layers)]
    stack[-1] += tuple(f"network.{name}" for name in family.last)
    return first, *stack


def beside(backbone: Backbone, weights: Path | None) -> dict[str, Any]:
    """Where the tokenizer is: in the folder of the weights, else of the published ones."""
    published = weights_files.find(backbone)
    homes = [found.parent for found in (weights, published) if found is not None]
    found = next((home for home in homes if (home / TOKENIZER).is_file()), None)
    return {"assets": str(found)} if found else {}


def most_tokens(input: TextInput) -> int | None:
    """For how many tokens the network has a place; None where there is no limit, or none known.

    Raises:
        UserError: ``text.bad_tokenizer``.
    """
    config = tokens.read_tree(Path(input.assets) / CONFIG) if input.assets else {}
    most = config.get("max_position_embeddings")
    if most is not None and config.get("model_type") in OFFSET:
        most -= 1 + int(config.get("pad_token_id") or 0)
    return most


def require_length(backbone: Backbone, input: TextInput) -> None:
    """Insist that the network has a place for every token.

    Raises:
        UserError: ``text.too_many_tokens``; ``text.bad_tokenizer``.
    """
    most = most_tokens(input)
    if most is not None and input.tokens > most:
        raise UserError("text.too_many_tokens", title=backbone.title, limit=most)


def source(path: Path) -> Source | None:
    """A local network: a folder of transformers, or a file of word vectors; None for others.

    Raises:
        UserError: ``text.no_tokenizer``, ``text.bad_tokenizer``, ``text.unknown_family``,
            ``weights.no_file``, ``vectors.unreadable``.
    """
    if path.is_dir() and (path / CONFIG).is_file():
        return _of_folder(path)
    if path.is_file() and word_vectors.is_foreign(path):
        return _of_vectors(path)
    return None


def _of_folder(path: Path) -> Source:
    config = tokens.read_tree(path / CONFIG)
    weights = path / FOLDER_WEIGHTS
    if not weights.is_file():
        raise UserError("weights.no_file", path=str(weights))
    if not (path / TOKENIZER).is_file():
        raise UserError("text.no_tokenizer", path=str(path))
    made = _vectors_row if config.get("model_type") == word_vectors.MODEL_TYPE else _network_row
    return Source(made(path, config), weights, {"assets": str(path)})


def _network_row(path: Path, config: dict[str, Any]) -> Backbone:
    model_type = str(config.get("model_type", ""))
    family = FAMILIES.get(model_type)
    if family is None:
        known = ", ".join(each.title for each in FAMILIES.values())
        raise UserError("text.unknown_family", path=str(path), family=model_type, known=known)
    try:
        layers, width = int(config[family.depth_name]), int(config[family.width_name])
    except (KeyError, TypeError, ValueError) as error:
        raise UserError("text.bad_tokenizer", path=str(path / CONFIG), reason=str(error)) from None
    params = _parameters(path / FOLDER_WEIGHTS)
    flops = layers * 12 * width**2 * REFERENCE / 1e9
    return Backbone(
        key=_slug(path.name),
        title=path.name,
        family=family.title,
        summary="",
        params=params,
        features=width,
        groups=groups(model_type, layers),
        input={},
        flops=flops,
        speed=speed(flops),
        trained_on="",
        accuracy=None,
        licence="",
        lr_scale=PACE,
        epoch_scale=SHARE,
        attention=True,
        **_where(path / FOLDER_WEIGHTS),
    )


def speed(flops: float) -> Any:
    """The class of speed of a network with this work for a text."""
    return "fast" if flops < FAST else "medium" if flops < MEDIUM else "slow"


def _of_vectors(path: Path) -> Source:
    words, width = word_vectors.size_of(path)
    return Source(_vectors_row(path, {"tokens": words + 2, "width": width}), path)


def _vectors_row(path: Path, config: dict[str, Any]) -> Backbone:
    width = int(config["width"])
    return Backbone(
        key=_slug(path.name),
        title=path.name,
        family="Word vectors",
        summary="",
        params=int(config["tokens"]) * width,
        features=width,
        groups=(("network.table",),),
        input={},
        flops=1e-4,
        speed="fast",
        trained_on="",
        accuracy=None,
        licence="",
        has_norm_or_bias=False,
        **_where(path),
    )


def _where(path: Path) -> dict[str, Any]:
    file = path / FOLDER_WEIGHTS if path.is_dir() else path
    size = file.stat().st_size
    return {"weights_url": file.resolve().as_uri(), "weights_hash": "", "download_bytes": size}


def _slug(name: str) -> str:
    """A name as a key: nothing that a path could be mistaken for."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "network"


def _parameters(weights: Path) -> int:
    """How many numbers a ``.safetensors`` file holds, by its header.

    Raises:
        UserError: ``weights.damaged``.
    """
    return sum(math.prod(each.shape) for each in weights_files.tensors(weights).values())
