"""Devices, their random numbers and their memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np
import psutil
import torch

from transfergui.core.base import allocator, memory
from transfergui.core.base.errors import UserError


def find(device: str) -> torch.device:
    """The device that is meant: ``auto`` is the best there is.

    Raises:
        UserError: ``device.missing``.
    """
    available = available_devices()
    if device != "auto" and device not in available:
        raise UserError("device.missing", device=device)
    return torch.device(available[-1] if device == "auto" else device)


def available_devices() -> tuple[str, ...]:
    """Kinds of device that this machine has, the processor always among them."""
    found = ["cpu"]
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return tuple(found)


def counted_seed(*numbers: int) -> int:
    """A seed for torch made from counters."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> np.uint64(1))


def seed(number: int, device: torch.device) -> None:
    """Seed what is drawn on the processor and on ``device``.

    ``torch.manual_seed`` also seeds every other kind of device: of each that is not there, or not
    begun, it notes down who asked, which takes longer than a step of a head.
    """
    torch.default_generator.manual_seed(number)
    if device.type == "cuda":
        torch.cuda.manual_seed(number)
    elif device.type == "mps":
        torch.mps.manual_seed(number)


def one_thread() -> contextlib.AbstractContextManager[None]:
    """Compute on one thread: for a head on cached features, waking others costs more than it gives.

    With two threads on a busy two-core machine, an epoch of 13 such steps took
    0.5 s instead of 5 ms.
    """
    return threads(1)


@contextlib.contextmanager
def threads(count: int) -> Iterator[None]:
    """Compute on so many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def memory_in_use(device: torch.device) -> int:
    """Bytes: of the accelerator's memory where there is one, else of this process."""
    if device.type == "cuda":
        return int(torch.cuda.memory_reserved(device))
    return int(psutil.Process().memory_info().rss)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether ``error`` says that memory ran out, on any device."""
    return isinstance(error, torch.OutOfMemoryError) or memory.ran_out(error)


def available_memory(device: torch.device) -> int:
    """Bytes that a training on ``device`` can still get there."""
    if device.type == "cuda":
        kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(torch.cuda.mem_get_info(device)[0]) + kept
    if device.type == "mps":
        return torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory()
    return memory.available()


def release_memory(device: torch.device) -> None:
    """Give cached blocks back after running out of memory."""
    allocator.give_back()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
