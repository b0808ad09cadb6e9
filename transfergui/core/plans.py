"""What is to be known of a plan before its training begins."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.core.base import memory, paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.base.options import Options
from transfergui.core.data import contents, labels
from transfergui.core.data.companions import FEWEST_TARGET
from transfergui.core.interfaces.networks import Backbone, Source, WeightState
from transfergui.core.interfaces.phase import Phase
from transfergui.core.interfaces.plan import Modality, Plan
from transfergui.core.networks import choice as choices
from transfergui.core.networks import weights as weights_files
from transfergui.core.runs import packages
from transfergui.core.runs.run import Run
from transfergui.core.sources import training_files

if TYPE_CHECKING:
    from torch import Tensor

    from transfergui.core.data.dataset import Sample

MOST_KEPT = 4 * 2**30
"""Bytes of feature maps that are worth keeping. Those of MobileNetV2 in 320 pixels take 0.5 MB for
a picture; to look at one takes 10 to 20 ms on two cores, to read them 1 ms."""
CERTAINLY_ROOM = 2**28
"""Fewer bytes of features are worth no question to the disk at every edit."""
CLEARLY = 1.1
"""A teacher is larger, or slower, than its student with so many times its figure."""


def epochs(plan: Plan) -> int:
    """Of all phases."""
    return sum(phase.epochs for phase in plan.phases)


def phase_size(plan: Plan, phase: Phase) -> int:
    """How many samples are seen in an epoch of a phase; each version of one counts."""
    train = len(plan.split.train)
    if phase.through is None:
        return train * (1 + len(phase.streams))
    others = sum(len(each.samples) for each in plan.split.of_role(phase.through))
    return (train + others) * max(1, phase.views)


def batch_size(plan: Plan) -> int:
    """Samples of a step."""
    return plan.recipe.optim.batch_size or plan.objective.batch_size


def kept_bytes(plan: Plan, phase: Phase) -> int:
    """What the features of all samples take in a phase that keeps them."""
    sizes = plan.split.sizes()
    versions = sizes["train"] * (1 + phase.augmented_copies) + sizes["val"] + sizes["test"]
    return 4 * plan.backbone.features * versions


def outputs(plan: Plan) -> int:
    """How many outputs the model has for a sample."""
    return plan.objective.outputs(plan.split.targets, len(plan.split.classes))


def wanted(plan: Plan, samples: Sequence[Sample]) -> Tensor:
    """What the loss compares the outputs for ``samples`` with [N, ...]."""
    import torch

    table = plan.objective.table(plan.split.targets, len(plan.split.classes))
    labels = torch.tensor([sample.label for sample in samples], dtype=torch.long)
    return table[labels.clamp(min=0)]  # of unlabelled ones, which nobody looks at


def digests(
    plan: Plan,
    root: Path,
    samples: Iterable[Sample],
    check_cancelled: Callable[[], object] = lambda: None,
) -> dict[str, str]:
    """What tells the content of each sample that can be read, by its path, as the plan reads it.

    Args:
        root: the folder that the paths are relative to.
        check_cancelled: called often; may raise to end it.
    """
    return digests_of(plan.modality, plan.input, root, samples, check_cancelled)


def digests_of(
    modality: Modality,
    input: Options,
    root: Path,
    samples: Iterable[Sample],
    check_cancelled: Callable[[], object],
) -> dict[str, str]:
    """The same where there is no plan yet, of samples that are read with ``input``."""

    def read(path: Path) -> str:
        return modality.digest(path, input)

    wanted = [sample.path for sample in samples]
    return contents.digests(root, wanted, read, _reading(modality, input), check_cancelled)


def remembered_digests(plan: Plan, root: Path) -> dict[str, str]:
    """The same as it was when it was read last, even if the folder is gone."""
    return contents.remembered(root, _reading(plan.modality, plan.input))


def _reading(modality: Modality, input: Options) -> str:
    """In which way samples are read, where that makes a difference to their content."""
    return str(msgspec.to_builtins(input)) if modality.typed else ""


def augments(plan: Plan) -> bool:
    """Whether any augmentation is switched on."""
    return plan.augment != plan.modality.augment_options()


def whole(plan: Plan) -> Plan:
    """``plan``, its encoder giving the features of whole samples."""
    row = plan.backbone
    if not row.pooled:
        return plan
    return replace(plan, backbone=msgspec.structs.replace(row, features=row.pooled, pooled=0))


def is_frozen(plan: Plan) -> bool:
    """Whether the pretrained network stays as it is, from the first epoch to the last."""
    still = all(phase.groups == 0 for phase in plan.phases)
    return plan.pretrained and bool(plan.phases) and still


def sources(plan: Plan) -> tuple[Source, ...]:
    """The networks whose weights must be there before the training can begin."""
    whole = plan.members or (Source(plan.backbone, plan.weights, run=plan.run),)
    own = whole if plan.pretrained else ()
    return (*own, *teachers(plan))


def teachers(plan: Plan) -> tuple[Source, ...]:
    """The networks from which its phases learn, each once."""
    found: list[Source] = []
    for phase in plan.phases:
        if phase.teacher is not None and phase.teacher not in found:
            found.append(phase.teacher)
    return tuple(found)


def missing(plan: Plan, states: Mapping[str, WeightState]) -> Backbone | None:
    """The first network that it needs whose weights are yet to be downloaded.

    Args:
        states: where the weights are, by key; what is not in it is taken for there.
    """
    named = (source.backbone for source in sources(plan) if source.weights is None)
    return next((row for row in named if states.get(row.key) == "download"), None)


def obstacle(plan: Plan, states: Mapping[str, WeightState]) -> UserError | None:
    """Why it cannot begin before something was downloaded; None where nothing is missing.

    Args:
        states: as for :func:`missing`.
    """
    row = missing(plan, states)
    if row is None:
        return None
    code = "weights.needed"
    if plan.choice is not None and plan.choice.why.code == "choice.able":
        why = plan.strategy.obstacle(choices.built_in(plan.modality))
        attends = why == "strategy.no_attention"
        code = "weights.needed_attention" if attends else "weights.needed_able"
    size = max(1, round(row.download_bytes / 1e6))
    return UserError(code, title=row.title, megabytes=size, strategy=_(plan.strategy.title))


def notes(plan: Plan) -> Iterator[Note]:
    """What the user should know of how it begins."""
    yield from plan.split.shortages(plan.modality.many)
    if plan.objective.places and plan.split.val and not _is_any(plan, plan.split.val):
        yield Note("split.nothing_to_choose_by")
    name = paths.expanded(plan.recipe.backbone)
    own = plan.run is not None or (plan.weights is not None and packages.is_package(name))
    if own and plan.pretrained:
        code = "source.as_it_was" if plan.backbone_unchanged else "source.taken_over"
        if plan.strategy.procedure == "adapt":  # its head, too
            code = "source.adapted"
        values = {"path": name.name, "what": _predicted(plan), "title": plan.backbone.title}
        if plan.objective.continues and plan.learnt.objective == plan.objective.key:
            code, more = _head_taken_over(plan)
            values |= more
        yield Note(code, values)
    elif plan.backbone.body and plan.pretrained:
        values = {"title": plan.backbone.title, "what": _predicted(plan)}
        known = [name for name in plan.split.targets.names if name in plan.learnt.names]
        values["names"] = labels.quoted(known)
        yield Note("detector.classes" if known else "detector.kept", values)
    for phase in plan.phases[:1]:
        if plan.backbone.pooled and phase.groups == 0 and plan.backbone.cacheable:
            code = "cache.maps" if phase.cache_features else "cache.maps_too_large"
            yield Note(code, {"size": memory.gigabytes(kept_bytes(plan, phase))})
        if phase.cache_features and plan.backbone.cacheable:
            yield from _without_room(kept_bytes(plan, phase))
    if plan.strategy.procedure == "search" and plan.choice is None:
        yield Note("auto.only", {"title": plan.backbone.title})
    for teacher in teachers(plan):
        if code := _nothing_saved(plan.backbone, teacher.backbone):
            yield Note(code, _sizes(plan.backbone, teacher.backbone))


def _without_room(needed: int) -> Iterator[Note]:
    """That features which are kept do not fit onto the disk: those of a million examples may take
    5 GB. What is in the cache already is counted as well."""
    if needed < CERTAINLY_ROOM:
        return
    folder = paths.cache_dir()
    try:
        free = shutil.disk_usage(folder).free
    except OSError:  # it is not made yet, or cannot be: the cache says so itself
        return
    if needed > free:
        sizes = {"size": memory.gigabytes(needed), "free": memory.gigabytes(free)}
        yield Note("cache.no_room", {"path": str(folder), **sizes}, "warning")


def _head_taken_over(plan: Plan) -> tuple[str, dict[str, Any]]:
    """What is said of a head that begins with that of another run."""
    assert plan.weights is not None
    names = weights_files.tensors(plan.weights)
    about = plan.split.targets, plan.learnt, plan.objective_options
    return plan.objective.taken_over(names, *about)


def _is_any(plan: Plan, part: Sequence[Sample]) -> bool:
    """Whether there is anything to be found in samples of places."""
    return any(plan.split.targets.values[sample.label] for sample in part)


def _predicted(plan: Plan) -> str:
    """What new last layers are for: ``your 3 classes``; of what is not one class, its names."""
    names = plan.split.targets.names
    if names:
        return labels.quoted(names)
    return _("your {count} classes").format(count=len(plan.split.classes))


def leaked(plan: Plan) -> frozenset[str]:
    """The absolute paths of what this training's own sources were trained on.

    Only one's own runs can be asked, and what they themselves began with.
    """
    runs = [source.run for source in sources(plan) if source.run]
    return frozenset().union(*(training_files(Run(path)) for path in runs))


def _nothing_saved(student: Backbone, teacher: Backbone) -> str:
    """What to say of a student that is not clearly smaller than its teacher; else nothing.

    Both by their published figures: one's own trainings are of the same networks.
    """
    if not teacher.params or CLEARLY * student.params <= teacher.params:
        return ""
    quicker = CLEARLY * student.flops <= teacher.flops
    return "distillation.quicker" if quicker else "distillation.larger"


def _sizes(student: Backbone, teacher: Backbone) -> dict[str, Any]:
    """What a sentence about the two needs; sizes in millions of parameters."""
    return {
        "title": student.title,
        "teacher": teacher.title,
        "size": round(student.params / 1e6, 1),
        "other": round(teacher.params / 1e6, 1),
    }


def too_few_to_adapt_to(plan: Plan) -> UserError | None:
    """That there are too few examples to adapt to, whatever the strategy that adapts."""
    if "target" not in plan.strategy.needs:
        return None
    for each in plan.split.of_role("target"):
        if len(each.samples) < FEWEST_TARGET:
            values = {"needed": FEWEST_TARGET, "noun": plan.modality.many}
            return UserError("adapt.too_few", path=each.path, **values)
    return None
