"""A trained model, wherever it lies: the folder of a run, a model package or an ONNX file.

All that exporters, ``predict`` and ``evaluate`` see. Files may come from
others: names, sizes, hashes, shapes and values are checked before anything is
used, and nothing in them is ever executed (no pickle is read).
"""

from __future__ import annotations

import functools
import itertools
import math
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from transfergui.core import registry
from transfergui.core.base import files, imports
from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError, naming_missing_parts
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.notes import Note
from transfergui.core.base.onnx_process import OnnxProcess
from transfergui.core.base.parallel import ordered_map
from transfergui.core.data import labels
from transfergui.core.data.dataset import DataOptions, Dataset, Problem, Sample, corrected
from transfergui.core.data.targets import ONE_CLASS, members
from transfergui.core.evaluation import promises
from transfergui.core.evaluation.prediction import Prediction, calibration, prediction_rows
from transfergui.core.figures import metrics, temperature
from transfergui.core.interfaces import UNLIKE, Found, Matched
from transfergui.core.networks import weights as weights_files
from transfergui.core.reading.classes import class_names
from transfergui.core.recipe import Recipe
from transfergui.core.runs import doubts, packages
from transfergui.core.runs.card import Card
from transfergui.core.runs.card import read as read_card
from transfergui.core.runs.doubts import Limits
from transfergui.core.runs.run import Run
from transfergui.core.sources import described, kept_row, trained_backbone

if TYPE_CHECKING:
    import numpy as np
    import onnx
    import torch

    from transfergui.core.base.options import Options
    from transfergui.core.figures.metrics import PredictionRow, Report
    from transfergui.core.interfaces import Backbone, Modality, Objective, Said
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.nn.strangers import Unlikeness
    from transfergui.core.runs.doubts import Doubts, Promise

BATCH = 32
MAX_HEADER_BYTES = 10_000_000
"""What a safetensors file may hold beside the tensors."""
NOTHING = re.compile(r"(?!)")
MAX_ONNX_BYTES = 2**31
"""A protobuf holds no more."""


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
    ) -> None:
        self.card = card
        self.modality = modality
        self.input = input
        self.run = run
        self.doubts = doubts
        self.unlikeness = unlikeness
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
        if files.nameable(path).is_dir():
            return _load_package(path) if packages.is_package(path) else _load_run(path)
        if not path.is_file():
            raise UserError("model.missing", path=str(path))
        if zipfile.is_zipfile(path):
            return _load_package(path)
        with naming_missing_parts():
            return _load_onnx(path)

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
        return self._answer(batch)[:, : len(self.classes)]

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

    def evaluate(self, dataset: Dataset, similar: str = "") -> Evaluation:
        """Compare with the labels of ``dataset``; classes, labels, questions and answers are
        matched by name.

        Args:
            similar: whether similar names mean the same class, as
                :mod:`transfergui.core.reading.classes.class_names` calls it; empty to ask.

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
        return _evaluate(self.reading(dataset), dataset, samples, known)

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
        own = self.run is not None and _same_place(self.run.recipe.data.path, dataset.source)
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
            mine, theirs = _of_same_size(mine, theirs), _of_same_size(theirs, mine)
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
        answers, unlike = self.answers(found[:, : len(self.classes)]), self._unlikeness(found)
        return zip(
            answers, itertools.repeat(None) if unlike is None else unlike.tolist(), strict=False
        )

    def _unlikeness(self, found: torch.Tensor) -> np.ndarray | None:
        """Of what the network answers [N, O], or [N, O + 1]."""
        known = found.shape[1] > len(self.classes)
        return found[:, -1].double().numpy() if known else None


# -- a run


def _load_run(path: Path) -> TrainedModel:
    run = Run.open(path)
    if not run.best.is_file():
        raise UserError("run.not_trained", path=str(path))
    recipe = run.recipe
    modality = registry.modality(recipe.modality)
    backbone, targets, report = trained_backbone(run), run.split.targets, run.report()
    objective = registry.objective(targets.objective)
    input = opt.check(backbone.input | recipe.input, modality.input_options, "input")
    card = Card(
        name=run.name or recipe.name or path.name,
        modality=modality.key,
        backbone=backbone.key,
        classes=objective.output_names(targets, run.split.classes),
        targets=msgspec.structs.replace(targets, values=()),
        fitted=tuple(report.get("fitted", ())),
        temperatures=tuple((report.get("calibration") or {}).get("temperatures", ())),
        strangers=_limits(report),
        input=msgspec.to_builtins(input),
        recipe=_shareable(recipe, backbone.key),
        metrics=_figures(report),
        versions=run.environment(),
    )
    known = doubts.read(run.path / doubts.FILE)
    promise = promises.kept(known, objective, doubts.wanted(run.path))
    card = msgspec.structs.replace(card, promise=promise)
    return _with_weights(card, run.best, run.best, run.assets, run, known)


def _limits(report: dict[str, Any]) -> Limits | None:
    """Whose types are right already."""
    known = report.get("strangers")
    return None if known is None else msgspec.convert(known, Limits)


def _same_place(one: str, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _shareable(recipe: Recipe, backbone: str) -> Recipe:
    """Without the paths of this machine: they are nobody else's business."""
    return msgspec.structs.replace(
        recipe,
        data=DataOptions(
            path=recipe.data.name,
            objective=recipe.data.objective,
            predict=recipe.data.predict,
            rename=recipe.data.rename,
        ),
        backbone=backbone,
        weights_dir=None,
        options={name: _without_folder(value) for name, value in recipe.options.items()},
    )


