"""``python -m tests.benchmarks --out DIR``: every arm in its own process, in turns, three times.

Needs the extra ``bench`` (fastai) and the real data (``TRANSFERGUI_TEST_DATA``). Prints a
Markdown table and writes ``benchmarks.json``. Let nothing else run meanwhile.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import msgspec

from tests.benchmarks.lines import LINES, Line
from tests.benchmarks.measured import Measured, Task
from tests.places import DATA
from transfergui.core import registry
from transfergui.core.data import split
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.split import SplitOptions


def main() -> None:
    arguments = _parser().parse_args()
    results: dict[str, dict[str, Measured]] = {}
    for data in arguments.data:
        results[data] = _measured(data, arguments)
        print(_table(data, results[data]), flush=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "benchmarks.json").write_bytes(msgspec.json.encode(results, enc_hook=str))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", nargs="+", default=["clothing", "hand-signs"])
    parser.add_argument("--arms", nargs="+", help="these only")
    parser.add_argument("--backbone", default="mobilenet_v2")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--rounds", type=int, default=3)
    return parser


def _measured(data: str, arguments: argparse.Namespace) -> dict[str, Measured]:
    """The median of each arm, by its seconds."""
    arms = arguments.arms or list(dict.fromkeys(arm for line in LINES for arm in line.arms))
    found = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        split_file = _split(DATA / "images" / data, Path(folder))
        for number in range(arguments.rounds):
            for arm in arms:
                home = Path(folder) / f"{arm}-{number}"
                home.mkdir()
                task = Task(
                    data=str(DATA / "images" / data),
                    split=str(split_file),
                    backbone=arguments.backbone,
                    weights=str(DATA / "weights"),
                    home=str(home),
                    device=arguments.device,
                )
                found[arm].append(_run(arm, task))
                print(data, arm, found[arm][-1], file=sys.stderr, flush=True)
    return {arm: _median(measured) for arm, measured in found.items()}


def _split(data: Path, folder: Path) -> Path:
    dataset = registry.modality("image").scan(DataOptions(path=str(data)))
    path = folder / "split.json"
    split.split(dataset, SplitOptions(), seed=0).save(path)
    return path


def _run(arm: str, task: Task) -> Measured:
    """``arm`` in a process of its own, where nothing is warm and nothing is cached."""
    environment = os.environ | {"TRANSFERGUI_HOME": task.home}
    command = [sys.executable, "-m", "tests.benchmarks.arm", arm]
    done = subprocess.run(
        command,
        input=msgspec.json.encode(task),
        stdout=subprocess.PIPE,
        env=environment,
        check=True,
    )
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Measured)


def _median(measured: list[Measured]) -> Measured:
    middle = sorted(measured, key=lambda one: one.seconds)[len(measured) // 2]
    accuracies = [one.accuracy for one in measured if one.accuracy is not None]
    accuracy = statistics.median(accuracies) if accuracies else None
    return msgspec.structs.replace(middle, accuracy=accuracy)


def _table(data: str, results: dict[str, Measured]) -> str:
    rows = [f"| {data} | measured | to reach |", "| --- | --- | --- |"]
    rows += [_row(line, results) for line in LINES if set(line.arms) <= set(results)]
    return "\n".join(rows)


def _row(line: Line, results: dict[str, Measured]) -> str:
    figure = line.figure(results)
    bound = "at least" if line.at_least else "at most"
    mark = "" if line.reached(figure) else " (missed)"
    told = ", ".join(_told(arm, results[arm]) for arm in line.arms)
    return f"| {line.title} ({told}) | {figure:.2f} {line.unit}{mark} | {bound} {line.limit:g} |"


def _told(arm: str, measured: Measured) -> str:
    text = f"`{arm}` {measured.seconds:.2f} s"
    return text if measured.accuracy is None else f"{text}, accuracy {measured.accuracy:.3f}"


if __name__ == "__main__":
    main()
