"""A trained model, wherever it lies: the folder of a run, a model package or an ONNX file.

All that exporters, ``predict`` and :mod:`transfergui.core.evaluating` see;
:mod:`transfergui.core.model_files` loads it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from transfergui.core import model_files, registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.base.parallel import ordered_map
from transfergui.core.data.dataset import Dataset, Problem
from transfergui.core.evaluation import promises
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.figures import temperature
from transfergui.core.interfaces.objective import Found
from transfergui.core.runs.card import Card
from transfergui.core.runs.run import Run
from transfergui.core.sources import kept_row

if TYPE_CHECKING:
    import numpy as np
    import torch

    from transfergui.core.base.options import Options
    from transfergui.core.interfaces.networks import Backbone
    from transfergui.core.interfaces.objective import Objective, Said
    from transfergui.core.interfaces.plan import Modality
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.nn.strangers import Unlikeness
    from transfergui.core.runs.doubts import Doubts, Promise

BATCH = 32


class _Read(NamedTuple):
    """A file as the network gets it; None, with the problem, where it cannot be read."""

    path: Path
    prepared: torch.Tensor | None
    problem: Problem | None


class TrainedModel:
    """See :meth:`load`.

    Attributes:
        card: what it says about itself.
        modality: what it looks at.
        input: the modality's input options, as in training.
        run: where it was trained, if that is what was loaded.
        doubts: what tells when not to believe it; None where nothing of that is known.
        unlikeness: what tells strangers by features and logits; None where that is not known, and
            of an ONNX file, which has it inside.
        notes: what of it is missing, and what follows.
    """

    def __init__(
        self,
        card: Card,
        modality: Modality,
        input: Options,
        answer: Callable[[torch.Tensor], torch.Tensor],
        module: Classifier | None = None,
        run: Run | None = None,
        assets: Path | None = None,
        doubts: Doubts | None = None,
        unlikeness: Unlikeness | None = None,
        notes: tuple[Note, ...] = (),
    ) -> None:
        self.card = card
        self.modality = modality
        self.input = input
        self.run = run
        self.doubts = doubts
        self.unlikeness = unlikeness
        self.notes = notes
        self._assets = assets
        self._answer = answer
        self._module = module

    @classmethod
    def load(cls, path: Path) -> TrainedModel:
        """The model of a run, a package (``.zip`` or its folder) or an ONNX file of TransferGUI.

        Raises:
            UserError: ``model.*`` or ``run.*``: it is not there, not a model, damaged, or
                made by a newer program; ``part.missing``; ``path.too_long``.
        """
        return cls(*model_files.load(path))

    @property
    def name(self) -> str:
        return self.card.name

    @property
    def classes(self) -> tuple[str, ...]:
        return self.card.classes

    @property
    def objective(self) -> Objective:
        """What it predicts."""
        return registry.objective(self.card.targets.objective)

    @property
    def renamed(self) -> dict[str, str]:
        """What the user called classes of the training data, by their names in these data."""
        return self.card.recipe.data.rename

    @property
    def found(self) -> Found:
        """What its answers are read with."""
        return Found(self.card.targets, self.card.classes, self.card.fitted)

    @property
    def promise(self) -> Promise | None:
        """Which of its predictions are not given."""
        return self.card.promise

    @property
    def error(self) -> float | None:
        """The mean absolute error of predicted numbers, if it was measured."""
        error = self.card.metrics.get("mean_absolute_error")
        return float(error) if isinstance(error, (int, float)) else None

    @property
    def assets(self) -> dict[str, bytes]:
        """What reading and building need beside the options, by file name; all of it JSON."""
        if self._assets is None or not self._assets.is_dir():
            return {}
        found = sorted(self._assets.rglob("*.json"))
        return {path.relative_to(self._assets).as_posix(): path.read_bytes() for path in found}

    @property
    def backbone(self) -> Backbone:
        """The row of its network, which may be in no list.

        Raises:
            UserError: ``registry.unknown``, ``model.damaged``.
        """
        kept = kept_row(self._assets) if self._assets else None
        return kept or registry.backbone(self.modality, self.card.backbone)

    @property
    def module(self) -> Classifier:
        """The network, in eval mode on the processor.

        Raises:
            UserError: ``model.onnx_only``: an ONNX file has none.
        """
        if self._module is None:
            raise UserError("model.onnx_only", path=self.name)
        return self._module

    def logits(self, batch: torch.Tensor) -> torch.Tensor:
        """Prepared inputs [N, ...] to float32 logits [N, classes]."""
        return self._outputs(self._answer(batch))

    def unlike(self, batch: torch.Tensor) -> np.ndarray | None:
        """How unlike the training samples prepared inputs are [N]: about 0 is usual, above 1 is a
        stranger; None where that is not known."""
        return self._unlikeness(self._answer(batch))

    def answers(self, logits: torch.Tensor) -> np.ndarray:
        """What logits [N, O] come to: float64 [N, O]; as of :meth:`Objective.answers`."""
        targets, temperatures = self.card.targets, self.card.temperatures
        outputs = temperature.calibrated(logits.double(), targets, temperatures)
        return self.objective.answers(outputs, targets).numpy()

    def promising(self, at_most_wrong: float | None) -> TrainedModel:
        """This model, with predictions left out so that no more than this share is wrong; None for
        all of its predictions.

        Raises:
            UserError: a ``promise.`` code: that cannot be promised.
        """
        made = None
        if at_most_wrong is not None:
            made = promises.made(self.doubts, self.objective, at_most_wrong)
        return self._with(card=msgspec.structs.replace(self.card, promise=made))

    def showing_from(self, score: float) -> TrainedModel:
        """This model, of whose boxes those with at least this score are shown."""
        return self._with(card=msgspec.structs.replace(self.card, fitted=(score,)))

    def judged(self, prediction: Prediction) -> Prediction:
        """``prediction`` with the reason to doubt it, by its confidence and its unlikeness."""
        return prediction.judged(self.promise)

    def read(self, path: Path) -> torch.Tensor:
        """One file as the network sees it.

        Raises:
            UserError: it cannot be read.
        """
        return self.modality.prepare(self.modality.load(path, self.input), self.input)

    def said(self, answers: np.ndarray) -> Said:
        """What the answers [O] for one sample come to, in words."""
        return self.objective.said(answers[None], self.found)[0]

    def predict(self, paths: Iterable[Path]) -> Iterator[Prediction]:
        """Answers in the order of ``paths``, which may be endless.

        Files are decoded ahead on threads. One that cannot be read gets a prediction with a
        problem; it never ends the others.
        """
        read = ordered_map(self._try_read, paths, ahead=2 * BATCH)
        while found := list(itertools.islice(read, BATCH)):
            yield from self._predict_batch(found)

    def answer(self, prepared: torch.Tensor, path: Path) -> Prediction:
        """The answer to one sample as :meth:`Modality.prepare` makes it, which ``path`` names."""
        return next(self._predict_batch([_Read(path, prepared, None)]))

    def reading(self, dataset: Dataset) -> TrainedModel:
        """This model, for files that are read as ``dataset`` was."""
        known = {name: dataset.input[name] for name in self.modality.reading}
        return self._with(msgspec.structs.replace(self.input, **known))

    def with_network(self, module: Classifier) -> TrainedModel:
        """This model with other weights, for which no promise and no limit of strangers holds."""
        card = msgspec.structs.replace(self.card, promise=None, strangers=None)
        answer = model_files.torch_answer(module)
        return TrainedModel(card, self.modality, self.input, answer, module, self.run, self._assets)

    def _with(self, input: Options | None = None, card: Card | None = None) -> TrainedModel:
        return TrainedModel(
            card or self.card,
            self.modality,
            self.input if input is None else input,
            self._answer,
            self._module,
            self.run,
            self._assets,
            self.doubts,
            self.unlikeness,
            self.notes,
        )

    def _try_read(self, path: Path) -> _Read:
        try:
            prepared = self.read(path)
        except UserError as error:
            return _Read(path, None, Problem.of(self._foreign(path) or error.note, str(path)))
        warning = self.modality.file_warning(path, self.input)
        warning = warning or self.modality.prediction_warning(prepared, self.input)
        problem = Problem.of(warning, str(path), left_out=False) if warning else None
        return _Read(path, prepared, problem)

    def _foreign(self, path: Path) -> Note | None:
        """What is said of a file that another modality looks for."""
        owner = registry.owner(path.name)
        if owner is None or owner.key == self.modality.key or not path.is_file():
            return None
        return Note("predict.foreign", {"noun": self.modality.many, "found": _(owner.many)})

    def _predict_batch(self, found: list[_Read]) -> Iterator[Prediction]:
        inputs = [each.prepared for each in found if each.prepared is not None]
        answers = self._answered(inputs)
        for path, prepared, problem in found:
            given, unlike = (None, None) if prepared is None else next(answers)
            if given is not None and not math.isfinite(given.sum()):
                yield Prediction(path, problem=Problem("predict.not_finite", path=str(path)))
            else:
                said = None if given is None else self.said(given)
                yield self.judged(Prediction(path, given, problem, said=said, unlike=unlike))

    def _answered(self, inputs: list[torch.Tensor]) -> Iterator[tuple[np.ndarray, float | None]]:
        """The answers [O] to each of the inputs, and how unlike the training samples it is."""
        import torch

        if not inputs:
            return iter(())
        found = self._answer(torch.stack(inputs))
        answers, unlike = self.answers(self._outputs(found)), self._unlikeness(found)
        return zip(
            answers, itertools.repeat(None) if unlike is None else unlike.tolist(), strict=False
        )

    def _unlikeness(self, found: torch.Tensor) -> np.ndarray | None:
        """Of what the network answers [N, O], or, where it tells strangers, [N, O + 1]."""
        return found[:, -1].double().numpy() if self.card.strangers else None

    def _outputs(self, found: torch.Tensor) -> torch.Tensor:
        """The logits [N, O] of it."""
        return found[:, :-1] if self.card.strangers else found
