"""Blocks are kept, in a process of its own: the setting holds for the whole process."""

import subprocess
import sys

import pytest

from transfergui.core.base import allocator

PROGRAM = """
import resource, sys, threading
import psutil
from transfergui.core.base import allocator

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bytearray(200 << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def in_thread():
    found = []
    for _time in range(2):
        thread = threading.Thread(target=lambda: found.append(faults()))
        thread.start()
        thread.join()
    return found[-1]

if sys.argv[1] == "keep":
    assert allocator.keep_blocks()
faults()
print(faults(), in_thread())
held = psutil.Process().memory_info().rss
allocator.give_back()
print(held - psutil.Process().memory_info().rss)
"""
FEW = 50
"""Pages fetched; even those of two megabytes, which some systems use, would be twice as many."""


@pytest.mark.skipif(sys.platform != "linux", reason="the GNU C library's")
@pytest.mark.parametrize("kept", [False, True])
def test_a_block_given_back_is_fetched_anew_unless_it_is_kept(kept: bool) -> None:
    again, in_thread, returned = _run("keep" if kept else "as it comes")
    assert (again < FEW) is kept
    assert (in_thread < FEW) is kept
    assert (returned > 150 << 20) is kept


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocator, "_gnu_libc", lambda: None)
    assert allocator.keep_blocks() is False
    allocator.give_back()


def _run(how: str) -> tuple[int, int, int]:
    done = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, check=True)
    again, in_thread, returned = map(int, done.stdout.split())
    return again, in_thread, returned
