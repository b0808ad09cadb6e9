"""``python -m tests.benchmarks.scale --out DIR``: what one example costs at each stage, and what a
million, a hundred million and a thousand million of them would.

Makes pictures in tar files (WebDataset) in two numbers, goes through the stages with both, each
number in a process of its own, and divides the differences of seconds, bytes and memory by the
difference of the numbers: what does not grow with the examples falls out. Stages without a network
get many small pictures (``--listed``), those with one fewer and larger ones (``--counts``). Seconds
are those of the processors (``time.process_time``, all cores together), so that other programs
hardly change them. Prints a Markdown table and writes ``scale.json``. Needs no data; a
``--backbone`` other than ``tgnet`` needs its weights (``TRANSFERGUI_WEIGHTS``).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from transfergui.core import registry
from transfergui.core.base import allocator, paths
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.split import Split, SplitOptions, load, split
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import start

CLASSES, IN_A_TAR = 10, 1000
LISTED_PIXELS = 16
SIZES = (1_000_000, 100_000_000, 1_000_000_000)
"""Numbers of examples that are computed from what was measured."""
DAY, GIGABYTE = 86_400, 1e9


class Cost(msgspec.Struct, frozen=True):
    """What a stage took.

    Attributes:
        seconds: of all processors together.
        memory: bytes by which the process grew; of networks, which need most of it whatever the
            number is, it says nothing.
        disk: bytes that it left on the disk.
    """

    seconds: float
    memory: int = 0
    disk: int = 0


Costs = dict[str, Cost]
STAGES = {
    "index": "Listing for the first time (headers and classes in the tar files)",
    "scan": "Opening: every picture looked into, exact copies searched",
    "split": "Dividing into training, validation and test set",
    "settings": "Settings and division written down (each run) and read again",
    "features": "Feature extraction: features computed and kept, head trained, test",
    "again": "Feature extraction again, with the features that are kept",
    "epoch": "Fine-tuning: one epoch with validation, and the test",
    "predict": "Predicting",
}
"""What is measured, in its order."""


def main() -> None:
    arguments = _parser().parse_args()
    if arguments.stage_of:
        print(json.dumps(msgspec.to_builtins(_measured(arguments))))
        return
    each: Costs = {}
    for counts, pixels, trained in (
        (arguments.listed, LISTED_PIXELS, False),
        (arguments.counts, arguments.pixels, True),
    ):
        few, many = (_in_process(count, pixels, trained, arguments) for count in counts)
        each |= slopes(few, many, counts[1] - counts[0])
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "scale.json").write_bytes(msgspec.json.encode(each))
    print("\n".join(table(each)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("scale"))
    parser.add_argument("--listed", type=int, nargs=2, default=[20_000, 100_000])
    parser.add_argument("--counts", type=int, nargs=2, default=[100, 300], help="of trained ones")
    parser.add_argument("--pixels", type=int, default=256, help="of a side of these")
    parser.add_argument("--backbone", default="tgnet")
    parser.add_argument("--size", type=int, help="of the pictures as the backbone gets them")
    parser.add_argument("--stage-of", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--trained", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser


def slopes(few: Costs, many: Costs, more: int) -> Costs:
    """What each of ``more`` examples costs, in seconds and bytes."""
    return {
        name: Cost(
            max(0.0, many[name].seconds - few[name].seconds) / more,
            max(0, round((many[name].memory - few[name].memory) / more)),
            max(0, round((many[name].disk - few[name].disk) / more)),
        )
        for name in many
    }


def table(each: Costs) -> Iterator[str]:
    """The rows of the table, as Markdown."""
    heads = (f"{size:,} examples" for size in SIZES)
    yield " | ".join(("| stage", "one example", *heads)) + " |"
    yield "| --- " * (2 + len(SIZES)) + "|"
    for name, cost in each.items():
        cells = (_told(cost, size) for size in SIZES)
        one = f"{1e6 * cost.seconds:.0f} µs, {cost.memory} B memory, {cost.disk} B disk"
        yield " | ".join((f"| {STAGES[name]}", one, *cells)) + " |"


def _told(cost: Cost, size: int) -> str:
    seconds = cost.seconds * size
    spent = f"{seconds / 3600:.1f} h" if seconds < 2 * DAY else f"{seconds / DAY:.0f} days"
    sizes = (cost.memory * size / GIGABYTE, cost.disk * size / GIGABYTE)
    return f"{spent}, {sizes[0]:.1f} GB memory, {sizes[1]:.1f} GB disk"


# -- in a process of its own


def _in_process(count: int, pixels: int, trained: bool, arguments: argparse.Namespace) -> Costs:
    """The stages with ``count`` examples, where nothing is warm and nothing is cached."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.scale", "--stage-of", str(count)]
        command += ["--folder", folder, "--pixels", str(pixels)]
        command += ["--backbone", arguments.backbone, *(["--trained"] if trained else [])]
        command += ["--size", str(arguments.size)] if arguments.size else []
        environment = os.environ | {"TRANSFERGUI_HOME": str(Path(folder, "home"))}
        done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True)
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Costs)


