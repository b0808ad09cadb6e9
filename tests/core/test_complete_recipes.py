"""What resolving writes into a recipe: every default that is used, so that a later version of the
program with other defaults trains the same."""

import dataclasses
import functools
import itertools
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.core.made_companions import needs_others, of_one_class, settings_of
from tests.core.made_objectives import MEANINGS, meaning
from tests.core.made_runs import make_run, split_of
from transfergui.core import registry, small_data_defaults
from transfergui.core import resolve as resolving
from transfergui.core.base import options as opt
from transfergui.core.base.options import Options
from transfergui.core.data.companions import ROLES
from transfergui.core.data.split import Split
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks.composite import plain
from transfergui.core.recipe import Recipe, from_json
from transfergui.core.resolve import for_backbone, for_strategy, resolve

STRATEGIES = [strategy.key for strategy in registry.STRATEGIES]
MODALITIES = [modality.key for modality in registry.MODALITIES]
OBJECTIVES = [ONE_CLASS, *MEANINGS]


def divided(objective: str, modality: str = "image") -> Split:
    split = msgspec.structs.replace(split_of(("ant", "bee")), modality=modality)
    return meaning(split, objective)


def left_open(strategy: str, modality: str, folder: Path) -> Recipe:
    """A recipe that leaves everything to the program that can be."""
    rows = [
        row
        for row in registry.modality(modality).backbones()
        if not registry.strategy(strategy).obstacle(row) and row.params
    ]
    row = rows[0]
    recipe = Recipe().replace(modality=modality, strategy=strategy, backbone=row.key)
    if registry.strategy(strategy).procedure == "adapt":
        run = make_run(folder / "a", ("ant", "bee"))
        return recipe.replace(backbone=str(run.path), **settings_of(strategy))
    if needs_others(strategy):
        return recipe.replace(**settings_of(strategy))
    if strategy == "soup":
        runs = [str(make_run(folder / name, ("ant", "bee")).path) for name in "ab"]
        return recipe.replace(options={"runs": runs})
    if strategy == "fusion":
        pairs = itertools.combinations(rows, 2)  # else each keeps its own size
        one, other = next(pair for pair in pairs if pair[0].input == pair[1].input)
        return recipe.replace(backbone=one.key, options={"partners": [other.key]})
    return recipe


def works(strategy: str, modality: str, objective: str) -> bool:
    """A fusion of texts needs the tokenizers of both networks on the disk."""
    if not registry.strategy(strategy).fits(modality):
        return False
    if strategy == "soup" or registry.strategy(strategy).procedure == "adapt":  # of a made run
        return (modality, objective) == ("image", ONE_CLASS)
    if of_one_class(strategy):
        return objective == ONE_CLASS
    return (strategy, modality) != ("fusion", "text")


CASES = [case for case in itertools.product(STRATEGIES, MODALITIES, OBJECTIVES) if works(*case)]


@pytest.fixture(scope="module")
def plan_of(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, str, str], tuple[Recipe, Plan]]:
    """A recipe of a case that leaves everything open, and its plan: made once, as none changes."""

    @functools.cache
    def make(strategy: str, modality: str, objective: str) -> tuple[Recipe, Plan]:
        recipe = left_open(strategy, modality, tmp_path_factory.mktemp("case"))
        return recipe, resolve(recipe, divided(objective, modality))

    return make


@pytest.fixture(params=CASES, ids="-".join)
def resolved(
    request: pytest.FixtureRequest, plan_of: Callable[[str, str, str], tuple[Recipe, Plan]]
) -> tuple[Recipe, Plan]:
    return plan_of(*request.param)


@pytest.fixture(params=[case for case in CASES if case[0] != "auto"], ids="-".join)
def complete(
    request: pytest.FixtureRequest, plan_of: Callable[[str, str, str], tuple[Recipe, Plan]]
) -> Plan:
    """A plan of a strategy that leaves nothing to trials: a search has those that suit each."""
    return plan_of(*request.param)[1]


def essence(plan: Plan) -> dict[str, Any]:
    """What a training depends on, in plain values."""
    kept = ("class_weights", "patience", "phases", "pretrained", "backbone", "weights")
    structs = ["options", "objective_options", "input", "recipe"]
    structs += ["augment"] * bool(plan.phases)  # else it is of no use
    return {name: getattr(plan, name) for name in kept} | {
        name: plain(getattr(plan, name)) for name in structs
    }


def test_resolved_again_it_is_the_same(resolved: tuple[Recipe, Plan]) -> None:
    _recipe, plan = resolved
    again = resolve(from_json(plan.recipe.to_json()), plan.split)
    assert essence(again) == essence(plan)
    assert again.members == plan.members


def test_nothing_is_left_open(complete: Plan) -> None:
    """But what only the training knows: on what it computes, and how exactly."""
    plan = complete
    open_still = [path for path, value in _paths(plain(plan.recipe)) if value in (None, "auto")]
    unused = ["weights_dir", "run.device", "run.precision", "data.test"]
    unused += [f"companions.{role}" for role in ROLES]
    if plan.strategy.procedure == "adapt":  # no labels are learnt from
        unused += ["optim.balance"]
    if not plan.phases:  # nothing is trained
        unused += ["augment", "optim.balance", *_none_of_training()]
    assert set(open_still) <= set(unused)
    for part, struct in (
        ("options", plan.strategy.options),
        ("objective", plan.objective.options),
        *([("augment", plan.modality.augment_options)] if plan.phases else []),
    ):
        assert set(getattr(plan.recipe, part)) == set(struct.__struct_fields__)


