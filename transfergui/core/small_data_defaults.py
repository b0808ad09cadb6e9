"""Defaults against overfitting, chosen by how much training data there is.

Every setting here that a recipe leaves to the program gets its value when the recipe is resolved,
and is written into it: by the first row of :data:`RULES` that fits, else the usual one. Each row
says what it rests on; those of the literature that did not help in our measurements are not here
(weight decay from 0.01 to 0.5 changed no figure, nor did averaged weights where the rate falls to
zero; with 5 of each class, mixup and CutMix did harm: fine-tuned SqueezeNet, two seeds, hand
signs 0.725 without, 0.683 and 0.458 with them; clothing 0.394, 0.333 and 0.356). Imports no
torch: the window asks at every edit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from transfergui.core.base import options as opt
from transfergui.core.base.notes import Note
from transfergui.core.data.split import Split
from transfergui.core.data.targets import (
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    members_of,
)
from transfergui.core.interfaces.choices import SettingChoice
from transfergui.core.interfaces.phase import Phase
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks.choice import AUTO
from transfergui.core.recipe import Recipe

SMOOTHING = "optim.label_smoothing"

Moved = Literal["head", "part", "all", "untrained"]
"""What is trained: nothing but the head; of the backbone norms and biases or low-rank updates;
the backbone, or some of its last groups; a backbone that begins with random weights."""

TOLD: Mapping[tuple[str, str], str] = {
    (SEVERAL_LABELS, "restraint.few_frozen"): "restraint.few_frozen_labels",
    (SEVERAL_LABELS, "restraint.few_moving"): "restraint.few_moving_labels",
    (SEVERAL_QUESTIONS, "restraint.few_frozen"): "restraint.few_frozen_answers",
    (SEVERAL_QUESTIONS, "restraint.few_moving"): "restraint.few_moving_answers",
    (NUMBER, "restraint.few_frozen"): "restraint.few_frozen_number",
}
"""The sentence in the terms of what is predicted, where that is not one class, by the rule's."""

USUAL: Mapping[str, Any] = {
    "head.dropout": 0.5,
    SMOOTHING: 0.0,
    "run.patience": 5,
}
"""Where no rule fits."""


@dataclass(frozen=True)
class Situation:
    """What the rules go by.

    Attributes:
        per_class: training samples of each class, on average; of what is not one class, of each
            output of the model.
        smooths: as of :class:`transfergui.core.interfaces.objective.Objective`.
        objective: the key of what is predicted.
        told: how much training data there is, in the terms of what is predicted.
        usual: of what is predicted, where that is otherwise than :data:`USUAL`; where there are
            some, no rule fits: they were measured without.
    """

    per_class: float
    moved: Moved
    smooths: bool = True
    objective: str = ONE_CLASS
    told: Mapping[str, Any] = field(default_factory=dict)
    usual: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """One setting for one kind of situation.

    Attributes:
        setting: its path in the recipe.
        moved: for which kinds of training.
        below: for fewer training samples of each class than this.
        code: the sentence that says why.
    """

    setting: str
    value: Any
    moved: frozenset[Moved]
    below: float
    code: str

    def fits(self, situation: Situation) -> bool:
        if situation.usual or (self.setting == SMOOTHING and not situation.smooths):
            return False
        return situation.moved in self.moved and situation.per_class < self.below


FROZEN: frozenset[Moved] = frozenset({"head"})
MOVING: frozenset[Moved] = frozenset({"all"})
FEW = 10
"""Samples of each class, below which an epoch is a handful of steps."""

RULES: tuple[Rule, ...] = (
    # Frozen SqueezeNet, 5 of each class, three seeds, all four together: clothing 0.499 to 0.524,
    # hand signs 0.664 to 0.691. With 12 and more of each class they gain nothing.
    Rule("run.epochs", 100, FROZEN, FEW, "restraint.few_frozen"),
    Rule("run.patience", 20, FROZEN, FEW, "restraint.few_frozen"),
    Rule("head.dropout", 0.2, FROZEN, FEW, "restraint.few_frozen"),
    Rule(SMOOTHING, 0.1, FROZEN, FEW, "restraint.few_frozen"),
    # Szegedy et al. 2016 (arXiv:1512.00567). Fine-tuned, 5 of each class, three seeds: clothing
    # 0.425 to 0.441 (SqueezeNet), 0.311 to 0.355 (TGNet); hand signs 0.556 to 0.696 (SqueezeNet).
    # More epochs helped the signs and harmed the clothing; less dropout and stronger augmentation
    # harmed the one and helped the other.
    Rule(SMOOTHING, 0.1, MOVING, FEW, "restraint.few_moving"),
)


