"""How good are a network's features as they are? ``python -m tests.probe --out DIR``.

A linear probe (Alain and Bengio 2016, arXiv:1610.01644): the network stays as it is, and a
logistic regression on its standardised features learns from 70 of 100 pictures and is
measured on the others, for several random splits, no copy of a picture on both sides. Prints
a Markdown table and writes ``probe.json``, which ``tests.model_card`` puts into the model
card. Features are kept in the program's cache: a second run takes seconds.

A training that still goes on, at several picture sizes:
``python -m tests.probe --out DIR --networks RUN --sizes 64 96 128 160 --no-speed``.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import torch
from torch import Tensor, nn

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base import files
from transfergui.core.base import options as opt
from transfergui.core.base.parallel import ordered_map
from transfergui.core.data import split
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.split import SplitOptions
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks import planned
from transfergui.core.nn import state_dicts
from transfergui.core.nn.classifier import to_memory_format
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.sources import named_backbone
from transfergui.core.training.feature_pass import BATCH, FeaturePass
from transfergui.core.training.features import open_store
from transfergui.core.training.loaders import UnreadableFiles

IMAGE = registry.modality("image")
TGNET = registry.backbone(IMAGE, "tgnet")
PIXELS, UNTRAINED = "pixels", "untrained"
"""Columns that are no pretrained network: the picture itself, and TGNet before it learnt."""
COLUMNS = (PIXELS, UNTRAINED, "squeezenet1_1", "mobilenet_v2", TGNET.key)
SIDE = 32
"""Pixels of the pictures that are learnt from without a network."""
PENALTY = 0.01
"""Of the logistic regression: the inverse strength C, the same for all, chosen on none of them."""
SPLIT = SplitOptions(val_percent=5, test_percent=30)
"""What the program would validate on is learnt from here."""
RIVAL = "mobilenet_v2"
"""Whose speed TGNet's is compared with."""
ROUNDS = 9
FORWARDS = 4
"""Batches in a round."""

DATA_SETS: dict[str, Callable[[], Path]] = {
    "clothing": lambda: DATA / "images" / "clothing",
    "hand-signs": lambda: DATA / "images" / "hand-signs",
    "brain-mri": lambda: DATA / "images" / "brain-mri",
    "digits": lambda: samples.unpacked(samples.find("digits")),
}


class Figure(msgspec.Struct, frozen=True):
    """A cell of the table.

    Attributes:
        network: one of :data:`COLUMNS`, or the weights file or run that was named.
        size: pixels that the network sees.
        accuracies: on the test part, for each seed.
    """

    data: str
    classes: int
    pictures: int
    network: str
    size: int
    accuracies: tuple[float, ...]

    @property
    def mean(self) -> float:
        return statistics.fmean(self.accuracies)


class Speed(msgspec.Struct, frozen=True):
    """Pictures a second through a network, in the fastest of some rounds."""

    network: str
    size: int
    rate: float


class Probe(msgspec.Struct, frozen=True):
    """``probe.json``."""

    figures: tuple[Figure, ...]
    speeds: tuple[Speed, ...] = ()


class Network(NamedTuple):
    """A column.

    Attributes:
        backbone: as in a recipe; None for the pixels themselves.
        input: the picture size, and what pictures are brought to before that is cut out.
    """

    name: str
    backbone: str | None
    input: dict[str, int]


class Features(NamedTuple):
    """Inputs [N, F] of the logistic regression, labels [N] and the position of each path."""

    inputs: np.ndarray
    labels: np.ndarray
    rows: dict[str, int]


# -- what is said


