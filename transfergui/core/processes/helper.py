"""A process that takes part in the search of the one that started it, until either ends.

Why it cannot go on is what it says.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from pathlib import Path

from transfergui.core.base import allocator, parallel
from transfergui.core.base.errors import UserError
from transfergui.core.processes.seat import Mouth
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run

GRACE = 30.0
"""Seconds in which what is trained here is kept, once the other process is gone."""
TOO_LATE = ("join.no_search", "join.idle")
"""The search was over before this process was ready."""
FAILED = 1


def main(path: str, here: str) -> int:
    """
    Args:
        path: of the run that searches.
        here: how many processes of this computer take part in that.
    """
    over, mouth = threading.Event(), Mouth()
    threading.Thread(target=_listen, args=(over,), daemon=True).start()
    parallel.wait_asleep()
    allocator.keep_blocks()
    from transfergui.core.training import joining
    from transfergui.core.training.group import Neighbours

    try:
        for _event in joining.join(Run(Path(path)), over.is_set, Neighbours(int(here))):
            pass
    except UserError as error:
        if error.code in TOO_LATE:
            return 0
        mouth.say(ev.Failed(error.code, error.note.values), recorded=False)
        return FAILED
    except Exception:
        mouth.say(ev.Failed(code="bug", details=traceback.format_exc()), recorded=False)
        return FAILED
    return 0


def _listen(over: threading.Event) -> None:
    """Wait for the end of the process that started this one: its end of the pipe closes then."""
    while os.read(0, 1000):
        pass
    over.set()
    time.sleep(GRACE)
    os._exit(FAILED)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
