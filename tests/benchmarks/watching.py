"""``python -m tests.benchmarks.watching MODEL FOLDER [FILES] [SECONDS] [KILLS]``: a watch folder
under load.

Copies so many files into a watched folder within so many seconds, some of them slowly and in
pieces, while ``transfergui watch`` predicts and sorts them; kills it with kill -9 so many times on
the way and starts it again. Prints whether each file was answered, none twice, and the time from
the end of its arrival to its row in the table.
"""

import collections
import csv
import datetime
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

WORST = 300.0
SLOW_EVERY = 10
"""One file in so many comes in four pieces with pauses between."""


def main(
    model: str, folder: str, files: str = "200", seconds: str = "10", kills: str = "0"
) -> None:
    sources = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory() as place:
        inbox, out = Path(place) / "in", Path(place) / "out"
        inbox.mkdir()
        watch = _begun(model, inbox, out)
        warm = inbox / f"warm{sources[0].suffix}"
        shutil.copyfile(sources[0], warm)
        _until(out, 1)
        count, pause = int(files), float(seconds) / int(files)
        arrived: dict[str, float] = {}
        feeder = threading.Thread(target=_feed, args=(sources, inbox, count, pause, arrived))
        feeder.start()
        for _each in range(int(kills)):
            time.sleep(float(seconds) / (int(kills) + 1))
            watch.send_signal(signal.SIGKILL)
            watch.wait()
            watch = _begun(model, inbox, out)
        feeder.join()
        _until(out, count + 1)
        time.sleep(1)
        watch.send_signal(signal.SIGTERM)
        print("ended with", watch.wait(30))
        _report(out, arrived)


def _begun(model: str, inbox: Path, out: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "transfergui", "watch", model, str(inbox), "--to", str(out)]
    return subprocess.Popen([*command, "--move"], stdout=subprocess.DEVNULL)


def _feed(
    sources: list[Path], inbox: Path, count: int, pause: float, arrived: dict[str, float]
) -> None:
    began = time.monotonic()
    slow = []
    for number in range(count):
        source = sources[number % len(sources)]
        target = inbox / f"{number:04d}{source.suffix}"
        if number % SLOW_EVERY == 0:
            slow.append(threading.Thread(target=_in_pieces, args=(source, target, arrived)))
            slow[-1].start()
        else:
            shutil.copyfile(source, target)
            arrived[target.name] = time.time()
        time.sleep(max(0.0, began + (number + 1) * pause - time.monotonic()))
    for each in slow:
        each.join()
    print(f"{count} files in {time.monotonic() - began:.1f} s")


def _in_pieces(source: Path, target: Path, arrived: dict[str, float]) -> None:
    data = source.read_bytes()
    part = len(data) // 4 + 1
    with target.open("wb") as stream:
        for start in range(0, len(data), part):
            stream.write(data[start : start + part])
            stream.flush()
            time.sleep(0.6)
    arrived[target.name] = time.time()


def _rows(out: Path) -> list[dict[str, str]]:
    try:
        with (out / "predictions.csv").open(newline="") as stream:
            return list(csv.DictReader(stream))
    except FileNotFoundError:
        return []


def _until(out: Path, count: int) -> None:
    end = time.monotonic() + WORST
    while len(_rows(out)) < count and time.monotonic() < end:
        time.sleep(0.2)


def _report(out: Path, arrived: dict[str, float]) -> None:
    rows = [row for row in _rows(out) if not Path(row["path"]).name.startswith("warm")]
    counts = collections.Counter(Path(row["path"]).name for row in rows)
    there = sum(not path.name.startswith((".", "warm", "predictions")) for path in _files(out))
    answered = sum(bool(row["label"]) for row in rows)
    print(f"{len(arrived)} came, {answered} answered, {max(counts.values())} rows each at most")
    print(f"{there} files sorted, {len(set(arrived) - set(counts))} missing")
    took = sorted(
        datetime.datetime.fromisoformat(row["time"]).timestamp() - arrived[Path(row["path"]).name]
        for row in rows
    )
    middle, late = took[len(took) // 2], took[int(0.99 * len(took))]
    print(f"from arrival to row: p50 {middle:.1f} s, p99 {late:.1f} s, most {took[-1]:.1f} s")


def _files(out: Path) -> list[Path]:
    return [path for path in out.rglob("*") if path.is_file()]


if __name__ == "__main__":
    os.environ.setdefault("TRANSFERGUI_LANGUAGE", "en")
    main(*sys.argv[1:])
