"""What speaks for an output: its log-odds against the others that compete with it."""

from __future__ import annotations

import torch
from torch import Tensor


def log_odds(logits: Tensor) -> Tensor:
    """``log(p / (1 - p))`` of softmax probabilities p, from logits [N, C].

    A probability of nearly 1 hardly changes whatever is hidden, and a logit alone may move with all
    the others: this does neither. Exact where p rounds to 1.
    """
    whole = logits.logsumexp(1, keepdim=True)
    shares = logits.softmax(1)
    first = torch.zeros_like(logits, dtype=torch.bool).scatter_(1, logits.argmax(1, True), True)
    others = logits.masked_fill(first, -torch.inf).logsumexp(1, keepdim=True)
    rest = whole + torch.log1p(-shares.masked_fill(first, 0.0))
    return logits - torch.where(first, others, rest)
