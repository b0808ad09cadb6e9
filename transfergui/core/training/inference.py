"""A network run over samples, without gradients.

For features, validation, tests, predictions, and to compare an exported model with the trained one.
How the network computes (eval mode, precision, memory layout) is chosen by who gives it, with
:class:`transfergui.core.training.precision.Frozen`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

import torch
from torch import Tensor

from transfergui.core.training.compute import Compute
from transfergui.core.training.group import ALONE
from transfergui.core.training.loaders import prefetch_to_device
from transfergui.core.training.micro_batches import MicroBatches, result_of

if TYPE_CHECKING:
    from transfergui.core.runs import events as ev
    from transfergui.core.training.group import Group
    from transfergui.core.training.loaders import Source

Rows = TypeVar("Rows")
Network = Callable[[Tensor], Tensor]
"""Inputs [N, ...] to outputs [N, ...]; a module in eval mode, or any other function."""
Outputs = Generator["ev.Event", None, tuple[Tensor, list[int]]]
"""Events; returns outputs [N, ...] and the rows that they are of."""

BATCH = 32
"""Samples per forward pass. Fixed, and for features the last batch filled up: a sample's features
must not depend, in their last bits, on how many others were missing in the cache."""


def unreported(done: int) -> Iterator[ev.Event]:
    """As ``report`` of :func:`run`: nothing."""
    return iter(())


def unchecked() -> None:
    """As ``check_cancelled``: nothing ends it."""


def no_preparation(inputs: Tensor) -> None:
    """As ``before`` of :func:`run`: nothing."""


Shrink = Callable[[list[int], Tensor], Tensor]
"""Rows and outputs [N, O] of a batch to what is kept of them [N, S]."""


def whole(_rows: list[int], outputs: Tensor) -> Tensor:
    """As ``shrink`` of :func:`over`: all of it is kept."""
    return outputs


def run(
    network: Network,
    batches: Iterable[tuple[Rows, Tensor]],
    micro_batches: MicroBatches,
    keep: Callable[[Rows, Tensor], int],
    report: Callable[[int], Iterator[ev.Event]] = unreported,
    check_cancelled: Callable[[], None] = unchecked,
    before: Callable[[Tensor], None] = no_preparation,
) -> Generator[ev.Event, None, None]:
    """Run ``network`` over ``batches``, each with the rows that it is of.

    Args:
        keep: gets the outputs of each batch, before the next one is taken; returns how many samples
            are done.
        report: the events that say so.
        check_cancelled: called after each batch; may raise to end it.
        before: gets the inputs of each batch first.

    Raises:
        UserError: ``memory.exhausted``.
    """
    for rows, inputs in batches:
        before(inputs)
        outputs = yield from forward(network, inputs, micro_batches)
        yield from report(keep(rows, outputs))
        check_cancelled()


def forward(
    network: Network, inputs: Tensor, micro_batches: MicroBatches
) -> Generator[ev.Event, None, Tensor]:
    """``network`` on inputs [N, ...] without gradients; float32 in main memory.

    Raises:
        UserError: ``memory.exhausted``.
    """
    device = micro_batches.compute.device

    @torch.no_grad()
    def work() -> Tensor:
        cut = inputs.tensor_split(micro_batches.count(len(inputs), len(inputs)))
        return torch.cat([network(part.to(device)).float().cpu() for part in cut])

    return (yield from micro_batches.attempt(work, len(inputs)))


def over(
    network: Network,
    source: Source,
    micro_batches: MicroBatches,
    report: Callable[[int], Iterator[ev.Event]] = unreported,
    check_cancelled: Callable[[], None] = unchecked,
    chosen: Sequence[int] | None = None,
    shrink: Shrink = whole,
    group: Group = ALONE,
) -> Outputs:
    """What ``network`` makes of the samples of ``source``, without augmentation, that can be read.

    Args:
        report, check_cancelled: as of :func:`run`.
        chosen: their rows; None for all.
        shrink: what is kept of each batch [N, S], and returned here of all.
        group: the processes that share the work: batch by batch, so that each is computed as by
            one process, and what comes of it is the same bit for bit. Each gets all of it.
    """
    found: list[Tensor] = []
    done: list[int] = []

    def keep(rows: list[int], outputs: Tensor) -> int:
        found.append(shrink(rows, outputs))
        done.extend(rows)
        return len(done)

    device = micro_batches.compute.device
    rows = range(len(source.labels)) if chosen is None else chosen
    if not group.alone:
        return (
            yield from _shared(
                network, source, micro_batches, report, check_cancelled, rows, shrink, group
            )
        )
    read = prefetch_to_device(source.batches(rows, BATCH), device)
    batches = ((batch.rows, batch.inputs) for batch in read)
    yield from run(network, batches, micro_batches, keep, report, check_cancelled)
    return torch.cat(found) if found else torch.empty(0), done


def _shared(
    network: Network,
    source: Source,
    micro_batches: MicroBatches,
    report: Callable[[int], Iterator[ev.Event]],
    check_cancelled: Callable[[], None],
    rows: Sequence[int],
    shrink: Shrink,
    group: Group,
) -> Outputs:
    """As :func:`over`, by several processes: each takes every so many-th batch."""
    batches = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
    mine = [row for batch in batches[group.rank :: group.size] for row in batch]
    own: tuple[Tensor | None, list[int]] = None, []
    if mine:
        own = yield from over(
            network,
            source,
            micro_batches,
            lambda done: report(min(len(rows), done * group.size)),
            check_cancelled,
            mine,
            shrink,
        )
    found = group.gather(own)
    micro_batches.agree(group)
    done = [row for _outputs, part in found for row in part]
    place = {row: number for number, row in enumerate(rows)}
    order = sorted(range(len(done)), key=lambda number: place[done[number]])
    together = torch.cat([part for part, _rows in found if part is not None])
    return together[order], [done[number] for number in order]


def outputs(
    network: Network, batches: Iterable[Tensor], micro_batches: MicroBatches | None = None
) -> Tensor:
    """What ``network``, on the processor, makes of batches [N, ...] that are there already.

    Args:
        micro_batches: of calls before this one.

    Raises:
        UserError: ``memory.exhausted``.
    """
    found: list[Tensor] = []

    def keep(_rows: None, outputs: Tensor) -> int:
        found.append(outputs)
        return len(found)

    numbered = ((None, inputs) for inputs in batches)
    result_of(run(network, numbered, micro_batches or MicroBatches(Compute("cpu")), keep))
    return torch.cat(found)
