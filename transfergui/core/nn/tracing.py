"""Following a network with ``torch.fx`` while other threads use networks, too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from torch import fx, nn

_TRACING = threading.Lock()
"""Of two tracings at once, either would put back what the other had put into its place."""


class OwnThreadTracer(fx.Tracer):
    """Follows the calls of its own thread only.

    While fx traces, it stands in the place of ``nn.Module.__call__`` for the whole program; a
    network that looks or learns in another thread meanwhile is to be left alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.get_ident()

    def trace(
        self,
        root: nn.Module | Callable[..., Any],
        concrete_args: dict[str, Any] | None = None,
    ) -> fx.Graph:
        with _TRACING:
            return super().trace(root, concrete_args)

    def call_module(
        self,
        m: nn.Module,
        forward: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        if threading.get_ident() != self._thread:
            return forward(*args, **kwargs)
        return self.followed(m, super().call_module(m, forward, args, kwargs))

    def followed(self, module: nn.Module, result: Any) -> Any:
        """What a module of the network that is followed made."""
        return result

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        if threading.get_ident() != self._thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)
