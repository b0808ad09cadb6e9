"""Encoders: numbers of tokens [N, T] to features [N, F].

Networks of the BERT family through transformers, word vectors with or without an LSTM, and the
counting of n-grams. What a network is made of is read from the ``config.json`` among its assets;
nothing is ever fetched, and no code of a model's own is run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.text import folders, tfidf, tokens, word_vectors
from transfergui.core.modalities.text.options import TextInput
from transfergui.core.nn import state_dicts

SPARE = re.compile(
    r"(.*\.)?(position_ids|pooler\..*)|(cls|lm_head|classifier|pre_classifier|vocab_\w+|qa_outputs"
    r"|generator_\w+|discriminator_\w+)\..*"
)
"""What weights files hold beside the encoder: heads for what it was trained on."""
OLD_NAMES = ((".gamma", ".weight"), (".beta", ".bias"))
"""What layer norms called their parameters when BERT was published, and today."""
DROPOUT = 0.3
"""Of word vectors on their way into the LSTM (Merity et al. 2018 take 0.3 to 0.4)."""


class MeanPooled(nn.Module):
    """The mean of what ``network`` makes of each token that is not padding.

    Args:
        network: (ids [N, T], mask [N, T] of 0 and 1) to hidden [N, T, F], or to a sequence that
            begins with that.
        pad: the number that is no token.
    """

    def __init__(self, network: nn.Module, pad: int) -> None:
        super().__init__()
        self.network = network
        self.pad = pad

    def forward(self, ids: Tensor) -> Tensor:
        if self.training and not torch.compiler.is_exporting():
            ids = self._shortened(ids)
        mask = (ids != self.pad).long()
        hidden = self.network(ids, mask)
        hidden = hidden if isinstance(hidden, Tensor) else hidden[0]
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)

    def _shortened(self, ids: Tensor) -> Tensor:
        """Without the padding that all rows share: the same result, but for the last bits."""
        used = (ids != self.pad).any(0).nonzero()
        return ids[:, : int(used.max()) + 1] if len(used) else ids[:, :1]


class WordVectors(nn.Module):
    """One vector per token: ids [N, T] to [N, T, W]."""

    def __init__(self, count: int, width: int) -> None:
        super().__init__()
        self.table = nn.Embedding(count, width, padding_idx=0)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        return self.table(ids)


class Recurrent(nn.Module):
    """Word vectors read in both directions by LSTMs: ids [N, T] to [N, T, F].

    Hochreiter and Schmidhuber 1997; both directions after Graves and Schmidhuber 2005. Reading
    backwards, each row begins with its own last token, so that padding changes nothing.
    """

    def __init__(self, count: int, width: int, features: int) -> None:
        super().__init__()
        self.table = nn.Embedding(count, width, padding_idx=0)
        self.dropout = nn.Dropout(DROPOUT)
        self.forwards = nn.LSTM(width, features // 2, batch_first=True)
        self.backwards = nn.LSTM(width, features // 2, batch_first=True)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        vectors = self.dropout(self.table(ids))
        places = torch.arange(ids.shape[1], device=ids.device)
        last = mask.sum(1, keepdim=True) - 1
        turned = (last - places).abs().clamp(max=ids.shape[1] - 1)  # beyond the end: never used
        there, _ = self.forwards(vectors)
        back, _ = self.backwards(_gathered(vectors, turned))
        return torch.cat([there, _gathered(back, turned)], 2)


def _gathered(vectors: Tensor, places: Tensor) -> Tensor:
    """``vectors`` [N, T, W] in the order of ``places`` [N, T]."""
    return vectors.gather(1, places.unsqueeze(-1).expand(-1, -1, vectors.shape[2]))


class CountedNGrams(nn.Module):
    """TF-IDF of tokens and of what several in a row make; see :mod:`.tfidf`.

    Each count c becomes 1 + ln c, is weighed by how rare the n-gram is, and every row is brought
    to the same length. Nothing of it is learnt by gradients.

    Args:
        idf: [F].
        longest: tokens in the longest n-gram.
        known: how many tokens there are.
    """

    idf: Tensor

    def __init__(self, idf: Tensor, longest: int, known: int) -> None:
        super().__init__()
        self.longest = longest
        self.known = known
        self.register_buffer("idf", idf, persistent=False)

    def forward(self, ids: Tensor) -> Tensor:
        slots, there = self._slots(ids)
        empty = ids.new_zeros((ids.shape[0], len(self.idf)), dtype=self.idf.dtype)
        counts = empty.scatter_add(1, slots, there)
        weighed = torch.where(counts > 0, 1 + counts.clamp(min=1).log(), 0.0) * self.idf
        return tfidf.LENGTH * weighed / weighed.norm(dim=1, keepdim=True).clamp(min=1e-6)

    def spread(self, ids: Tensor, shares: Tensor) -> Tensor:
        """Shares of the features [N, F] to the tokens [N, T] that made them: alike to each time
        that an n-gram stands there, and to each of its tokens."""
        slots, there = self._slots(ids)
        counts = torch.zeros_like(shares).scatter_add(1, slots, there)
        each = (shares / counts.clamp(min=1)).gather(1, slots) * there
        found = shares.new_zeros(ids.shape)
        start = 0
        for length in range(1, self.longest + 1):
            count = ids.shape[1] - length + 1
            part = each[:, start : start + count] / length
            for at in range(length):
                found[:, at : at + count] += part
            start += count
        return found

    def _slots(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Where each n-gram is counted [N, M], the short ones first, and whether it is one: 1, or 0
        of padding."""
        slots, there = [ids], [ids != 0]
        for length in range(2, self.longest + 1):
            count = ids.shape[1] - length + 1
            parts = [ids[:, at : at + count] * tfidf.FACTORS[at] for at in range(length)]
            slots.append(self.known + sum(parts[1:], parts[0]) % (len(self.idf) - self.known))
            there.append(ids[:, length - 1 :] != 0)
        return torch.cat(slots, 1), torch.cat(there, 1).to(self.idf.dtype)