def _none_of_training() -> tuple[str, ...]:
    return ("optim.lr", "run.epochs", *small_data_defaults.USUAL)


def _paths(tree: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _paths(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def test_typing_what_automatic_says_changes_nothing(resolved: tuple[Recipe, Plan]) -> None:
    recipe, plan = resolved
    said = {path.replace(".", "__"): value for path, value in plan.automatic.items()}
    for typed in (said, *({name: value} for name, value in said.items())):
        assert essence(resolve(recipe.replace(**typed), plan.split)) == essence(plan)


def test_left_open_again_it_is_the_same(resolved: tuple[Recipe, Plan]) -> None:
    """Opened in the window, a run had "40 epochs" instead of "Automatic (40)", and kept them when
    another strategy was chosen."""
    recipe, plan = resolved
    opened = resolving.left_open(plan)
    assert essence(resolve(opened, plan.split)) == essence(plan)
    assert opened.run.epochs is None and opened.optim == recipe.optim


def test_what_was_typed_stays(tmp_path: Path) -> None:
    recipe = left_open("fine_tuning", "image", tmp_path).replace(run__epochs=3, optim__lr=0.5)
    opened = resolving.left_open(resolve(recipe, divided(ONE_CLASS)))
    assert (opened.run.epochs, opened.optim.lr) == (3, 0.5)
    assert opened.run.patience is None


def test_a_later_version_with_other_defaults_trains_the_same(
    complete: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = complete
    _change_defaults(plan, monkeypatch)
    again = resolve(from_json(plan.recipe.to_json()), plan.split)
    assert essence(again) == essence(plan)
    assert type(again.options) is not type(plan.options)


def test_the_defaults_of_the_later_version_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would show nothing."""
    recipe = Recipe().replace(strategy="fine_tuning", backbone="resnet18")
    plan = resolve(recipe, divided(ONE_CLASS))
    _change_defaults(plan, monkeypatch)
    later, before = (essence(each) for each in (resolve(recipe, plan.split), plan))
    assert {name for name in later if later[name] != before[name]} == {
        "options", "input", "augment", "recipe", "phases", "patience"
    }  # fmt: skip


def _change_defaults(plan: Plan, patch: pytest.MonkeyPatch) -> None:
    modality, strategy, objective = plan.modality, plan.strategy, plan.objective
    other = dataclasses.replace(
        strategy,
        options=_later(strategy.options),
        preset="Strong" if strategy.preset != "Strong" else "Light",
        epochs=strategy.epochs + 7,
        lr=3 * strategy.lr,
    )
    patch.setattr(registry, "strategy", lambda key: other)
    patch.setattr(modality, "input_options", _later(modality.input_options))
    patch.setattr(objective, "options", _later(objective.options))
    patch.setattr(small_data_defaults, "RULES", ())
    usual = {"head.dropout": 0.1, "optim.label_smoothing": 0.01, "run.patience": 77}
    patch.setattr(small_data_defaults, "USUAL", usual)


def _later(struct: type[Options]) -> type[Options]:
    """``struct`` with another default for each option that has one."""
    hints = typing.get_type_hints(struct, include_extras=True)
    fields = [
        (option.name, hints[option.name], _other(option))
        for option in opt.describe(struct)
        if option.default is not None and option.kind in ("int", "float", "bool", "choice")
    ]
    return msgspec.defstruct("Later", fields, bases=(struct,), frozen=True, kw_only=True)


def _other(option: opt.Option) -> Any:
    if option.kind == "bool":
        return not option.default
    if option.kind == "choice":
        return next(v for v, _label in option.choices if v not in (option.default, "auto"))
    step = 1 if option.kind == "int" else 0.1
    high = option.high if option.high is not None else option.default + step
    return option.default + step if option.default + step <= high else option.default - step


# -- one setting of it replaced


def test_another_strategy_has_its_own_options_and_augmentation() -> None:
    split = divided(ONE_CLASS)
    plan = resolve(Recipe().replace(strategy="fine_tuning", backbone="tgnet"), split)
    other = for_strategy(plan.recipe, "feature_extraction")
    assert (other.options, other.augment) == ({}, None)
    own = plan.recipe.replace(augment={"flip": False, "rotation": 3.0})
    assert for_strategy(own, "feature_extraction").augment == own.augment
    assert for_strategy(own, "fine_tuning") == own


def test_another_network_has_its_own_size() -> None:
    plan = resolve(Recipe().replace(backbone="tgnet"), divided(ONE_CLASS))
    assert plan.recipe.input["size"] == plan.input.size  # type: ignore[attr-defined]
    other = for_backbone(plan.recipe, "inception_v3")
    assert (other.backbone, other.input) == ("inception_v3", {})
    own = plan.recipe.replace(input__size=77)
    assert for_backbone(own, "inception_v3").input == {"size": 77}


def test_a_run_as_the_first_of_several_leaves_the_others_their_own_size(tmp_path: Path) -> None:
    """Everything is in its recipe; it is no change that the others must follow."""
    run = make_run(tmp_path / "run", ("ant", "bee"), backbone="tgnet", input={})
    assert "size" in run.recipe.input
    recipe = Recipe().replace(
        backbone=str(run.path), strategy="fusion", options={"partners": ["inception_v3"]}
    )
    plan = resolve(recipe, divided(ONE_CLASS))
    assert plan.members[1].backbone.input["size"] == 299
    (_own, partner) = plan.backbone.parts
    assert partner.input["size"] == 299
