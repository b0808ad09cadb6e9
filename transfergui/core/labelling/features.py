"""What a frozen backbone makes of the examples that are to be labelled; kept in the cache of
features that trainings use, too."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from transfergui.core.base.progress import Tell, untold
from transfergui.core.data.split import Split
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.plan import Plan
from transfergui.core.labelling.examples import Examples
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve

STRATEGY = "feature_extraction"
NO_CLASSES = ("-",)
"""Stands for the classes, which are not known yet."""


class Features(NamedTuple):
    """Of the examples that could be read.

    Attributes:
        paths: of the examples [N].
        rows: float32 [N, F].
        better: a backbone that is not on this computer, with which fewer labels are usually enough:
            in the measurements of the guide, 60 labels with MobileNetV2 were worth more than 150
            with TGNet.
    """

    paths: tuple[str, ...]
    rows: np.ndarray
    better: Backbone | None = None


def plan_of(examples: Examples, recipe: Recipe | None = None) -> Plan:
    """How the features of ``examples`` are computed: by the backbone of ``recipe``, or the best
    fast one on this computer.

    Raises:
        UserError: as of :func:`transfergui.core.resolve.resolve`.
    """
    own = Recipe() if recipe is None else recipe
    recipe = msgspec.structs.replace(
        Recipe(),
        modality=examples.modality,
        backbone=own.backbone,
        input=own.input,
        weights_dir=own.weights_dir,
        run=own.run,
        strategy=STRATEGY,
    )
    split = Split(
        root=examples.root,
        modality=examples.modality,
        classes=NO_CLASSES,
        train=examples.samples,
        val=(),
        test=(),
        seed=0,
        method="split.random",
        input=examples.input,
        languages=examples.languages,
    )
    return resolve(recipe, split)


def features_of(plan: Plan, tell: Tell = untold) -> Features:
    """The features of the examples that ``plan`` is of, from the cache where they are known.

    Args:
        tell: called often with how many are done of how many; may raise to end it.

    Raises:
        UserError: the weights are not there; ``data.gone``, ``data.damaged``: too many examples
            cannot be read.
    """
    from transfergui.core.training import frozen_probe

    rows, samples = frozen_probe.features(plan, plan.split.train, tell)
    better = plan.choice.better if plan.choice is not None else None
    return Features(tuple(sample.path for sample in samples), rows, better)