def build(backbone: Backbone, weights: Path | None, input: TextInput) -> nn.Module:
    """The encoder of ``backbone``, on the CPU.

    Args:
        weights: a file of :mod:`transfergui.core.nn.state_dicts`, or of word vectors; None for
            random ones, drawn from torch's default generator.
        input: its ``assets`` say what the network is made of.

    Raises:
        UserError: ``text.no_tokenizer``, ``text.bad_tokenizer``, ``text.unknown_family``;
            ``vectors.unreadable``; or a ``weights.`` code: the file does not fit.
    """
    folder = Path(input.assets)
    try:
        config = tokens.read_tree(folder / tokens.CONFIG)
        if config.get("model_type") == tfidf.KEY:
            idf = json.loads((folder / tfidf.IDF).read_text())
            return CountedNGrams(torch.tensor(idf), config["longest"], config["known"])
    except OSError:
        raise UserError("text.no_tokenizer", path=str(folder)) from None
    network = _network(backbone, config, folder)
    if weights is not None:
        _fill(network, weights, backbone)
    return MeanPooled(network, int(config.get("pad_token_id") or 0))


def _network(backbone: Backbone, config: dict[str, Any], folder: Path) -> nn.Module:
    if config.get("model_type") != word_vectors.MODEL_TYPE:
        return _transformer(config, folder)
    count, width = int(config["tokens"]), int(config["width"])
    if backbone.untrained_groups:
        return Recurrent(count, width, backbone.features)
    return WordVectors(count, width)


def _transformer(config: dict[str, Any], folder: Path) -> nn.Module:
    from transformers import AutoConfig, AutoModel

    values = dict(config)
    model_type = str(values.pop("model_type", ""))
    if model_type not in folders.FAMILIES:
        known = ", ".join(each.title for each in folders.FAMILIES.values())
        raise UserError("text.unknown_family", path=str(folder), family=model_type, known=known)
    try:
        network = AutoModel.from_config(AutoConfig.for_model(model_type, **values))
    except Exception as error:  # the library meets arbitrary values here, and raises anything
        if memory.explains(error):
            raise
        path = str(folder / tokens.CONFIG)
        raise UserError("text.bad_tokenizer", path=path, reason=str(error)) from error
    if getattr(network, "pooler", None) is not None:
        network.pooler = None  # a layer of BERT's own, for which there is no use here
    return network


def _fill(network: nn.Module, weights: Path, backbone: Backbone) -> None:
    """Load the weights of everything that is not new.

    Raises:
        UserError: a ``weights.`` code, or ``vectors.unreadable``.
    """
    path = word_vectors.converted(weights) if word_vectors.is_foreign(weights) else weights
    limit = 100_000_000 + 16 * backbone.params
    tensors = state_dicts.run_network(state_dicts.read(path, limit))
    expected = network.state_dict()
    if word_vectors.TABLE in tensors:  # a folder of word vectors, with nothing above them
        tensors = {"table.weight": _dequantized(tensors)}
        new = {name: tensor for name, tensor in expected.items() if name != "table.weight"}
        tensors |= new
    else:
        tensors = _named_today(tensors, getattr(network, "base_model_prefix", ""))
    state_dicts.check(expected, tensors, weights, backbone.title, SPARE)
    state_dicts.load(network, tensors)


def _dequantized(tensors: Mapping[str, Tensor]) -> Tensor:
    table = tensors[word_vectors.TABLE].float()
    scale = tensors.get(word_vectors.SCALE)
    return table if scale is None else table * scale.float()


def _named_today(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """``tensors`` as transformers names those of a bare encoder today."""
    start = f"{prefix}."
    if any(name.startswith(start) for name in tensors):
        tensors = {n.removeprefix(start): t for n, t in tensors.items() if n.startswith(start)}
    return {_named_so(name): tensor for name, tensor in tensors.items()}


def _named_so(name: str) -> str:
    for old, new in OLD_NAMES:
        if name.endswith(f"LayerNorm{old}"):
            return name.removesuffix(old) + new
    return name
