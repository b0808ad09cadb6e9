"""Heads whose loss is not one of their outputs alone: they see what is wanted while they learn.

A two-stage head samples its proposals by the truth, so its loss is made within it. Such a head is a
:class:`Taught`; what computes a loss with labels (:class:`transfergui.core.nn.losses.Supervised`)
lets it see what is wanted, by :func:`seeing`, and the head answers with its losses instead of its
outputs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from torch import Tensor, nn


class Taught(nn.Module):
    """A module that may be told what is wanted of the samples it gets next.

    Attributes:
        wanted: of the samples of this step, [N, ...]; None where nobody says it.
    """

    wanted: Tensor | None = None


@contextlib.contextmanager
def seeing(model: nn.Module, wanted: Tensor) -> Iterator[None]:
    """Within it, every :class:`Taught` in ``model`` sees what is wanted."""
    pupils = [module for module in model.modules() if isinstance(module, Taught)]
    for module in pupils:
        module.wanted = wanted
    try:
        yield
    finally:
        for module in pupils:
            module.wanted = None
