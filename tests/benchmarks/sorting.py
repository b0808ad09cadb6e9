"""``python -m tests.benchmarks.sorting [--files N] [--kills K]``: what sorting survives.

N files (5000) with made-up predictions are copied and moved into ten folders, within a disk and to
another one (a tmpfs), while the disk becomes full, a folder is locked (``chattr +i``), names
collide, and the process is killed at random moments (``kill -9``), undoing included. Before and
after, the digest of every file is taken: a line is printed for each trial, with whether the
originals are all there again, to the byte, and nothing else is left behind. Needs Linux and root.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from transfergui.core import registry
from transfergui.core.acting.carry_out import carry_on, carry_out
from transfergui.core.acting.plan import ActOptions, plan
from transfergui.core.acting.record import Record
from transfergui.core.acting.undo import undo
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.data.targets import ONE_CLASS, Targets
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.objective import Found

CLASSES = tuple(f"class {n}" for n in range(10))
FOLDERS = 50
RECORDS = ".transfergui-sort-*.jsonl"


def made(folder: Path, count: int) -> None:
    """Files of 1 to 40 KB, of which a hundred at a time have the same name."""
    chance = random.Random(0)
    for number in range(count):
        path = folder / f"{number % FOLDERS}" / f"{number // FOLDERS:03}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(chance.randrange(1000, 40_000)))


def act(folder: Path, to: Path, how: str) -> Any:
    """The plan for all files of a folder, each with a class by its content."""
    model = SimpleNamespace(
        objective=registry.objective(ONE_CLASS),
        found=Found(Targets(), CLASSES),
        modality=registry.modality("image"),
    )
    predictions = []
    for path in sorted(folder.rglob("*.jpg")):
        chance = np.random.default_rng(path.stat().st_size)
        answers = chance.dirichlet([0.1] * len(CLASSES))
        predictions.append(Prediction(path, answers))
    return plan(model, predictions, ActOptions(to=str(to), how=how))  # type: ignore[arg-type]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): files.digest(path)
        for path in folder.rglob("*")
        if path.is_file() and not path.match(RECORDS)
    }


def record_in(folder: Path) -> Path:
    return max(folder.glob(RECORDS), key=lambda path: path.stat().st_mtime_ns)


# -- what is killed


def work(arguments: argparse.Namespace) -> None:
    """In a process of its own: ``sort``, ``continue`` or ``undo``."""
    if arguments.work == "sort":
        steps = act(arguments.folder, arguments.to, arguments.how)
        print("planned", flush=True)
        with Record.create(steps.to) as record:
            carry_out(steps, record)
            print("done", flush=True)
        return
    with Record.open(record_in(arguments.to)) as record:
        print("planned", flush=True)
        (carry_on if arguments.work == "continue" else undo)(record)
        print("done", flush=True)


def process(what: str, folder: Path, to: Path, how: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.benchmarks.sorting", "--work", what]
    command += ["--folder", str(folder), "--to", str(to), "--how", how]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    started.stdout.readline()
    return started


def killed(what: str, folder: Path, to: Path, how: str, after: float) -> bool:
    """Whether it was killed before its end."""
    running = process(what, folder, to, how)
    try:
        running.wait(after)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGKILL)
        running.wait()
        return True
    return False


# -- trials


class Trial:
    """A folder of files, and one to sort into."""

    def __init__(self, base: Path, to: Path, count: int) -> None:
        self.folder, self.to = base / "files", to
        made(self.folder, count)
        self.before = digests(self.folder)

    def tell(self, name: str, began: float, *more: object) -> None:
        """Check that all is as before, and print a line."""
        now, left = digests(self.folder), digests(self.to) if self.to.exists() else {}
        same, hidden = now == self.before, [*self.folder.rglob("*.part"), *self.to.rglob("*.part")]
        good = "every byte is back" if same and not left and not hidden else "LOST OR LEFT BEHIND"
        print(f"{name:44} {time.monotonic() - began:6.1f} s  {good}  ", *more, flush=True)
        assert same, (len(now), len(self.before))
        assert not left, list(left)[:3]
        assert not hidden, hidden[:3]
        shutil.rmtree(self.to, ignore_errors=True)

    def stopped(self, name: str, how: str, hinder: Callable[[], Callable[[], object]]) -> None:
        """Something hinders the work in its midst; the rest is done afterwards, then undone."""
        began = time.monotonic()
        steps, half, free = act(self.folder, self.to, how), 0, None

        def tell(done: int, total: int) -> None:
            nonlocal free
            if free is None and done == len(steps.steps) // 3:
                free = hinder()

        with Record.create(steps.to) as record:
            outcome = carry_out(steps, record, tell)
            half = outcome.done
        assert outcome.stopped is not None
        assert free is not None
        kept = set(digests(self.folder).values()) | set(digests(self.to).values())
        assert set(self.before.values()) <= kept, "something is lost"
        free()
        with Record.open(record.path) as record:
            rest = carry_on(record)
        assert half + rest.done == len(steps.steps)
        with Record.open(record.path) as record:
            undo(record)
        self.tell(name, began, f"{outcome.stopped.code} after {half}, then {rest.done} more")

    def kills(self, how: str, count: int, chance: random.Random, where: str) -> None:
        began = time.monotonic()
        running = process("sort", self.folder, self.to, how)
        start = time.monotonic()
        assert running.stdout is not None
        running.stdout.readline()  # that it is done
        whole = time.monotonic() - start
        running.wait()
        start = time.monotonic()
        with Record.open(record_in(self.to)) as record:
            undo(record)
        back = time.monotonic() - start
        self.tell(f"{how} {where}", began, f"sorted in {whole:.1f} s, undone in {back:.1f} s")
        deaths = done = 0
        began = time.monotonic()
        for number in range(count):
            deaths += killed("sort", self.folder, self.to, how, chance.uniform(0, whole))
            kept = set(digests(self.folder).values()) | set(digests(self.to).values())
            assert set(self.before.values()) <= kept, "something is lost"
            if list(self.to.glob(RECORDS)) and record_in(self.to).stat().st_size:
                done += len(digests(self.to))
                if number % 2:
                    after = chance.uniform(0, whole / 2)
                    deaths += killed("continue", self.folder, self.to, how, after)
                deaths += killed("undo", self.folder, self.to, how, chance.uniform(0, back))
                with Record.open(record_in(self.to)) as record:
                    outcome = undo(record)
                assert not outcome.left, outcome.left[:3]
            for path in self.to.glob(RECORDS):
                path.unlink()
        self.tell(f"{how} {where}, kill -9", began, f"killed {deaths} times, at {done} files done")


def locked(folder: Path) -> Callable[[], object]:
    """Keep everybody, root too, from writing into a folder, until what is returned is called."""
    subprocess.run(["chattr", "+i", str(folder)], check=True)
    return lambda: subprocess.run(["chattr", "-i", str(folder)], check=True)


def filled(disk: Path) -> Callable[[], object]:
    """Fill a disk to its last byte, until what is returned is called."""
    big = disk / "big"
    with big.open("wb") as stream:
        try:
            while True:
                os.write(stream.fileno(), bytes(1 << 16))
        except OSError:
            try:
                while True:
                    os.write(stream.fileno(), b"\0")
            except OSError:
                pass
    return big.unlink


def trials(arguments: argparse.Namespace) -> None:
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as here:
        base, disk = Path(here), Path(here) / "disk"
        disk.mkdir()
        megabytes = arguments.files * 40 // 1000 + 40
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)], check=True
        )
        try:
            _trials(base, disk, arguments, chance)
        finally:
            subprocess.run(["umount", str(disk)], check=True)


def _trials(base: Path, disk: Path, arguments: argparse.Namespace, chance: random.Random) -> None:
    near = Trial(base / "near", base / "sorted", arguments.files)
    far = Trial(base / "far", disk / "sorted", arguments.files)
    for how in arguments.near:
        near.kills(how, arguments.kills, chance, "on one disk")
    for how in arguments.far:
        far.kills(how, arguments.kills, chance, "to another disk")
    if not arguments.hindered:
        return
    free = filled(disk)
    try:
        steps = act(far.folder, far.to, "copy")
        with Record.create(steps.to) as record:
            carry_out(steps, record)
    except UserError as error:
        began = time.monotonic()
        free()
        far.tell("a full disk", began, error.code)
    for how in ("copy", "move"):
        far.stopped(f"{how}, the disk becomes full", how, lambda: filled(disk))
        near.stopped(f"{how}, a class folder is locked", how, lambda: locked(near.to / CLASSES[3]))
    near.stopped("move, a folder of originals is locked", "move", lambda: locked(near.folder / "7"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--near", nargs="*", default=["copy", "move", "link"])
    parser.add_argument("--far", nargs="*", default=["copy", "move"])
    parser.add_argument("--hindered", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--work", choices=("sort", "continue", "undo"))
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--to", type=Path)
    parser.add_argument("--how", default="copy")
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments)
    else:
        trials(arguments)


if __name__ == "__main__":
    main()