def _without_folder(value: Any) -> Any:
    """A teacher may be a file or a run."""
    named = isinstance(value, str) and weights_files.is_file_name(value)
    return Path(value).name if named else value


FIGURES = (
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "n",
    "interval",
    "per_class",
    "measured_on",
    "frozen",
    "moment",
)


OTHER_FIGURES = (
    "objective",
    "primary",
    "mean_average_precision",
    "micro_f1",
    "exact_match",
    "per_label",
    "mean_absolute_error",
    "median_absolute_error",
    "baseline_mean_absolute_error",
    "r2",
    "unit",
)
"""Of what is not one class."""


def _figures(report: dict[str, Any]) -> dict[str, Any]:
    found = {key: report[key] for key in FIGURES if key in report}
    if report.get("objective", ONE_CLASS) == ONE_CLASS:
        return found
    found |= {key: report[key] for key in OTHER_FIGURES if report.get(key) not in (None, {}, "")}
    questions = {name: _figures(own) for name, own in report.get("questions", {}).items()}
    return found | ({"questions": questions} if questions else {})


# -- a package


def _load_package(path: Path) -> TrainedModel:
    with files.temporary_folder() as folder:
        card, weights, assets, known = packages.open_package(path, folder)
        own = None if known is None else _parsed(known, path)
        return _with_weights(card, weights, path, assets, known=own)


def _parsed(data: bytes, origin: Path) -> Doubts:
    """
    Raises:
        UserError: ``model.damaged``.
    """
    try:
        return doubts.parsed(data)
    except ValueError as error:
        raise UserError("model.damaged", path=str(origin), reason=str(error)) from None


# -- weights


def _with_weights(
    card: Card,
    weights: Path,
    origin: Path,
    assets: Path,
    run: Run | None = None,
    known: Doubts | None = None,
) -> TrainedModel:
    """The network that ``card`` describes, with the tensors in ``weights``."""
    imports.load("torch")
    from transfergui.core.nn.classifier import build_classifier

    modality, backbone, input = _resolve(card, origin, assets)
    _require_plausible(card, backbone, weights, origin)
    objective = registry.objective(card.targets.objective)
    outputs = objective.outputs(card.targets, len(card.classes))
    merge = functools.partial(objective.merged, targets=card.targets)
    module = build_classifier(modality, backbone, input, card.recipe.head, outputs, merge)
    _fill(module, weights, origin, backbone.title)
    module.eval().requires_grad_(False)
    unlike = _unlikeness(card, backbone, known, objective)
    card = msgspec.structs.replace(card, strangers=card.strangers if unlike else None)
    answer = _torch_answer(module, unlike)
    return TrainedModel(card, modality, input, answer, module, run, assets, known, unlike)


def _unlikeness(
    card: Card, backbone: Backbone, known: Doubts | None, objective: Objective
) -> Unlikeness | None:
    """What tells strangers; None where that is not known, or belongs to another network."""
    from transfergui.core.nn.strangers import Unlikeness

    kept = None if known is None else known.kept
    if kept is None or card.strangers is None or kept.shape[1] != sum(backbone.widths):
        return None
    energy = functools.partial(objective.energy, targets=card.targets)
    return Unlikeness(kept, card.strangers, energy).eval()


def _resolve(card: Card, origin: Path, assets: Path) -> tuple[Modality, Backbone, Options]:
    """The objects that the card names, with what is kept in ``assets``."""
    try:
        modality = registry.modality(card.modality)
    except UserError as error:
        raise UserError("model.damaged", path=str(origin), reason=str(error)) from None
    return modality, *described(modality, card, origin, assets)


def _require_plausible(card: Card, backbone: Backbone, weights: Path, origin: Path) -> None:
    """Before memory is taken for it: a small file cannot hold the last layer of many classes."""
    head = card.recipe.head
    if head.members and len(head.members) != len(backbone.parts):
        reason = _("it does not have one head per backbone")
        raise UserError("model.damaged", path=str(origin), reason=reason)
    heads = head.members or (head,)
    widths = backbone.widths if head.members else (backbone.merged,)
    inputs = (w if h.kind == "linear" else h.units for h, w in zip(heads, widths, strict=True))
    last = len(card.classes) * sum(inputs)
    if 4 * last > weights.stat().st_size:
        reason = _("too few weights for its classes")
        raise UserError("model.damaged", path=str(origin), reason=reason)


