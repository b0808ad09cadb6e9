"""What texts lose when they are brought to the length that the network reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from transfergui.core.data.properties import Framing
from transfergui.core.modalities.text.lengths import PERCENTILE, STEP
from transfergui.core.modalities.text.options import MOST_TOKENS, TextInput

OFTEN = 0.1
"""Of the texts: with fewer cut ones, another length is not worth its time."""


def framed(columns: Mapping[str, np.ndarray], input: TextInput) -> Iterator[Framing]:
    """As :meth:`transfergui.core.interfaces.plan.Modality.framing`. Texts that are longer than any
    network reads by itself are among the problems of the scan as well."""
    if not columns:
        return
    tokens = columns["tokens"]
    cut = np.flatnonzero(tokens > input.tokens)
    if not len(cut):
        return
    rows = tuple(cut[np.argsort(-tokens[cut], kind="stable")].tolist())
    values = {"count": len(cut), "total": len(tokens)}
    if input.tokens >= MOST_TOKENS or len(cut) <= OFTEN * len(tokens):
        yield Framing("check.framing_unread_few", values | {"length": input.tokens}, rows)
        return
    wanted = min(MOST_TOKENS, STEP * int(np.ceil(np.percentile(tokens, PERCENTILE) / STEP)))
    yield Framing("check.framing_unread", values | {"wanted": wanted}, rows, "input.tokens", wanted)
