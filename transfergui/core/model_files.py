"""Trained models on disk: the folder of a run, a model package or an ONNX file.

Files may come from others: names, sizes, hashes, shapes and values are checked before anything is
used, and nothing in them is ever executed (no pickle is read).
"""

from __future__ import annotations

import functools
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from transfergui.core import registry
from transfergui.core.base import files, imports
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError, naming_missing_parts
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.base.onnx_process import OnnxProcess
from transfergui.core.data.companions import ROLES, CompanionOptions
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation import promises
from transfergui.core.interfaces.objective import UNLIKE
from transfergui.core.networks import weights as weights_files
from transfergui.core.recipe import Recipe
from transfergui.core.runs import doubts, packages
from transfergui.core.runs.card import Card
from transfergui.core.runs.card import read as read_card
from transfergui.core.runs.doubts import Limits
from transfergui.core.runs.run import Run
from transfergui.core.sources import described, trained_backbone

if TYPE_CHECKING:
    import onnx
    import torch

    from transfergui.core.base.options import Options
    from transfergui.core.interfaces.networks import Backbone
    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.interfaces.plan import Modality
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.nn.strangers import Unlikeness
    from transfergui.core.runs.doubts import Doubts

MAX_HEADER_BYTES = 10_000_000
"""What a safetensors file may hold beside the tensors."""
NOTHING = re.compile(r"(?!)")
MAX_ONNX_BYTES = 2**31
"""A protobuf holds no more."""


class Loaded(NamedTuple):
    """What a model is made of; as the arguments of
    :class:`transfergui.core.trained.TrainedModel`."""

    card: Card
    modality: Modality
    input: Options
    answer: Callable[[torch.Tensor], torch.Tensor]
    module: Classifier | None = None
    run: Run | None = None
    assets: Path | None = None
    doubts: Doubts | None = None
    unlikeness: Unlikeness | None = None
    notes: tuple[Note, ...] = ()


def load(path: Path) -> Loaded:
    """See :meth:`transfergui.core.trained.TrainedModel.load`.

    Raises:
        UserError: likewise.
    """
    if files.nameable(path).is_dir():
        return _load_package(path) if packages.is_package(path) else _load_run(path)
    if not path.is_file():
        raise UserError("model.missing", path=str(path))
    if zipfile.is_zipfile(path):
        return _load_package(path)
    with naming_missing_parts():
        return _load_onnx(path)


# -- a run


def _load_run(path: Path) -> Loaded:
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
    kept = doubts.kept(run.path, card.strangers is not None)
    promise = promises.kept(kept.doubts, objective, kept.wanted)
    card = msgspec.structs.replace(card, promise=promise)
    loaded = _with_weights(card, run.best, run.best, run.assets, run, kept.doubts)
    foreign = loaded.unlikeness is None and card.strangers is not None
    notes = kept.notes or (doubts.foreign(run.path),) if foreign else kept.notes
    return loaded._replace(notes=notes)


def _limits(report: dict[str, Any]) -> Limits | None:
    """Whose types are right already."""
    known = report.get("strangers")
    return None if known is None else msgspec.convert(known, Limits)


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
        companions=_without_folders(recipe.companions),
        split=msgspec.structs.replace(recipe.split, kept=""),
        backbone=backbone,
        weights_dir=None,
        options={name: _without_folder(value) for name, value in recipe.options.items()},
    )


def _without_folders(companions: CompanionOptions) -> CompanionOptions:
    for role in ROLES:
        names = tuple(Path(path).name for path in companions.of_role(role))
        companions = companions.with_paths(role, names)
    return companions


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
    "ap50",
    "ap",
    "baseline_ap50",
    "found",
    "missed",
    "false_alarms",
    "boxes",
    "mean_absolute_error",
    "median_absolute_error",
    "baseline_mean_absolute_error",
    "r2",
    "unit",
)
"""Of what is not one class."""