def _torch_answer(
    module: Classifier, unlike: Unlikeness | None
) -> Callable[[torch.Tensor], torch.Tensor]:
    """In full precision, as any exported model answers."""
    import torch

    from transfergui.core.nn.strangers import Judged
    from transfergui.core.training import inference, precision
    from transfergui.core.training.compute import Compute
    from transfergui.core.training.micro_batches import MicroBatches

    micro_batches = MicroBatches(Compute("cpu"))

    @functools.cache
    def quick() -> torch.nn.Module:
        whole = Judged(module.encoder, module.head, unlike) if unlike else module
        network = precision.fuse_batchnorm(whole.eval())
        return precision.Frozen(network, precision.EXACT, torch.device("cpu"))

    def answer(batch: torch.Tensor) -> torch.Tensor:
        # made when it is first asked: folding takes a moment
        return inference.outputs(quick(), [batch], micro_batches)

    return answer


def _fill(module: Classifier, weights: Path, origin: Path, title: str) -> None:
    """Load the file ``weights`` (which lies in ``origin``) once its tensors fit exactly."""
    from transfergui.core.nn import state_dicts

    wanted = module.state_dict()
    limit = MAX_HEADER_BYTES + sum(t.numel() * t.element_size() for t in wanted.values())
    try:
        tensors = state_dicts.read(weights, limit)
    except UserError as error:
        raise UserError(error.code, **{**error.note.values, "path": str(origin)}) from None
    state_dicts.check(wanted, tensors, origin, title, spare=NOTHING)
    state_dicts.load(module, tensors)


# -- an ONNX file


def _load_onnx(path: Path) -> TrainedModel:
    proto = _read_onnx(path)
    metadata = {entry.key: entry.value for entry in proto.metadata_props}
    if "card" not in metadata:
        raise UserError("model.unknown", path=str(path))
    card = read_card(metadata["card"], str(path))
    assets = packages.keep_assets(_onnx_assets(metadata.get("assets", "{}"), path))
    modality, _row, input = _resolve(card, path, assets)
    return TrainedModel(card, modality, input, _onnx_answer(proto, card, path), assets=assets)


def _onnx_assets(text: str, origin: Path) -> dict[str, bytes]:
    try:
        found = msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError as error:
        raise UserError("model.damaged", path=str(origin), reason=str(error)) from None
    known = packages.ASSET
    return {name: t.encode() for name, t in found.items() if known.fullmatch(f"assets/{name}")}


def _read_onnx(path: Path) -> onnx.ModelProto:
    """The file's content, which must be complete in itself."""
    import onnx
    from google.protobuf.message import DecodeError

    try:
        if path.stat().st_size > MAX_ONNX_BYTES:
            raise UserError("model.unknown", path=str(path))
        proto = onnx.load(path, format="protobuf", load_external_data=False)
    except (OSError, DecodeError):
        raise UserError("model.unknown", path=str(path)) from None
    if _lies_elsewhere(proto):
        reason = _("parts of the model are in another file")
        raise UserError("model.damaged", path=str(path), reason=reason)
    return proto


def _lies_elsewhere(message: Any) -> bool:
    """Whether a tensor in it is kept in another file: it may be anywhere, such as in a constant, in
    the graph of a branch or in a function.

    Args:
        message: of protobuf, of any type.
    """
    location = message.DESCRIPTOR.fields_by_name.get("data_location")
    if location is not None and message.data_location:
        return True
    values = (value for field, value in message.ListFields() if field.type == field.TYPE_MESSAGE)
    return any(
        _lies_elsewhere(each)
        for value in values
        for each in ([value] if hasattr(value, "ListFields") else value)
    )


def _onnx_answer(
    proto: onnx.ModelProto, card: Card, path: Path
) -> Callable[[torch.Tensor], torch.Tensor]:
    import torch

    more = (UNLIKE,) if card.strangers else ()
    process = OnnxProcess(proto.SerializeToString(), len(card.classes), str(path), more)

    def answer(batch: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(process.answer(batch.numpy()))

    return answer


# -- evaluating


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


def _of_same_size(samples: Iterable[Sample], others: Iterable[Sample]) -> list[Sample]:
    """Those of ``samples`` of which ``others`` hold one of the same size."""
    sizes = {other.size for other in others}
    return [sample for sample in samples if sample.size in sizes]


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
    model: TrainedModel, dataset: Dataset, samples: list[Sample], known: Matched
) -> Evaluation:
    """Args:
    samples: those of ``dataset`` of which the model knows what they are.
    known: what their classes mean to it.
    """
    import numpy as np

    began = time.monotonic()
    predictions = list(model.predict(dataset.root / s.path for s in samples))
    seconds = time.monotonic() - began
    answered = [
        (sample, prediction.probabilities)
        for sample, prediction in zip(samples, predictions, strict=True)
        if prediction.probabilities is not None
    ]
    truth = [label for s, _answer in answered if (label := known.labels[s.label]) is not None]
    none = np.empty((0, len(model.classes)))
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
