"""Distillation: a small network, the student, learns to behave like a large one, the teacher.

Hinton et al., "Distilling the Knowledge in a Neural Network", 2015 (arXiv:1503.02531)
for the outputs; for the features a learnt projection, compared by cosine distance
(after Romero et al., "FitNets", 2015, arXiv:1412.6550, and Chen et al., "Knowledge
Distillation with the Reused Teacher Classifier", 2022, arXiv:2203.14001). With student
features f(x), head g, projection P and the teacher's features t(x) and head h, minimises

    a CE(g(f(x)), y) + b (1 - cos(P f(x), t(x))) + c T² KL(h(t(x)) / T || g(f(x)) / T) + d R

where R compares the distances and angles between the samples of a batch, as student and
teacher see them (Park et al., "Relational Knowledge Distillation", 2019, arXiv:1904.05068).

Where there are unlabelled samples to learn from first, a phase before goes through them and the
training samples, with a = 0: all else needs no labels.

The teacher looks at each sample once, unchanged; what it sees is cached.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.data.targets import ONE_CLASS, Targets
from transfergui.core.interfaces.networks import Backbone, Networks, Source
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.networks.choice import AUTO
from transfergui.core.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

    from transfergui.core.nn.heads import Merge


EPOCHS = 30
FIRST_EPOCHS = 10
LR = 1e-3
OUTPUT_WEIGHT = 1.0
"""Where the teacher answers with the same classes and the user did not choose."""


class DistillationOptions(Options, frozen=True):
    """The options of :class:`Distillation`.

    ``auto`` as teacher is the network that the modality recommends.

    ``teacher_input`` changes the modality's input options for the teacher (a smaller
    picture size makes it look faster); it is not shown.
    """

    teacher: Annotated[
        str,
        option(
            N_("Teacher"),
            N_(
                "The large model to learn from: a published backbone or a model of your own. The "
                "teacher itself is not changed."
            ),
            chooser="network",
            essential=True,
        ),
    ] = AUTO
    start: Annotated[
        Literal["pretrained", "random"],
        option(
            N_("Student initialisation"),
            N_(
                "With which weights the student starts. Starting with random weights takes "
                "thousands of examples."
            ),
            labels={"pretrained": N_("Pretrained weights"), "random": N_("Random weights")},
        ),
    ] = "pretrained"
    feature_weight: Annotated[
        float,
        option(
            N_("Feature loss weight"),
            N_(
                "How much the loss counts differences between the student's and the teacher's "
                "features."
            ),
            ge=0,
            le=100,
            advanced=True,
        ),
    ] = 2.0
    output_weight: (
        Annotated[
            float,
            option(
                N_("Logit loss weight"),
                N_(
                    "How much the loss counts differences between the student's and the teacher's "
                    "predictions. The teacher must be a finished run with the same classes. "
                    "Automatic means 1 with such a run, else 0."
                ),
                ge=0,
                le=100,
                advanced=True,
            ),
        ]
        | None
    ) = None
    relation_weight: Annotated[
        float,
        option(
            N_("Relation loss weight"),
            N_(
                "How much the loss counts whether examples that are similar for the teacher are"
                " similar for the student, too. 0 turns this loss off."
            ),
            ge=0,
            le=100,
            advanced=True,
        ),
    ] = 0.0
    label_weight: Annotated[
        float,
        option(
            N_("Label loss weight"),
            N_("How much the loss counts errors on the labels of your own examples."),
            ge=0,
            le=100,
            advanced=True,
        ),
    ] = 1.0
    temperature: Annotated[
        float,
        option(
            N_("Temperature"),
            N_(
                "The higher the temperature, the more the teacher's second and third choices count."
            ),
            ge=1,
            le=20,
            advanced=True,
        ),
    ] = 4.0
    first_epochs: Annotated[
        int,
        option(
            N_("Epochs without labels"),
            N_(
                "How many times the student goes through the unlabelled examples to learn from, if "
                "you added any, before it learns from your labelled ones."
            ),
            ge=1,
            le=10_000,
            advanced=True,
        ),
    ] = FIRST_EPOCHS
    teacher_input: dict[str, Any] = {}


def obstacle(backbone: Backbone) -> str:
    return "" if backbone.params else "strategy.no_student"


def starts_pretrained(options: Options) -> bool:
    assert isinstance(options, DistillationOptions)
    return options.start == "pretrained"


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    options = settings.options
    assert isinstance(options, DistillationOptions)
    source = teacher(options, settings.targets, settings.classes, settings.named)
    whole = Phase(
        name=N_("Learn from the teacher"),
        epochs=settings.epochs,
        groups=ALL,
        lr=settings.lr,
        freeze_norm=False,
        teacher=source,
    )
    if "unlabelled" not in settings.roles:
        return (whole,)
    unlabelled = msgspec.structs.replace(options, label_weight=0.0)  # which must not be nothing
    teacher(unlabelled, settings.targets, settings.classes, settings.named)
    first = dataclasses.replace(
        whole,
        name=N_("Learn from the teacher without labels"),
        epochs=options.first_epochs,
        fixed=True,
        through="unlabelled",
    )
    return (first, whole)


def plain(recipe: Recipe) -> Recipe:
    """The same training without the unlabelled samples."""
    companions = msgspec.structs.replace(recipe.companions, unlabelled=None)
    return msgspec.structs.replace(recipe, companions=companions)


def pretext(model: nn.Module, plan: Plan) -> nn.Module:
    """As :func:`task`, of whatever the labels are."""

    from transfergui.core.nn.losses import Unlabelled

    assert isinstance(plan.options, DistillationOptions)
    options = msgspec.structs.replace(plan.options, label_weight=0.0)
    return task(model, Unlabelled(), dataclasses.replace(plan, options=options))


def task(model: nn.Module, loss: nn.Module, plan: Plan) -> nn.Module:
    from transfergui.core.nn.losses import Distilled

    options, source = plan.options, plan.phases[0].teacher
    assert isinstance(options, DistillationOptions)
    assert source is not None
    classes = plan.split.classes
    targets = plan.split.targets
    weight = output_weight(options, targets, classes, source)
    merge = functools.partial(plan.objective.merged, targets=targets)
    return Distilled(
        model,
        loss,
        width=plan.backbone.features,
        teacher_width=source.backbone.features,
        teacher_head=_head(source, classes, merge) if weight else None,
        feature_weight=options.feature_weight,
        output_weight=weight,
        relation_weight=options.relation_weight,
        label_weight=options.label_weight,
        temperature=options.temperature,
    )


def teacher(
    options: DistillationOptions,
    targets: Targets,
    classes: tuple[str, ...],
    named: Callable[[str], Source],
) -> Source:
    """The teacher that was named.

    Raises:
        UserError: as :func:`transfergui.core.sources.named_backbone`; ``teacher.no_answers``;
            ``teacher.one_class_only``, ``teacher.nothing``.
    """
    found = named(options.teacher)
    source = dataclasses.replace(found, input=found.input | options.teacher_input)
    features = options.feature_weight, options.relation_weight
    if not any((output_weight(options, targets, classes, source), *features, options.label_weight)):
        raise UserError("teacher.nothing")
    return source


def output_weight(
    options: DistillationOptions, targets: Targets, classes: tuple[str, ...], source: Source
) -> float:
    """How much the teacher's outputs count.

    Raises:
        UserError: ``teacher.no_answers``: they are asked for, and there are none;
            ``teacher.one_class_only``.
    """
    chosen = options.output_weight
    answers = (
        targets.objective == source.targets.objective == ONE_CLASS  # the divergence is of softmax
        and bool(source.classes)
        and set(source.classes) == set(classes)
    )
    if chosen and targets.objective != ONE_CLASS:
        raise UserError("teacher.one_class_only")
    if chosen and classes and not answers:
        raise UserError("teacher.no_answers", teacher=options.teacher)
    return chosen if chosen is not None else OUTPUT_WEIGHT * answers


def _head(source: Source, classes: tuple[str, ...], merge: Merge) -> nn.Module:
    """The teacher's own head, its answers in the order of ``classes``."""
    from torch import nn

    from transfergui.core.nn import heads, state_dicts

    assert source.head is not None
    assert source.weights is not None
    head = heads.head_of(source.backbone, len(source.classes), source.head, merge)
    tensors = state_dicts.read(source.weights, source.weights.stat().st_size)
    prefix = "head."
    own = {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
    state_dicts.load(head, own)
    order = [source.classes.index(name) for name in classes]
    return nn.Sequential(head, heads.Reordered(order))


def chosen(plan: Plan, networks: Networks) -> dict[str, Any]:
    """The recommended teacher; of the one that was named, how much its outputs count, and how it
    looks at the samples."""
    options = plan.options
    assert isinstance(options, DistillationOptions)
    source = teacher(options, plan.split.targets, plan.split.classes, networks.named)
    by_itself = msgspec.structs.replace(options, output_weight=None)
    weight = output_weight(by_itself, plan.split.targets, plan.split.classes, source)
    return {
        "teacher": networks.named(AUTO).backbone.key,
        "output_weight": float(weight),
        "teacher_input": networks.input(source),
    }


STRATEGY = Strategy(
    key="distillation",
    title=N_("Distillation"),
    summary=N_(
        "Trains a small, fast model (the student) to imitate a large one (the teacher). For a "
        "model that is to run on slow computers."
    ),
    options=DistillationOptions,
    cost=3,
    preset="Light",
    compact=True,  # the student; its teacher may be large
    epochs=EPOCHS,
    lr=LR,
    obstacle=obstacle,
    starts_pretrained=starts_pretrained,
    phases=phases,
    task=task,
    pretext=pretext,
    uses=("unlabelled",),
    plain=plain,
    chosen=chosen,
)
