"""A trained model, wherever it lies: the folder of a run, a model package or an ONNX file.

All that exporters, ``predict`` and ``evaluate`` see; :mod:`transfergui.core.model_files` loads it.
"""

from __future__ import annotations

import itertools
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from transfergui.core import model_files, registry
from transfergui.core.base import shards
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.notes import Note
from transfergui.core.base.parallel import ordered_map
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data import labels
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.dataset import DataOptions, Dataset, Problem, Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.targets import members
from transfergui.core.evaluation import promises
from transfergui.core.evaluation.prediction import Prediction, calibration, prediction_rows
from transfergui.core.figures import metrics, temperature
from transfergui.core.interfaces.objective import Found, Matched
from transfergui.core.reading.classes import class_names
from transfergui.core.runs.card import Card
from transfergui.core.runs.run import Run
from transfergui.core.sources import kept_row

if TYPE_CHECKING:
    import numpy as np
    import torch

    from transfergui.core.base.options import Options
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.figures.metrics import Report
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


class Evaluation(NamedTuple):
    """A report on labelled data, every answer, and the files that could not be read."""

    report: Report
    rows: list[PredictionRow]
    problems: list[Problem]


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

    def evaluate(self, dataset: Dataset, similar: str = "", tell: Tell = untold) -> Evaluation:
        """Compare with the labels of ``dataset``; classes, labels, questions and answers are
        matched by name.

        Args:
            similar: whether similar names mean the same class, as
                :mod:`transfergui.core.reading.classes.class_names` calls it; empty to ask.
            tell: how many examples are answered.

        Raises:
            Question: ``evaluate.similar_classes``.
            UserError: ``evaluate.other_classes``: the model knows none of them;
                ``evaluate.other_objective``, ``evaluate.other_unit``.
        """
        answers = (class_names.MERGE, class_names.SEPARATE)
        similar = class_names.checked(class_names.OPTION, similar, answers)
        self._require_same_objective(dataset)
        dataset = self._renamed(dataset)
        known = self._matched(dataset, similar)
        samples = [s for s in dataset.samples if known.labels[s.label] is not None]
        if not samples:
            names = members(dataset.targets, dataset.classes)
            values = {"names": _some(names), "known": _some(self.classes)}
            raise UserError("evaluate.other_classes", path=str(dataset.source), **values)
        return _evaluate(self.reading(dataset), dataset, samples, known, tell)

    def _require_same_objective(self, dataset: Dataset) -> None:
        """
        Raises:
            UserError: ``evaluate.other_objective``.
        """
        found = registry.objective(dataset.targets.objective)
        if found.key != self.objective.key:
            values = {"found": _(found.title), "own": _(self.objective.title)}
            values["key"] = self.objective.key
            raise UserError("evaluate.other_objective", path=str(dataset.source), **values)

    @property
    def renamed(self) -> dict[str, str]:
        """What the user called classes of the training data, by their names in these data."""
        return self.card.recipe.data.rename

    def _renamed(self, dataset: Dataset) -> Dataset:
        """``dataset`` with the renamed classes called as the model calls them.

        So are those of the training data; and those of others in which a class still has its old
        name, by which the model knows none.
        """
        place = None if self.run is None else os.path.realpath(self.run.recipe.data.path)
        own = place == os.path.realpath(dataset.source)
        names = set(members(dataset.targets, dataset.classes))
        old = self.renamed.keys() & names - set(self.classes)
        return corrected(dataset, DataOptions(rename=self.renamed)) if own or old else dataset

    def _matched(self, dataset: Dataset, similar: str) -> Matched:
        """What the classes of ``dataset`` mean to the model.

        Raises:
            Question: ``evaluate.similar_classes``.
            UserError: ``evaluate.other_unit``.
        """
        probable: dict[str, str] = {}

        def match(names: Sequence[str], known: Sequence[str]) -> dict[str, str]:
            surely = labels.matched(names, known, loosely=False)
            if similar == class_names.SEPARATE:
                return surely
            probably = labels.matched(names, known, loosely=True)
            probable.update({n: own for n, own in probably.items() if n not in surely})
            return probably

        found = self.objective.matched(dataset.classes, dataset.targets, self._learnt, match)
        if probable and not similar:
            pairs = (
                f"{labels.quoted([name])} – {labels.quoted([own])}"
                for name, own in probable.items()
            )
            raise Question(
                "evaluate.similar_classes",
                setting=class_names.SETTING,
                choices=class_names.choices(),
                guess=class_names.MERGE,
                path=str(dataset.source),
                names=_some(list(pairs)),
            )
        return found

    @property
    def _learnt(self) -> Found:
        """What it was trained on: :attr:`found`, with the combinations where the run is at hand."""
        if self.run is None:
            return self.found
        split = self.run.split
        return Found(split.targets, split.classes, self.card.fitted)

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

    def learnt_from(self, dataset: Dataset, samples: Sequence[Sample] | None = None) -> int | None:
        """How many samples of ``dataset`` this model was trained on, or chosen by: those with the
        same content, wherever they lie.

        None where that cannot be found out: a package or an ONNX file does not say what it was
        trained on, and the data of a run may be gone.

        Args:
            samples: some of those of ``dataset``; None for all.
        """
        if self.run is None:
            return None
        split, given = self.run.split, dataset.samples if samples is None else samples
        mine, theirs = [*split.train, *split.val], list(given)
        if not self.modality.tables:  # files of different sizes differ; rows have no size
            mine, theirs = _of_same_size(Path(split.root), mine, dataset.root, theirs)
        known = set(_digests(self, Path(split.root), mine)) - {None}
        if mine and not known:
            return None
        found = _digests(self.reading(dataset), dataset.root, theirs)
        return sum(digest in known for digest in found)

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