def table(probe: Probe) -> str:
    """The accuracies in Markdown: a line for each data set, and one for their mean."""
    columns = list(dict.fromkeys((f.network, f.size) for f in probe.figures))
    data_sets = list(dict.fromkeys((f.data, f.classes, f.pictures) for f in probe.figures))
    means = {(f.data, f.network, f.size): f.mean for f in probe.figures}
    lines = [["data", *(f"{name}, {size} px" for name, size in columns)]]
    lines.append(["---"] * len(lines[0]))
    for data, classes, pictures in data_sets:
        cells = (_mean([means.get((data, *column))]) for column in columns)
        lines.append([f"{data}, {classes} classes, {pictures} pictures", *cells])
    if len(data_sets) > 1:
        every = ([means.get((data, *c)) for data, *_ in data_sets] for c in columns)
        lines.append([f"mean of the {len(data_sets)}", *map(_mean, every)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _mean(values: Sequence[float | None]) -> str:
    """Empty where a part of it was not measured."""
    known = [value for value in values if value is not None]
    return f"{statistics.fmean(known):.3f}" if len(known) == len(values) else ""


def speed_sentence(speeds: Sequence[Speed]) -> str:
    """Each network's speed, and how many times as fast the first one is as the last."""
    each = [f"{s.network} at {s.size} px {s.rate:.0f} pictures a second" for s in speeds]
    return f"{', '.join(each)}: {speeds[0].rate / speeds[-1].rate:.1f} times as many"


# -- the columns


def network(name: str, size: int | None, out: Path) -> Network:
    """The column ``name``: of :data:`COLUMNS`, or whatever ``--backbone`` takes.

    Args:
        size: pixels; None for the network's own.
        out: where the weights of the untrained network go.
    """
    if name == PIXELS:
        return Network(name, None, {"size": SIDE, "resize": SIDE})
    named = str(_untrained(out)) if name == UNTRAINED else name
    own = named_backbone(IMAGE, named).backbone.input
    size = size or own["size"]
    resize = round(size * own["resize"] / own["size"])
    return Network(name, named, {"size": size, "resize": resize})


def _untrained(out: Path) -> Path:
    """Random weights of TGNet, always the same, in a file whose name says whose they are."""
    path = out / f"{TGNET.key}-untrained.safetensors"
    torch.manual_seed(0)
    encoder = IMAGE.build(TGNET, None, opt.check(TGNET.input, IMAGE.input_options, "input"))
    tensors = encoder.get_submodule("network").state_dict()
    files.write_atomic(path, state_dicts.to_safetensors(tensors))
    return path


# -- probing


def probe(network: Network, dataset: Dataset, seeds: int) -> Figure:
    """The accuracy of a logistic regression on what ``network`` makes of ``dataset``."""
    found = _features(network, dataset)
    return Figure(
        data=dataset.source.name,
        classes=len(dataset.classes),
        pictures=len(dataset.samples),
        network=network.name,
        size=network.input["size"],
        accuracies=tuple(_accuracy(found, dataset, seed) for seed in range(seeds)),
    )


def _accuracy(found: Features, dataset: Dataset, seed: int) -> float:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    parts = split.split(dataset, SPLIT, seed)
    train = [found.rows[sample.path] for sample in parts.train + parts.val]
    test = [found.rows[sample.path] for sample in parts.test]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=1000))
    model.fit(found.inputs[train], found.labels[train])
    return float(model.score(found.inputs[test], found.labels[test]))


def _features(network: Network, dataset: Dataset) -> Features:
    plan = _plan(network, dataset)
    inputs = _pixels(plan, dataset) if network.backbone is None else _encoded(plan, dataset)
    labels = np.array([sample.label for sample in dataset.samples])
    return Features(inputs, labels, {s.path: row for row, s in enumerate(dataset.samples)})


def _plan(network: Network, dataset: Dataset) -> Plan:
    recipe = Recipe(
        data=DataOptions(path=str(dataset.source)),
        backbone=network.backbone or TGNET.key,
        weights_dir=str(DATA / "weights"),
        input=dict(network.input),
    )
    return resolve(recipe, split.split(dataset, SPLIT, seed=0))


def _pixels(plan: Plan, dataset: Dataset) -> np.ndarray:
    def flat(path: str) -> Tensor:
        loaded = plan.modality.load(dataset.root / path, plan.input)
        return plan.modality.prepare(loaded, plan.input).flatten()

    return torch.stack(list(ordered_map(flat, [s.path for s in dataset.samples]))).numpy()


