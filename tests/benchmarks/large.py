"""``python -m tests.benchmarks.large --out DIR``: a million small pictures from tar files to the
predictions, with the memory that each command takes while it runs.

Makes ``--count`` pictures of 8 pixels in ten classes (about 2.5 GB) where ``DIR/data`` is not
there yet, trains on them for one epoch, tests, and predicts all of them, each by the command line
in a process of its own. Prints a line per command, and writes ``large.json`` with the memory at
each moment. Takes an hour for a million.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.benchmarks.scale import make_pictures

PIXELS = 8
EVERY = 2.0
"""Seconds between two looks at the memory."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("large"))
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--set", nargs="*", default=["input.size=32", "input.resize=32"])
    arguments = parser.parse_args()
    out: Path = arguments.out
    data, run = out / "data", out / "run"
    shutil.rmtree(run, ignore_errors=True)
    if not data.exists():
        make_pictures(data, arguments.count, PIXELS)
    settings = ("run.device=cpu", "run.epochs=1", "optim.batch_size=64", *arguments.set)
    train = ["train", str(data), "--backbone", "tgnet", "--strategy", "fine_tuning"]
    commands = {
        "train": [*train, *(part for each in settings for part in ("--set", each))],
        "predict": ["predict", str(run), str(data), "--save", str(out / "predictions.csv")],
    }
    commands["train"] += ["--out", str(run)]
    measured = {name: list(_course(command, out)) for name, command in commands.items()}
    (out / "large.json").write_text(json.dumps(measured))
    for name, course in measured.items():
        print(line(name, course))


def line(name: str, course: list[tuple[float, int]]) -> str:
    """What a command took: ``course`` is seconds and bytes at each moment."""
    quarters = (course[min(len(course) - 1, len(course) * k // 4)][1] for k in range(1, 5))
    told = ", ".join(f"{size / 1e6:.0f}" for size in quarters)
    peak = max(size for _seconds, size in course) / 1e6
    return f"{name}: {course[-1][0]:.0f} s, at most {peak:.0f} MB; after each quarter {told} MB"


def _course(command: list[str], out: Path) -> Iterator[tuple[float, int]]:
    """Seconds and resident bytes, at each moment, of a command of the program.

    Raises:
        SystemExit: it failed.
    """
    environment = os.environ | {"TRANSFERGUI_HOME": str(out / "home")}
    began = time.perf_counter()
    with (out / f"{command[0]}.log").open("w") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "transfergui", *command], env=environment, stdout=log, stderr=log
        )
        process = psutil.Process(running.pid)
        while running.poll() is None:
            yield time.perf_counter() - began, process.memory_info().rss
            time.sleep(EVERY)
    if running.returncode:
        raise SystemExit(f"{' '.join(command)}: {running.returncode}, see {out}")


if __name__ == "__main__":
    main()
