"""A finished training, read as its views need it, and kept between them."""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core import plans, registry
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import ordered_map
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data import tars
from transfergui.core.evaluation import report
from transfergui.core.networks.planned import save_assets
from transfergui.core.resolve import resolve
from transfergui.core.trained import TrainedModel

if TYPE_CHECKING:
    import torch

    from transfergui.core.data.dataset import Sample, SplitName
    from transfergui.core.data.split import Split
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.figures.metrics import Report
    from transfergui.core.interfaces.objective import Found, Objective
    from transfergui.core.interfaces.plan import Modality, Plan
    from transfergui.core.runs.run import Run

BATCH = 32
UNREAD = frozenset({"data.gone", "data.damaged"})
"""Codes of failures to read the data."""


@dataclass(frozen=True)
class Features:
    """What a trained model makes of samples.

    Attributes:
        samples: those that could be read [N].
        rows: what its head gets, float32 [N, F].
        answers: what it says, float64 [N, O]; as of
            :meth:`transfergui.core.interfaces.objective.Objective.answers`.
    """

    samples: tuple[Sample, ...]
    rows: np.ndarray
    answers: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        """Indices into the classes of the data [N]."""
        return np.array([sample.label for sample in self.samples], dtype=np.int64)


class Result:
    """A run that was trained and tested. Nothing is read before it is asked for."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._features: dict[SplitName, Features] = {}
        self._lock = threading.Lock()

    @functools.cached_property
    def split(self) -> Split:
        return self.run.split

    @functools.cached_property
    def report(self) -> Report:
        return report.load(self.run.path)

    @functools.cached_property
    def rows(self) -> list[PredictionRow]:
        """The predictions of the report."""
        return report.load_predictions(self.run.path)

    @functools.cached_property
    def plan(self) -> Plan:
        return resolve(self.run.recipe, self.split)

    @functools.cached_property
    def model(self) -> TrainedModel:
        """
        Raises:
            UserError: ``run.*``, ``model.*``: it cannot be read.
        """
        return TrainedModel.load(self.run.path)

    @property
    def modality(self) -> Modality:
        return registry.modality(self.split.modality)

    @property
    def objective(self) -> Objective:
        return registry.objective(self.split.targets.objective)

    @property
    def found(self) -> Found:
        """What the model's answers are read with."""
        return self.model.found

    @functools.cached_property
    def root(self) -> Path:
        """The folder that the paths of samples are relative to.

        Raises:
            UserError: ``data.tar_changed``: other samples are there now.
        """
        tars.require_same(self.split.places)
        return Path(self.split.root)

    def part(self, name: SplitName) -> tuple[Sample, ...]:
        """The samples of a part of the data."""
        return {"train": self.split.train, "val": self.split.val, "test": self.split.test}[name]

    def features(self, part: SplitName, tell: Tell = untold) -> Features:
        """What the trained model makes of a part of the data; computed once.

        Raises:
            UserError: the model cannot be read, or none of the samples.
        """
        with self._lock:
            if part not in self._features:
                self._features[part] = self._computed(self.part(part), tell)
            return self._features[part]

    def _computed(self, samples: Sequence[Sample], tell: Tell) -> Features:
        """From the cache of the training, where its network stayed as it was."""
        root = self.root  # before other samples are found in the cache
        try:
            if self.is_cached:
                return _cached(self.plan, self.model, samples, tell)
        except UserError as error:  # the weights that it began with are not there any more
            if error.code in UNREAD:
                raise
        return features_of(self.model, root, samples, tell)

    @property
    def is_frozen(self) -> bool:
        """Whether its network is the pretrained one as it was."""
        return plans.is_frozen(self.plan)

    @property
    def is_cached(self) -> bool:
        """Whether the cache of the training holds what its head gets; that of maps is no cache of
        whole pictures."""
        backbone = self.plan.backbone
        kept = backbone.cacheable and not backbone.pooled
        return self.is_frozen and kept and not self.plan.members


def _cached(plan: Plan, model: TrainedModel, samples: Sequence[Sample], tell: Tell) -> Features:
    """As :func:`features_of`, of a network that is the pretrained one.

    Raises:
        UserError: its weights are not there; too many samples cannot be read.
    """
    import torch

    from transfergui.core.training import ranking

    with files.temporary_folder() as folder, ranking.outside_training():
        source = ranking.source_of(save_assets(plan, folder), samples, tell=tell)
    rows = source.versions[0]
    with torch.inference_mode():
        answers = model.answers(model.module.eval().head(rows))
    return Features(tuple(source.samples), rows.numpy(), answers)


def features_of(
    model: TrainedModel, root: Path, samples: Sequence[Sample], tell: Tell = untold
) -> Features:
    """What a model makes of samples, without those that cannot be read; of maps, the mean of each
    channel.

    Raises:
        UserError: ``model.onnx_only``; ``data.gone``: none can be read.
    """
    import torch

    network = model.module.eval()
    kept: list[Sample] = []
    rows: list[torch.Tensor] = []
    answers: list[np.ndarray] = []
    for found in _batches(model, root, samples):
        tell(len(kept), len(samples))
        kept += [sample for sample, _inputs in found]
        with torch.inference_mode():
            made = network.encoder(torch.stack([inputs for _sample, inputs in found]))
            rows.append(_of_whole(made, network.head))
            answers.append(model.answers(network.head(made)))
    if not kept:
        path, count = samples[0].path if samples else str(root), len(samples)
        raise UserError("data.gone", path=path, count=count, total=count)
    return Features(tuple(kept), torch.cat(rows).float().numpy(), np.concatenate(answers))


def _of_whole(made: torch.Tensor, head: torch.nn.Module) -> torch.Tensor:
    """What tells whole samples apart [N, F]: of maps, a million numbers of each picture, the mean
    of each channel."""
    shapes = getattr(head, "shapes", None)
    if shapes is None:
        return made
    from transfergui.core.nn.detection import maps

    return maps.means(made, shapes)


def answers_of(
    model: TrainedModel, root: Path, samples: Sequence[Sample], tell: Tell = untold
) -> tuple[tuple[Sample, ...], np.ndarray]:
    """What a model answers of samples, without those that cannot be read, and without keeping what
    its head gets: that of a detector is a million numbers of each.

    Raises:
        UserError: ``model.onnx_only``; ``data.gone``: none can be read.
    """
    import torch

    network = model.module.eval()
    kept: list[Sample] = []
    answers: list[np.ndarray] = []
    for found in _batches(model, root, samples):
        tell(len(kept), len(samples))
        kept += [sample for sample, _inputs in found]
        with torch.inference_mode():
            rows = network.encoder(torch.stack([inputs for _sample, inputs in found]))
            answers.append(model.answers(network.head(rows)))
    if not kept:
        path, count = samples[0].path if samples else str(root), len(samples)
        raise UserError("data.gone", path=path, count=count, total=count)
    return tuple(kept), np.concatenate(answers)


def _batches(
    model: TrainedModel, root: Path, samples: Sequence[Sample]
) -> Iterator[list[tuple[Sample, torch.Tensor]]]:
    def read(sample: Sample) -> tuple[Sample, torch.Tensor] | None:
        try:
            return sample, model.read(root / sample.path)
        except UserError:  # told by the training
            return None

    readable = filter(None, ordered_map(read, samples, ahead=2 * BATCH))
    while found := list(itertools.islice(readable, BATCH)):
        yield found