def situation(plan: Plan, phases: Sequence[Phase], outputs: int) -> Situation:
    """The situation of a training.

    Args:
        phases: those that it would usually have.
        outputs: how many the model has.
    """
    per_class = len(plan.split.train) / max(1, outputs)
    return Situation(
        per_class,
        _moved(phases, plan.pretrained),
        plan.objective.smooths,
        plan.split.targets.objective,
        _told(plan.split),
        plan.objective.usual,
    )


def _told(split: Split) -> dict[str, Any]:
    """How many training samples there are: of the rarest label, or with an answer to the question
    that has the fewest; of numbers, all. Empty where one class is predicted."""
    targets, count = split.targets, len(split.train)
    if targets.objective == ONE_CLASS:
        return {}
    if targets.objective == NUMBER or not targets.names:
        return {"count": count}
    found = Counter[int]()
    for label, number in Counter(sample.label for sample in split.train).items():
        own = targets.values[label]
        answered = [at for at, answer in enumerate(own) if answer >= 0]
        asked = targets.objective == SEVERAL_QUESTIONS
        for place in answered if asked else members_of(targets, label):
            found[place] += number
    having = [found[place] for place in range(len(targets.names))]
    fewest = min(having)
    return {"count": fewest, "name": targets.names[having.index(fewest)], "of": count}


def choices(situation: Situation) -> tuple[SettingChoice, ...]:
    """What the program chooses where everything is left to it."""
    told = dict(situation.told) or {"count": round(situation.per_class)}
    usual = {**USUAL, **situation.usual}
    found = {name: SettingChoice(name, value) for name, value in usual.items()}
    for rule in reversed(RULES):  # the first one that fits is kept
        if rule.fits(situation):
            why = Note(TOLD.get((situation.objective, rule.code), rule.code), told)
            found[rule.setting] = SettingChoice(rule.setting, rule.value, why)
    return tuple(found.values())


def left_open(recipe: Recipe, choices: Sequence[SettingChoice]) -> tuple[SettingChoice, ...]:
    """Those whose settings the recipe leaves to the program."""
    return tuple(choice for choice in choices if _value(recipe, choice.setting) is None)


def notes(choices: Sequence[SettingChoice]) -> Collection[Note]:
    """Why they are not the usual ones."""
    return {choice.why.code: choice.why for choice in choices if choice.why}.values()


def filled(recipe: Recipe, automatic: Mapping[str, Any]) -> Recipe:
    """``recipe`` with the value of ``automatic`` for each setting that it leaves to the program;
    of a mapping, for each of its keys that is missing."""
    left = {}
    for path, value in automatic.items():
        given = _value(recipe, path)
        if given is None or given == AUTO:
            left[path] = value
        elif isinstance(given, Mapping):
            left[path] = value | given
    return recipe.replace(**{path.replace(".", "__"): value for path, value in left.items()})


def emptied(recipe: Recipe, automatic: Mapping[str, Any]) -> Recipe:
    """``recipe`` with every setting left to the program whose value is that of ``automatic``: the
    reverse of :func:`filled`."""
    plain, tree = Recipe(), msgspec.to_builtins(recipe)
    for path, value in automatic.items():
        if _value(recipe, path) != value:
            continue
        part, _, name = path.partition(".")
        if isinstance(getattr(plain, part), dict):
            tree[part].pop(name, None)
        else:
            tree[part][name] = _value(plain, path)
    return opt.check(tree, Recipe)


def _value(recipe: Recipe, setting: str) -> Any:
    part, _, name = setting.partition(".")
    values = getattr(recipe, part)
    return values.get(name) if isinstance(values, dict) else getattr(values, name)


def _moved(phases: Sequence[Phase], pretrained: bool) -> Moved:
    phases = [phase for phase in phases if phase.through is None]  # the others see no labels
    moving = [phase for phase in phases if phase.groups != 0]
    if not moving:
        return "head"
    if not pretrained:
        return "untrained"
    little = all(phase.low_rank or phase.only == "norm_and_bias" for phase in moving)
    return "part" if little else "all"
