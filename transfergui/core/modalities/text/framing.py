"""What texts lose when they are brought to the length that the network reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from transfergui.core.data.properties import Framing
from transfergui.core.modalities.text.lengths import PERCENTILE, STEP
from transfergui.core.modalities.text.options import MOST_TOKENS, TextInput

OFTEN = 0.1
"""Of the texts: with fewer cut ones, nothing is said."""


def framed(columns: Mapping[str, np.ndarray], input: TextInput) -> Iterator[Framing]:
    """As :meth:`transfergui.core.interfaces.Modality.framing`. Texts that are longer than any
    network reads by itself are told by the scan."""
    if not columns or input.tokens >= MOST_TOKENS:
        return
    tokens = columns["tokens"]
    cut = np.flatnonzero(tokens > input.tokens)
    if len(cut) <= OFTEN * len(tokens):
        return
    wanted = min(MOST_TOKENS, STEP * int(np.ceil(np.percentile(tokens, PERCENTILE) / STEP)))
    order = cut[np.argsort(-tokens[cut], kind="stable")]
    values = {"count": len(cut), "total": len(tokens), "wanted": wanted}
    yield Framing("check.framing_unread", values, tuple(order.tolist()), "input.tokens", wanted)
