"""Decoded samples, kept in memory within a bound: nothing is decoded in each epoch anew.

They are copied into large blocks. Kept as they came, each between the short-lived tensors of its
batch, they took a fifth more than their bytes (measured with pictures of 80 and 224 pixels), which
nothing counted: with a million of them, gigabytes.
"""

from __future__ import annotations

import math
import threading

import torch
from torch import Tensor

from transfergui.core.base import memory

MEMORY_SHARE = 0.25
"""Of the memory that is free at the start, for decoded samples."""
BLOCK = 2**24
"""Bytes that are asked for at once; a larger sample has a block of its own."""
ALIGNED = 64
"""Bytes of which the beginning of a sample is a multiple, as torch has it."""
BESIDE = 1024
"""Bytes that a kept sample takes beside its values: its path, and Python's and torch's objects."""


class SampleCache:
    """Keeps samples until the bound is reached; then new ones are not kept. For several threads.

    Args:
        limit: bytes; by default :data:`MEMORY_SHARE` of what is free.

    Attributes:
        left: bytes of the bound that are not in use.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.left = int(memory.available() * MEMORY_SHARE) if limit is None else limit
        self._kept: dict[str, Tensor] = {}
        self._block, self._used = torch.empty(0, dtype=torch.uint8), 0
        self._lock = threading.Lock()

    def leave(self, needed: int) -> None:
        """Keep no more than what is free beside ``needed`` bytes."""
        self.left = max(0, min(self.left, memory.available() - needed))

    def get(self, path: str) -> Tensor | None:
        return self._kept.get(path)

    def keep(self, path: str, tensor: Tensor) -> None:
        """Keep a copy of ``tensor`` [...] of any type, unless the bound is reached."""
        size = ALIGNED * math.ceil(tensor.numel() * tensor.element_size() / ALIGNED)
        with self._lock:
            if size + BESIDE > self.left or path in self._kept:
                return
            self.left -= size + BESIDE
            place = self._place(size)[: tensor.numel() * tensor.element_size()]
            self._kept[path] = place.view(tensor.dtype).view(tensor.shape).copy_(tensor)

    def _place(self, size: int) -> Tensor:
        """The next ``size`` bytes of the block, or of a new one."""
        if self._used + size > len(self._block):
            self._block, self._used = torch.empty(max(BLOCK, size), dtype=torch.uint8), 0
        self._used += size
        return self._block[self._used - size : self._used]
