"""The ordered map: order, bound, errors at their turn, an early end."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator

import pytest

from transfergui.core.base.parallel import ordered_map, prefetch, wait_asleep


def test_results_come_in_order() -> None:
    def slow_first(n: int) -> int:
        time.sleep(0.02 if n == 0 else 0)
        return n * n

    assert list(ordered_map(slow_first, range(20), threads=4)) == [n * n for n in range(20)]


def test_it_runs_no_further_ahead_than_asked() -> None:
    taken = 0

    def endless() -> Generator[int, None, None]:
        nonlocal taken
        while True:
            yield taken
            taken += 1

    results = ordered_map(str, endless(), threads=2, ahead=5)
    assert [next(results) for _ in range(3)] == ["0", "1", "2"]
    assert taken <= 3 + 5
    results.close()


def test_an_exception_is_raised_at_its_turn() -> None:
    results = ordered_map(lambda n: 1 // (2 - n), range(5), threads=2)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_closing_early_leaves_no_thread() -> None:
    before = threading.active_count()
    results = ordered_map(str, range(1000), threads=3, ahead=10)
    next(results)
    results.close()
    assert threading.active_count() == before


def test_the_next_one_is_made_while_this_one_is_used() -> None:
    made = threading.Event()

    def items() -> Generator[int, None, None]:
        yield 1
        made.set()
        yield 2

    found = prefetch(items())
    assert next(found) == 1
    assert made.wait(10)
    assert list(found) == [2]


def test_one_ahead_raises_at_its_turn_and_closes_what_it_reads() -> None:
    closed = threading.Event()

    def items() -> Generator[int, None, None]:
        try:
            yield 1
            yield 2
            raise ValueError("no third")
        finally:
            closed.set()

    found = prefetch(items())
    assert [next(found), next(found)] == [1, 2]
    with pytest.raises(ValueError, match="no third"):
        next(found)
    assert closed.is_set()
    closed.clear()
    found = prefetch(items())
    next(found)
    found.close()
    assert closed.is_set()


STARTED = """
import os, sys
from transfergui.__main__ import main
main(["list", "strategies"])
print(os.environ["OMP_WAIT_POLICY"], "torch" in sys.modules)
"""


def test_the_program_starts_with_threads_that_wait_asleep() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    done = subprocess.run(
        [sys.executable, "-c", STARTED], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.splitlines()[-1] == "passive False"


def test_a_choice_of_the_users_own_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    wait_asleep()
    assert os.environ["OMP_WAIT_POLICY"] == "active"
