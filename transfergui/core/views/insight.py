"""What a trained model, or a backbone, says of single samples: where it looks, what is like them.

For the window, where one sample after the other is asked for: what takes long is kept.
"""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data.dataset import SplitName
from transfergui.core.looking import nearest
from transfergui.core.looking.explain import Explainer, Explanation
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.views.result import Features, Result

if TYPE_CHECKING:
    from transfergui.core.checks.check import Material
    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.interfaces.samples import Preview


SIMILAR = 24
"""Samples that a search for similar ones shows."""
PARTS: tuple[SplitName, ...] = ("train", "val", "test")


@dataclass(frozen=True)
class Alike:
    """A sample that is like another one.

    Attributes:
        path: relative to the root of the data.
        label: of its class, in words.
        likeness: cosine of the features, at most 1.
        moves: how far it moves a prediction, in the unit of that; None where that is not known.
    """

    path: str
    label: str
    likeness: float
    moves: float | None = None


class Insight:
    """What the model of a run, a package or a file says of samples; may be asked by threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    @functools.cached_property
    def model(self) -> TrainedModel:
        return self.result.model if self.result is not None else TrainedModel.load(self._path)

    @functools.cached_property
    def result(self) -> Result | None:
        """The run; None of a package or an ONNX file."""
        is_run = self._path.is_dir() and (self._path / "split.json").is_file()
        return Result(Run.open(self._path)) if is_run else None

    @functools.cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.model)

    def explain(self, path: Path, output: int | None = None) -> Explanation:
        """As :meth:`Explainer.explain`.

        Raises:
            UserError: ``model.*``, or the file cannot be read.
        """
        with self._lock:
            explainer = self._explainer
        return explainer.explain(path, output)

    def because(self, path: Path, tell: Tell = untold, count: int = nearest.COUNT) -> list[Alike]:
        """The training samples that are most like a file, for the trained model.

        Raises:
            UserError: ``because.no_run``: a package does not keep its training data.
        """
        with self._lock:
            result = self.result
        if result is None:
            raise UserError("because.no_run", name=self._path.name)
        train = result.features("train", tell)
        query = features_of_file(result, path)
        likeness = nearest.alike(train.rows, query)
        own = next((at for at, s in enumerate(train.samples) if result.root / s.path == path), -1)
        return alike_of(train, likeness, result.split.classes, count, own)

    def similar(self, path: Path, tell: Tell = untold, count: int = SIMILAR) -> list[Alike]:
        """The samples of the run's data, of every part, that are most like a file.

        Raises:
            UserError: as :meth:`because`.
        """
        with self._lock:
            result = self.result
        if result is None:
            raise UserError("because.no_run", name=self._path.name)
        every = [result.features(part, tell) for part in PARTS if result.part(part)]
        query = features_of_file(result, path)
        likeness = nearest.alike(np.concatenate([each.rows for each in every]), query)
        samples = [sample for each in every for sample in each.samples]
        own = next((at for at, s in enumerate(samples) if result.root / s.path == path), -1)
        places = nearest.ranked(likeness, count, own)
        classes = result.split.classes
        return [_alike(samples[at], float(likeness[at]), classes) for at in places]

    def decode(self, path: Path, large: bool = False, /) -> Preview:
        """A sample to be seen."""
        return self.model.modality.preview(path, self.model.input, large)


class Before:
    """What a pretrained backbone makes of the open data, before any training."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plan: Plan | None = None
        self._material: Material | None = None

    def similar(
        self, plan: Plan, path: Path, tell: Tell = untold, count: int = SIMILAR
    ) -> list[Alike]:
        """The samples of ``plan`` that are most like one of them.

        Raises:
            UserError: ``because.no_features``, ``because.not_used``; as :func:`material_of`.
        """
        from transfergui.core.checks.material import material_of

        with self._lock:
            if self._material is None or self._plan is not plan:
                self._material, self._plan = material_of(plan, tell), plan
            found = self._material
        if found.features is None:
            raise UserError("because.no_features", title=plan.backbone.title)
        root = Path(plan.split.root)
        own = next((at for at, s in enumerate(found.samples) if root / s.path == path), -1)
        if own < 0:
            raise UserError("because.not_used", path=path.name)
        likeness = nearest.alike(found.features, found.features[own])
        places = nearest.ranked(likeness, count, own)
        classes = plan.split.classes
        return [_alike(found.samples[at], float(likeness[at]), classes) for at in places]


@functools.lru_cache(maxsize=2)
def _kept(path: Path, changed: int) -> Insight:
    return Insight(path)


def insight_of(path: Path) -> Insight:
    """The insight of the model at ``path``, kept as long as its weights stay as they are."""
    weights = Run(path).best if path.is_dir() else path  # a run gains other files
    return _kept(path, files.changed(weights))


def features_of_file(result: Result, path: Path) -> np.ndarray:
    """What the head of a trained model gets of one file [F].

    Raises:
        UserError: the file cannot be read.
    """
    import torch

    model = result.model
    with torch.inference_mode():
        return model.module.eval().encoder(model.read(path)[None])[0].float().numpy()


def alike_of(
    features: Features, likeness: np.ndarray, classes: tuple[str, ...], count: int, own: int = -1
) -> list[Alike]:
    """The samples with the highest likeness [N].

    Args:
        own: the place of a sample that is left out.
    """
    places = nearest.ranked(likeness, count, own)
    return [_alike(features.samples[at], float(likeness[at]), classes) for at in places]


def _alike(sample: Sample, likeness: float, classes: tuple[str, ...]) -> Alike:
    return Alike(sample.path, classes[sample.label], likeness)