def _encoded(plan: Plan, dataset: Dataset) -> np.ndarray:
    """Features [N, F] from the program's cache, computed where they are not there."""
    losses = UnreadableFiles(len(dataset.samples))
    work = FeaturePass(
        plan, dataset.samples, open_store(plan, planned.require_weights(plan)), losses
    )
    encoder = _encoder(plan)
    with torch.inference_mode():
        for items, inputs in work.batches(work.find_missing()):
            work.keep(items, encoder(inputs))
    if losses.paths:
        raise next(iter(losses.paths.values()))
    return work.source().versions[0].numpy()


def _encoder(plan: Plan) -> nn.Module:
    encoder = plan.modality.build(plan.backbone, planned.require_weights(plan), plan.input)
    return to_memory_format(encoder).eval()


# -- speed


def speeds(networks: Sequence[Network], dataset: Dataset) -> tuple[Speed, ...]:
    """Pictures a second: float32, batches of 32; rounds take turns, so that all meet the same."""
    plans = [_plan(network, dataset) for network in networks]
    encoders = [_encoder(plan) for plan in plans]
    shapes = [(BATCH, *p.modality.input_shape(p.input)) for p in plans]
    batches = [torch.rand(s).contiguous(memory_format=torch.channels_last) for s in shapes]
    best = [0.0] * len(plans)
    for _round in range(ROUNDS):
        for at, (encoder, batch) in enumerate(zip(encoders, batches, strict=True)):
            best[at] = max(best[at], _rate(encoder, batch))
    return tuple(
        Speed(n.name, n.input["size"], rate) for n, rate in zip(networks, best, strict=True)
    )


@torch.inference_mode()
def _rate(encoder: nn.Module, batch: Tensor) -> float:
    began = time.perf_counter()
    for _forward in range(FORWARDS):
        encoder(batch)
    return FORWARDS * len(batch) / (time.perf_counter() - began)


# -- the command


def main() -> None:
    arguments = _parser().parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(arguments.threads)
    data_sets = [_scan(name, arguments.per_class) for name in arguments.data]
    figures = []
    for name in arguments.networks:
        for size in [None] if name == PIXELS else arguments.sizes:
            column = network(name, size, arguments.out)
            for dataset in data_sets:
                figures.append(probe(column, dataset, arguments.seeds))
                print(f"{figures[-1].data}: {column.name} {figures[-1].mean:.3f}", flush=True)
    found = Probe(tuple(figures))
    if arguments.speed:
        pair = [network(name, None, arguments.out) for name in (TGNET.key, RIVAL)]
        found = msgspec.structs.replace(found, speeds=speeds(pair, data_sets[0]))
        print(speed_sentence(found.speeds))
    files.write_atomic(
        arguments.out / "probe.json", msgspec.json.format(msgspec.json.encode(found))
    )
    print(table(found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.probe", description=__doc__)
    add = parser.add_argument
    add("--out", type=Path, required=True, help="folder for probe.json")
    add("--data", nargs="+", choices=list(DATA_SETS), default=list(DATA_SETS))
    add(
        "--networks",
        nargs="+",
        default=list(COLUMNS),
        help=f"any of {', '.join(COLUMNS)}, a key, a weights file or a run, finished or not",
    )
    add("--sizes", nargs="+", type=int, default=[None], help="pixels, instead of each one's own")
    add("--seeds", type=int, default=3, help="random splits")
    add("--per-class", type=int, help="take only so many pictures of each class, to try it out")
    add("--threads", type=int, default=2)
    add("--speed", action=argparse.BooleanOptionalAction, default=True)
    return parser


def _scan(name: str, per_class: int | None) -> Dataset:
    dataset = IMAGE.scan(DataOptions(path=str(DATA_SETS[name]())))
    kept: list[list] = [[] for _ in dataset.classes]
    for sample in dataset.samples:
        kept[sample.label].append(sample)
    few = [sample for samples in kept for sample in samples[:per_class]]
    return msgspec.structs.replace(dataset, samples=tuple(sorted(few, key=lambda s: s.path)))


if __name__ == "__main__":
    main()