def _train_counts(model: TrainedModel, classes: int) -> list[int] | None:
    """Training samples of each of so many classes, those of the training first; None where the run
    that knows is not at hand."""
    if model.run is None:
        return None
    counts = [0] * classes
    for sample in model.run.split.train:
        counts[sample.label] += 1
    return counts


def _some(names: Sequence[str]) -> str:
    return comma_list(names[: labels.NAMED]) + (", …" if len(names) > labels.NAMED else "")


def _of_same_size(
    root: Path, mine: Sequence[Sample], their_root: Path, theirs: Sequence[Sample]
) -> tuple[list[Sample], list[Sample]]:
    """Those of either that have the size in bytes of one of the others, or an unknown size."""
    own = [_size(root, sample) for sample in mine]
    others = [_size(their_root, sample) for sample in theirs]
    both = (set(own) & set(others)) | {None}
    return (
        [sample for sample, size in zip(mine, own, strict=True) if size in both],
        [sample for sample, size in zip(theirs, others, strict=True) if size in both],
    )


def _size(root: Path, sample: Sample) -> int | None:
    """Bytes of a sample, or of its file where it is a part of one; in a tar, its own.
    None if it is gone."""
    if sample.size and not shards.is_member(sample.path):
        return sample.size
    path = root / sample.path
    if not shards.is_member(path):
        path = FilePart.parse(path).path
    try:
        return shards.status(path)[0]
    except OSError:
        return None


def _digests(model: TrainedModel, root: Path, samples: Iterable[Sample]) -> Iterator[str | None]:
    """What tells the content of each sample; None where it cannot be read."""

    def digest(sample: Sample) -> str | None:
        try:
            return model.modality.digest(root / sample.path, model.input)
        except OSError:
            return None

    return ordered_map(digest, samples, ahead=2 * BATCH)


def _unknown(dataset: Dataset, known: Matched) -> dict[str, int]:
    """How many samples of ``dataset`` have each of the names that the model does not know."""
    found: dict[str, int] = {}
    for names, count in zip(known.unknown, dataset.counts(), strict=True):
        for name in names:
            found[name] = found.get(name, 0) + count
    return found


def _evaluate(
    model: TrainedModel, dataset: Dataset, samples: list[Sample], known: Matched, tell: Tell
) -> Evaluation:
    """Args:
    samples: those of ``dataset`` of which the model knows what they are.
    known: what their classes mean to it.
    """
    import numpy as np

    began = time.monotonic()
    predictions = []
    for prediction in model.predict(dataset.root / s.path for s in samples):
        predictions.append(prediction)
        tell(len(predictions), len(samples))
    seconds = time.monotonic() - began
    answered = [
        (sample, prediction.probabilities)
        for sample, prediction in zip(samples, predictions, strict=True)
        if prediction.probabilities is not None
    ]
    truth = [label for s, _answer in answered if (label := known.labels[s.label]) is not None]
    none = np.empty((0, model.objective.answered(model.card.targets, len(model.classes))))
    answers = np.stack([answer for _sample, answer in answered]) if answered else none
    names = [sample.path for sample, _answer in answered]
    rows = prediction_rows(names, truth, answers, model.objective, known.found)
    circumstances = metrics.Circumstances(
        seconds=seconds,
        measured_on="data",
        fitted=model.card.fitted,
        calibration=calibration(
            rows, model.objective, known.found.targets, model.card.temperatures, 0
        ),
        strangers=model.card.strangers,
        unknown_classes=_unknown(dataset, known),
        matched_classes=dict(known.renamed),
        trained_on=model.learnt_from(dataset, samples),
    )
    counts = _train_counts(model, len(known.found.classes))
    report = model.objective.measure(answers, truth, known.found, counts, circumstances)
    unread = [p.problem for p in predictions if p.problem and p.probabilities is None]
    return Evaluation(report, rows, unread)
