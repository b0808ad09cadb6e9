"""A process among several, joined by torch's collectives; nothing else imports them.

Gloo carries what is on a processor, NCCL what is on NVIDIA cards. The groups are objects of their
own, not the one that torch keeps for the whole program: two trainings in one program, as in tests,
do not meet.
"""

from __future__ import annotations

import contextlib
import importlib
import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from torch import Tensor

from transfergui.core.training.group import Group

if TYPE_CHECKING:
    from pathlib import Path

Value = TypeVar("Value")
dist: Any = importlib.import_module("torch.distributed")
"""Much of it has no types."""

LATE = 0.9
"""Of the timeout: a collective that failed after so long has waited for somebody in vain."""
MEETING = 300.0
"""Seconds that the others may need longer until they are there: libraries are loaded."""
LARGEST = 2**28
"""Bytes that travel at once."""
SHORT, HEADER = 1024, 8
"""Bytes of what is told in one message, of which these say how long it is: a second message would
cost as much again."""


class PeerLost(BaseException):
    """A collective failed: another process is gone, or does not answer.

    Not an ``Exception``: nothing on the way may take it for a mistake of its own.

    Attributes:
        late: whether it was waited for until the timeout.
    """

    def __init__(self, late: bool) -> None:
        super().__init__()
        self.late = late


class Joined(Group):
    """See the module.

    Args:
        store: where the processes find each other.
        here: how many of them are on this computer; they are numbered one after another.
        address: of this computer, at which the others reach it.
        timeout: seconds that a process waits for the others.
    """

    def __init__(
        self,
        store: Any,
        rank: int,
        size: int,
        here: int,
        address: str,
        timeout: float,
    ) -> None:
        self.rank, self.size, self.here = rank, size, here
        self.writes = rank % here == 0
        self._timeout = timeout
        self._store, self._nccl = store, None
        with self._noticing():
            self._gloo = _gloo(dist.PrefixStore("gloo", store), rank, size, address, timeout)

    def add(self, tensor: Tensor) -> None:
        with self._noticing():
            self._by(tensor).allreduce([tensor]).wait()

    def gather(self, value: Value) -> list[Value]:
        own = _packed(value)
        letter = torch.zeros(SHORT, dtype=torch.uint8)
        letter[:HEADER] = torch.frombuffer(
            bytearray(len(own).to_bytes(HEADER, "little")), dtype=torch.uint8
        )
        letter[HEADER : HEADER + len(own)] = own[: SHORT - HEADER]
        letters = [torch.zeros(SHORT, dtype=torch.uint8) for _rank in range(self.size)]
        with self._noticing():
            self._gloo.allgather([letters], [letter]).wait()
            lengths = [int.from_bytes(bytes(each[:HEADER].tolist()), "little") for each in letters]
            if max(lengths) <= SHORT - HEADER:
                pairs = zip(letters, lengths, strict=True)
                return [_unpacked(each[HEADER : HEADER + length]) for each, length in pairs]
            return [self._sent(own, rank, length) for rank, length in enumerate(lengths)]

    def _sent(self, own: Tensor, rank: int, length: int) -> Any:
        """What the process ``rank`` has packed into ``length`` bytes."""
        data = own if rank == self.rank else torch.empty(length, dtype=torch.uint8)
        for start in range(0, length, LARGEST):
            self._broadcast(self._gloo, data[start : start + LARGEST], rank)
        return _unpacked(data)

    def of_first(self, make: Callable[[], Value]) -> Value:
        own = _packed(make()) if self.first else torch.empty(0, dtype=torch.uint8)
        length = torch.tensor([len(own)])
        with self._noticing():
            self._broadcast(self._gloo, length, 0)
            return self._sent(own, 0, int(length))

    def share(self, tensors: Iterable[Tensor]) -> None:
        with self._noticing(), torch.no_grad():
            for tensor in tensors:
                whole = tensor.detach().contiguous()
                self._broadcast(self._by(tensor), whole, 0)
                tensor.copy_(whole)

    def _by(self, tensor: Tensor) -> Any:
        if not tensor.is_cuda:
            return self._gloo
        if self._nccl is None:
            store = dist.PrefixStore("nccl", self._store)
            options = dist.ProcessGroupNCCL.Options()
            options._timeout = timedelta(seconds=self._timeout)
            self._nccl = dist.ProcessGroupNCCL(store, self.rank, self.size, options)
        return self._nccl

    @staticmethod
    def _broadcast(by: Any, tensor: Tensor, rank: int) -> None:
        options = dist.BroadcastOptions()
        options.rootRank = rank
        by.broadcast([tensor], options).wait()

    @contextlib.contextmanager
    def _noticing(self) -> Iterator[None]:
        """
        Raises:
            PeerLost: in the place of what torch raises, which differs from engine to engine.
        """
        began = time.monotonic()
        try:
            yield
        except RuntimeError as error:
            late = time.monotonic() - began >= LATE * self._timeout
            raise PeerLost(late) from error


def _packed(value: Any) -> Tensor:
    return torch.frombuffer(bytearray(pickle.dumps(value)), dtype=torch.uint8)


def _unpacked(data: Tensor) -> Any:
    """Of what the other processes of this training have packed: nobody else is in the group."""
    return pickle.loads(data.numpy().tobytes())


def _gloo(store: Any, rank: int, size: int, address: str, timeout: float) -> Any:
    """A group that listens at ``address`` only."""
    options = dist.ProcessGroupGloo._Options()
    options._devices = [dist.ProcessGroupGloo.create_device(hostname=address)]
    options._timeout = timedelta(seconds=max(timeout, MEETING))
    group = dist.ProcessGroupGloo(store, rank, size, options)
    group._set_default_timeout(timedelta(seconds=timeout))
    return group


def file_store(path: Path, size: int) -> Any:
    """Where processes of one computer find each other: nothing listens on the network."""
    return dist.FileStore(str(path), size)


def network_store(host: str, port: int, name: str, timeout: float) -> Any:
    """Where processes of several computers do: the store that torchrun keeps.

    Args:
        name: apart from what earlier processes left there.
    """
    store = dist.TCPStore(host, port, None, False, timedelta(seconds=max(timeout, MEETING)))
    return dist.PrefixStore(name, store)
