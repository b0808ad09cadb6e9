"""Does Recommended earn its place? ``python -m tests.recommended --out DIR [--minutes N]``.

``--per-class N`` keeps only so many training samples of each class: there, other ways are best.

On each data set at hand, two trainings with the same split: Recommended, and what one would do
without it: the network with the highest ImageNet accuracy on the disk, fine-tuned with the
program's own settings (for texts, whose networks were not trained on ImageNet: the largest one).
Both are measured on the test samples, which neither looked at. They answer the same ones, so it
is those that only one of them gets right that tell which is better (McNemar 1947, exactly: as a
coin would fall), of all seeds together. Prints a Markdown table and keeps each finished row in
``recommended.json``, so that it can be ended and gone on with.
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from scipy.stats import binomtest

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.app import detection
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base import files
from transfergui.core.data import split
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.split import Split, SplitOptions
from transfergui.core.evaluation.report import load_predictions
from transfergui.core.networks import weights
from transfergui.core.networks.choice import AUTO
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import start

CHANCE = 0.05
"""How likely a difference may be by chance, and still count as one."""

DATA_SETS: dict[str, Callable[[], Path]] = {
    "clothing": lambda: DATA / "images" / "clothing",
    "hand-signs": lambda: DATA / "images" / "hand-signs",
    "brain-mri": lambda: DATA / "images" / "brain-mri",
    "digits": lambda: samples.unpacked(samples.find("digits")),
    "notes": lambda: samples.unpacked(samples.find("notes")),
    "spoken-digits": lambda: DATA / "audio" / "spoken-digits",
}


class Trained(msgspec.Struct, frozen=True):
    """How a training ended: of ``n`` test samples, ``wrong`` were answered wrongly."""

    backbone: str
    strategy: str
    n: int
    wrong: frozenset[str]
    seconds: float

    @property
    def accuracy(self) -> float:
        return 1 - len(self.wrong) / self.n


class Row(msgspec.Struct, frozen=True):
    """A data set with one seed of the split."""

    data: str
    seed: int
    recommended: Trained
    usual: Trained

    @property
    def won(self) -> int:
        """Samples that only Recommended gets right."""
        return len(self.usual.wrong - self.recommended.wrong)

    @property
    def lost(self) -> int:
        """Samples that only the usual way gets right."""
        return len(self.recommended.wrong - self.usual.wrong)


def verdict(rows: Sequence[Row]) -> str:
    """What Recommended is, on the data set of ``rows``."""
    won, lost = sum(row.won for row in rows), sum(row.lost for row in rows)
    if won + lost == 0 or binomtest(won, won + lost).pvalue > CHANCE:
        return "alike"
    return "better" if won > lost else "worse"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--per-class", type=int, default=0, help="training samples; 0 for all")
    parser.add_argument("--data", nargs="+", choices=DATA_SETS, default=list(DATA_SETS))
    arguments = parser.parse_args()
    kept = arguments.out / "recommended.json"
    rows = msgspec.json.decode(kept.read_bytes(), type=list[Row]) if kept.is_file() else []
    arguments.out.mkdir(parents=True, exist_ok=True)
    for data in arguments.data:
        for seed in range(arguments.seeds):
            if not any((row.data, row.seed) == (data, seed) for row in rows):
                rows.append(_row(data, seed, arguments.minutes, arguments.per_class))
                files.write_atomic(kept, msgspec.json.encode(rows))
                print(table(rows), flush=True)
    print(table(rows))


def _row(data: str, seed: int, minutes: float, per_class: int) -> Row:
    path = DATA_SETS[data]()
    modality = registry.modality(detection.detect(path))
    dataset = modality.scan(DataOptions(path=str(path)))
    recipe = Recipe().replace(
        modality=modality.key, weights_dir=str(DATA / "weights"), run__seed=seed
    )
    divided = _thinned(split.split(dataset, SplitOptions(), seed), per_class)
    auto = recipe.replace(strategy=AUTO, options={"minutes": minutes})
    usual = recipe.replace(strategy="fine_tuning", backbone=_most_accurate(modality.key))
    return Row(data, seed, _trained(auto, divided), _trained(usual, divided))


def _thinned(divided: Split, per_class: int) -> Split:
    """With ``per_class`` training samples of each class, the first ones; all where that is 0."""
    if not per_class:
        return divided
    seen = Counter[int]()
    kept = []
    for sample in divided.train:
        seen[sample.label] += 1
        if seen[sample.label] <= per_class:
            kept.append(sample)
    return msgspec.structs.replace(divided, train=tuple(kept))


def _most_accurate(modality: str) -> str:
    """Of the networks on this disk."""
    rows = registry.modality(modality).backbones()
    states = weights.states(rows, str(DATA / "weights"))
    here = [row for row in rows if states[row.key] in weights.HERE]
    return max(here, key=lambda row: (row.accuracy or 0.0, row.params)).key


def _trained(recipe: Recipe, divided: Split) -> Trained:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        plan = resolve(recipe, divided)
        run = Run.create(plan.recipe, plan.split, Path(folder) / "run")
        *_others, last = start.train(plan, run)
        assert isinstance(last, ev.Finished), last
        seconds = time.monotonic() - began
        answers = load_predictions(run.path)
        return Trained(
            backbone=run.recipe.backbone,
            strategy=run.recipe.strategy,
            n=len(answers),
            wrong=frozenset(answer.path for answer in answers if answer.label != answer.truth),
            seconds=seconds,
        )


def table(rows: Sequence[Row]) -> str:
    """In Markdown, and below it how often Recommended was better, alike and worse."""
    lines = [
        "| data | Recommended | the usual | only right: one, the other | Recommended is |",
        "| --- | --- | --- | --- | --- |",
    ]
    verdicts = []
    for data in dict.fromkeys(row.data for row in rows):
        same = [row for row in rows if row.data == data]
        lines += [
            f"| {row.data}, seed {row.seed} | {_told(row.recommended)} | {_told(row.usual)} "
            f"| {row.won}, {row.lost} | |"
            for row in same
        ]
        verdicts.append(verdict(same))
        won, lost = sum(row.won for row in same), sum(row.lost for row in same)
        ours, usual = (
            statistics.mean(getattr(row, way).accuracy for row in same)
            for way in ("recommended", "usual")
        )
        lines.append(f"| {data} | {ours:.3f} | {usual:.3f} | {won}, {lost} | {verdicts[-1]} |")
    counts = ", ".join(f"{verdicts.count(v)} {v}" for v in ("better", "alike", "worse"))
    return "\n".join([*lines, "", f"Of {len(verdicts)}: {counts}."])


def _told(trained: Trained) -> str:
    accuracy, seconds = trained.accuracy, trained.seconds
    return f"{accuracy:.3f} ({trained.backbone}, {trained.strategy}, {seconds:.0f} s)"


if __name__ == "__main__":
    main()
