"""kill -9 at random moments: what was complete stays complete, and the next command comes to the
same bits as without it."""

import itertools
import logging
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import kills
from tests.faults.kills import Bits, Ended, process

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks")

log = logging.getLogger(__name__)
ROUNDS = 200
"""Kills of each kind, in the whole form."""
QUICK = {"train, features in the cache": 1, "label edit": 2, "cache of features": 2}
"""How often kinds are killed whenever the tests run."""


class Killer:
    """Kills work of one kind at random moments.

    Args:
        root: a folder of its own, in which the pictures and the weights lie.
    """

    def __init__(self, root: Path, kind: str, seed: int = 0) -> None:
        self.root = root
        self.kind = kind
        self.random = random.Random(f"{kind} {seed}")
        self.begun = root / "begun"
        self.begun.mkdir()
        self.numbers = itertools.count()
        self.killed = 0
        process(self.begun, kind, "before")
        self.whole, self.expected = self._undisturbed()

    def _undisturbed(self) -> tuple[Ended, Bits]:
        home = self._home()
        whole = process(home, self.kind, "work")
        process(home, self.kind, "intact")
        bits = process(home, self.kind, "bits").result
        shutil.rmtree(home)
        return whole, bits

    def _home(self) -> Path:
        """What the work begins with, in a folder that always has the same name."""
        return Path(shutil.copytree(self.begun, self.root / "home"))

    def kill(self) -> None:
        """Kill it once, and look what is left."""
        home = self._home()
        if next(self.numbers) % 2:
            moment = {"after": self.random.uniform(0, self.whole.seconds)}
        else:
            moment = {"at_write": self.random.randint(1, self.whole.writes)}
        try:
            ended = process(home, self.kind, "work", **moment)
            self.killed += ended.killed
            process(home, self.kind, "intact")
            process(home, self.kind, "again")
            process(home, self.kind, "intact")
            found = process(home, self.kind, "bits").result
            assert found == self.expected, f"{found} instead of {self.expected}"
        except AssertionError as error:
            raise AssertionError(f"{self.kind}, killed at {moment}: {error}") from error
        finally:
            shutil.rmtree(home)


@pytest.fixture
def killer(tmp_path: Path, pictures: Path, weights_dir: Path) -> Callable[[str], Killer]:
    shutil.copytree(pictures, tmp_path / "data")
    shutil.copytree(weights_dir, tmp_path / "weights")
    return lambda kind: Killer(tmp_path, kind)


@pytest.mark.parametrize("kind", QUICK)
def test_killed_a_few_times(killer: Callable[[str], Killer], kind: str) -> None:
    killing = killer(kind)
    for _kill in range(QUICK[kind]):
        killing.kill()


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("kind", kills.KINDS)
def test_killed_at_random_moments(killer: Callable[[str], Killer], kind: str) -> None:
    killing = killer(kind)
    for done in range(1, ROUNDS + 1):
        killing.kill()
        if done % 20 == 0:
            log.info("%s: %d times, %d killed amid it", kind, done, killing.killed)
    assert killing.killed > ROUNDS / 2
