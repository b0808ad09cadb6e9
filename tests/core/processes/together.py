"""Several processes of a training as threads of this one, joined by the real engine."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from transfergui.core.processes.joined import Joined, file_store

Result = TypeVar("Result")


def together(folder: Path, work: Callable[[Joined], Result], size: int = 2) -> list[Result]:
    """What ``work`` returns, or raises, in each of ``size`` processes."""
    found: dict[int, Result] = {}

    def one(rank: int) -> None:
        store = file_store(folder / "meeting", size)
        group = Joined(store, rank, size, size, "127.0.0.1", 60.0)
        try:
            found[rank] = work(group)
        except Exception as error:
            found[rank] = error  # type: ignore[assignment]

    threads = [threading.Thread(target=one, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[rank] for rank in range(size)]