def _figures(report: dict[str, Any]) -> dict[str, Any]:
    found = {key: report[key] for key in FIGURES if key in report}
    found |= {key: report[key] for key in ("adaptation", "borrowing") if report.get(key)}
    if report.get("objective", ONE_CLASS) == ONE_CLASS:
        return found
    found |= {key: report[key] for key in OTHER_FIGURES if report.get(key) not in (None, {}, "")}
    questions = {name: _figures(own) for name, own in report.get("questions", {}).items()}
    return found | ({"questions": questions} if questions else {})


# -- a package


def _load_package(path: Path) -> Loaded:
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
) -> Loaded:
    """The network that ``card`` describes, with the tensors in ``weights``."""
    imports.load("torch")
    from transfergui.core.nn.classifier import classifier_for

    modality, backbone, input = _resolve(card, origin, assets)
    _require_plausible(card, backbone, weights, origin)
    objective = registry.objective(card.targets.objective)
    backbone = objective.encoder(backbone, modality.input_shape(input))
    about = objective, card.targets, len(card.classes)
    own = opt.check(card.recipe.objective, objective.options, "objective")
    module = classifier_for(*about, modality, backbone, input, card.recipe.head, own)
    _fill(module, weights, origin, backbone.title)
    module.eval().requires_grad_(False)
    unlike = _unlikeness(card, backbone, known, objective)
    card = msgspec.structs.replace(card, strangers=card.strangers if unlike else None)
    answer = torch_answer(module, unlike)
    return Loaded(card, modality, input, answer, module, run, assets, known, unlike)


def _unlikeness(
    card: Card, backbone: Backbone, known: Doubts | None, objective: Objective
) -> Unlikeness | None:
    """What tells strangers; None where that is not known, or belongs to another network."""
    from transfergui.core.nn.strangers import Unlikeness

    if known is None or known.kept is None or card.strangers is None:
        return None
    kept = known.kept
    if kept.shape[1] != sum(backbone.widths):
        return None
    energy = functools.partial(objective.energy, targets=card.targets)
    return Unlikeness(kept, card.strangers, energy, known.surprises).eval()


def _resolve(card: Card, origin: Path, assets: Path) -> tuple[Modality, Backbone, Options]:
    """The objects that the card names, with what is kept in ``assets``."""
    try:
        modality = registry.modality(card.modality)
    except UserError as error:
        raise UserError("model.damaged", path=str(origin), reason=str(error)) from None
    return modality, *described(modality, card, origin, assets)


def _require_plausible(card: Card, backbone: Backbone, weights: Path, origin: Path) -> None:
    """Before memory is taken for it: a small file cannot hold the last layer of many classes."""
    if registry.objective(card.targets.objective).places:  # the same layer looks at every place
        return
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


def torch_answer(
    module: Classifier, unlike: Unlikeness | None = None
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


def _load_onnx(path: Path) -> Loaded:
    proto = _read_onnx(path)
    metadata = {entry.key: entry.value for entry in proto.metadata_props}
    if "card" not in metadata:
        raise UserError("model.unknown", path=str(path))
    card = read_card(metadata["card"], str(path))
    assets = packages.keep_assets(_onnx_assets(metadata.get("assets", "{}"), path))
    modality, row, input = _resolve(card, path, assets)
    objective = registry.objective(card.targets.objective)
    row = objective.encoder(row, modality.input_shape(input))
    own = opt.check(card.recipe.objective, objective.options, "objective")
    width = objective.width(row, card.targets, len(card.classes), own)
    return Loaded(card, modality, input, _onnx_answer(proto, card, path, width), assets=assets)


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
    proto: onnx.ModelProto, card: Card, path: Path, width: int
) -> Callable[[torch.Tensor], torch.Tensor]:
    import torch

    more = (UNLIKE,) if card.strangers else ()
    process = OnnxProcess(proto.SerializeToString(), width, str(path), more)

    def answer(batch: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(process.answer(batch.numpy()))

    return answer
