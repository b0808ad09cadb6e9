"""torchrun, in a process of its own: it starts the processes that train, and starts them again.

Its log goes to standard error, which the program keeps for itself. It ends with the program that
started it: that holds the other end of its standard input.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback

from transfergui.core.processes.seat import Mouth, Seat
from transfergui.core.runs import events as ev

RESTARTS = 3
"""So often, all processes begin again from the last checkpoint after one of them was lost."""
JOIN = 600
"""Seconds that a computer waits for the others."""


def main(told: str) -> int:
    """
    Args:
        told: a :class:`Seat`.
    """
    seat, mouth = Seat.of(told), Mouth(only=False)  # its processes speak through the same pipe
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from torch.distributed import run as torchrun
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    try:
        torchrun.run(torchrun.parse_args(arguments(seat)))
    except ChildFailedError as error:
        mouth.say(_lost(error, seat), recorded=False)
        return 1
    except Exception:  # of many kinds: the others are not there, or are not there any more
        if seat.machines == 1:
            raise
        traceback.print_exc()
        values = {"endpoint": seat.endpoint}
        mouth.say(ev.Failed(code="processes.unreachable", values=values), recorded=False)
        return 1
    return 0


def arguments(seat: Seat) -> list[str]:
    """What torchrun is told."""
    found = [
        f"--nnodes={seat.machines}",
        f"--nproc-per-node={seat.here}",
        f"--max-restarts={RESTARTS}",
        "--rdzv-backend=c10d",
        f"--local-addr={seat.address}",
    ]
    if seat.store:
        found += [f"--rdzv-endpoint={seat.store}", "--rdzv-conf=store_type=file"]
    else:
        host = "true" if seat.number == 0 else "false"
        found += [
            f"--rdzv-endpoint={seat.endpoint}",
            f"--rdzv-conf=is_host={host},join_timeout={JOIN},read_timeout={round(seat.hang)}",
            "--rdzv-id=transfergui",
        ]
    return [*found, "-m", "transfergui.core.processes.rank", seat.told()]


def _lost(error: object, seat: Seat) -> ev.Failed:
    """Which process was lost, of those that failed: one that only missed another says so by its
    exit status."""
    failures: dict[int, object] = getattr(error, "failures", {})
    number, status = 0, 1
    for rank, failure in sorted(failures.items()):
        found = int(getattr(failure, "exitcode", 1))
        if not number or found < status:
            number, status = rank + 1, found
    values = {"number": number, "count": seat.size, "times": RESTARTS + 1, "status": status}
    return ev.Failed(code="processes.lost", values=values)


def _end_with_parent() -> None:
    while os.read(0, 1000):
        pass
    os.kill(os.getpid(), signal.SIGTERM)  # torchrun ends its processes then


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