class _Meter:
    """Seconds of the processors and memory since the last stage."""

    def __init__(self) -> None:
        self.costs: Costs = {}
        self.start()

    def start(self) -> None:
        """What comes now belongs to the next stage."""
        self._before, self._began = _resident(), time.process_time()

    def stage(self, name: str, disk: int = 0) -> None:
        seconds = time.process_time() - self._began
        self.costs[name] = Cost(seconds, _resident() - self._before, disk)
        print(name, self.costs[name], file=sys.stderr, flush=True)
        self.start()


def _measured(arguments: argparse.Namespace) -> Costs:
    folder = arguments.folder
    if not arguments.trained:
        return _listed(folder, arguments.stage_of, arguments.pixels)
    allocator.keep_blocks()
    _warm(arguments)
    make_pictures(folder / "data", arguments.stage_of, arguments.pixels)
    divided = split(_opened(folder / "data"), SplitOptions(), 0)
    meter = _Meter()
    ways = {"features": "feature_extraction", "again": "feature_extraction", "epoch": "fine_tuning"}
    for name, strategy in ways.items():
        before = _bytes(paths.cache_dir())
        _train(_plan(arguments, strategy, divided, len(meter.costs)), folder / name)
        meter.stage(name, _bytes(paths.cache_dir()) - before + _bytes(folder / name))
    model = TrainedModel.load(folder / "epoch")
    every = (*divided.train, *divided.val, *divided.test)
    assert sum(1 for _ in model.predict([Path(divided.root) / s.path for s in every])) == len(every)
    meter.stage("predict")
    return {name: msgspec.structs.replace(cost, memory=0) for name, cost in meter.costs.items()}


def _listed(folder: Path, count: int, pixels: int) -> Costs:
    """The stages without a network."""
    data, saved = folder / "data", folder / "split.json"
    _opened(make_pictures(folder / "few", 100, pixels))  # loads what is loaded once
    make_pictures(data, count, pixels)
    meter = _Meter()
    dataset = _opened(data)
    meter.stage("index", _bytes(paths.cache_dir()))
    again = _opened(data)  # by now, what is in the tars is known
    meter.stage("scan")
    assert again == dataset
    first, second = meter.costs["index"], meter.costs["scan"]
    meter.costs["index"] = Cost(first.seconds - second.seconds, 0, first.disk)
    meter.costs["scan"] = Cost(second.seconds, first.memory)
    del again
    meter.start()
    divided = split(dataset, SplitOptions(), 0)
    meter.stage("split")
    divided.save(saved)
    divided = load(saved)
    meter.stage("settings", _bytes(saved))
    return meter.costs


def _opened(folder: Path) -> Dataset:
    return registry.modality("image").scan(DataOptions(path=str(folder)))


def _warm(arguments: argparse.Namespace) -> None:
    """Load what is loaded once, and measure the machine, which is kept."""
    few = make_pictures(arguments.folder / "few", 99, arguments.pixels)  # none of those measured
    divided = split(_opened(few), SplitOptions(), 0)
    for strategy in ("feature_extraction", "fine_tuning"):
        _train(_plan(arguments, strategy, divided, 0), arguments.folder / f"warm-{strategy}")


def _plan(arguments: argparse.Namespace, strategy: str, divided: Split, seed: int) -> Plan:
    own = {"input__size": arguments.size} if arguments.size else {}
    recipe = Recipe().replace(
        backbone=arguments.backbone,
        strategy=strategy,
        weights_dir=os.environ.get("TRANSFERGUI_WEIGHTS") or None,
        run__device="cpu",
        run__epochs=1,
        run__seed=seed,
        **own,
    )
    return resolve(recipe, divided)


def _train(plan: Plan, folder: Path) -> None:
    last = None
    for event in start.train(plan, Run.create(plan.recipe, plan.split, folder)):
        last = event
    assert isinstance(last, ev.Finished), last


def _resident() -> int:
    import psutil

    return int(psutil.Process().memory_info().rss)


def _bytes(place: Path) -> int:
    """Of a file, or of all files in a folder."""
    if place.is_file():
        return place.stat().st_size
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


def make_pictures(folder: Path, count: int, pixels: int) -> Path:
    """``folder``, with pictures of :data:`CLASSES` colours with noise, all different, in tars of
    :data:`IN_A_TAR`."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(count)
    for first in range(0, count, IN_A_TAR):
        with tarfile.open(
            folder / f"data-{first:010d}.tar", "w", format=tarfile.USTAR_FORMAT
        ) as tar:
            for number in range(first, min(count, first + IN_A_TAR)):
                label = number % CLASSES
                noise = rng.integers(0, 64, (pixels, pixels, 3), np.uint8)
                picture = io.BytesIO()
                Image.fromarray(noise + np.uint8(19 * label)).save(picture, "JPEG")
                for ending, content in (("jpg", picture.getvalue()), ("cls", b"%d" % label)):
                    entry = tarfile.TarInfo(f"{number:010d}.{ending}")
                    entry.size = len(content)
                    tar.addfile(entry, io.BytesIO(content))
    return folder


if __name__ == "__main__":
    main()
