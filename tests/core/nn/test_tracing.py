"""A network is followed while another thread uses one."""

import threading

import torch
from torch import Tensor, nn

from transfergui.core.nn.tracing import OwnThreadTracer


class Interrupted(nn.Module):
    """While it is followed, another thread uses another network."""

    def __init__(self) -> None:
        super().__init__()
        self.own = nn.Linear(2, 2)
        self.seen: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        other = [nn.Linear(3, 1)]  # no module of this network
        thread = threading.Thread(target=lambda: self.seen.append(other[0](torch.ones(3))))
        thread.start()
        thread.join()
        found: Tensor = self.own(x)
        return found


def test_another_thread_is_left_alone() -> None:
    network = Interrupted()
    graph = OwnThreadTracer().trace(network)
    assert [node.op for node in graph.nodes] == ["placeholder", "call_module", "output"]
    assert isinstance(network.seen[0], Tensor)
