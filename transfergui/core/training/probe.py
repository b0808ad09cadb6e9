"""What things cost here: a few samples decoded, and a piece of work timed."""

from __future__ import annotations

import contextlib
import contextvars
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from transfergui.core import plans
from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import ordered_map
from transfergui.core.training.loaders import CPU, FileSource, UnreadableFiles
from transfergui.core.training.sample_cache import SampleCache

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces.plan import Plan

FLOPS = 16.0
"""A probe's batch is chosen so that one forward pass is about this many GFLOPs."""
MOST = 16
"""Samples in it, however small the network."""
RUNS, SECONDS = 6, 1.5
"""Repetitions of one measurement: at most so many, and none begins after so long."""

_check: contextvars.ContextVar[Callable[[], object]] = contextvars.ContextVar(
    "check_cancelled", default=int
)


@contextlib.contextmanager
def checking_cancelled(check_cancelled: Callable[[], None]) -> Iterator[None]:
    """Within it, ``check_cancelled`` is called before each run of a measurement and may raise."""
    token = _check.set(check_cancelled)
    try:
        yield
    finally:
        _check.reset(token)


_measuring = threading.Lock()
WAIT = 0.02
"""Seconds between two calls of ``check_cancelled`` while another measurement ends."""


@contextlib.contextmanager
def alone(check_cancelled: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Within it, no estimate runs in another thread: of two jobs that share the processor, each
    would measure the other, and what it finds is remembered.

    Args:
        check_cancelled: called while one that runs already is waited for; may raise to end that.
    """
    while not _measuring.acquire(timeout=WAIT):
        check_cancelled()
    try:
        yield
    finally:
        _measuring.release()


def decoded(plan: Plan, most: int = MOST) -> tuple[Tensor, float]:
    """Prepared inputs [N, ...] of a few training samples, and the seconds that one takes.

    Raises:
        UserError: none of them can be read.
    """
    paths = [Path(plan.split.root) / sample.path for sample in _some(plan, most)]

    def prepared(path: Path) -> Tensor | UserError:
        try:
            return plan.modality.prepare(plan.modality.load(path, plan.input), plan.input)
        except UserError as error:
            return error

    began = time.perf_counter()
    results = list(ordered_map(prepared, paths))
    seconds = (time.perf_counter() - began) / len(paths)
    tensors = [result for result in results if isinstance(result, Tensor)]
    if not tensors:
        raise next(result for result in results if isinstance(result, UserError))
    return torch.stack(tensors), seconds


def augmenting(plan: Plan, most: int = MOST, device: torch.device = CPU) -> float:
    """Seconds in which a sample that is in memory is changed at random, as in training.

    Raises:
        UserError: too many cannot be read.
    """
    if not plans.augments(plan):
        return 0.0
    samples = _some(plan, most)
    source = FileSource(plan, samples, SampleCache(), UnreadableFiles(len(samples)), device=device)

    def all_of_them() -> None:
        for _batch in source.batches(range(len(samples)), len(samples), epoch=0):
            pass

    all_of_them()  # which reads them
    return fastest(all_of_them, device, limit=0.1) / len(samples)


def _some(plan: Plan, most: int) -> Sequence[Sample]:
    count = max(2, min(most, int(FLOPS / max(plan.backbone.flops, 1e-3))))
    stride = max(1, len(plan.split.train) // count)
    return plan.split.train[::stride][:count]


def fastest(work: Callable[[], object], device: torch.device, limit: float = SECONDS) -> float:
    """Seconds of the fastest of some runs: the first ones allocate, choose kernels and import.

    Args:
        limit: seconds after which no further run begins; but for 0, there are two at least.
    """
    least = math.inf
    end = time.perf_counter() + limit
    for run in range(RUNS):
        _check.get()()
        began = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        least = min(least, time.perf_counter() - began)
        if time.perf_counter() > end and (run or not limit):
            break
    return least
