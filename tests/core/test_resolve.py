"""Plans: keys become objects, and every mistake of a recipe is found before anything starts."""

import dataclasses
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.core.made_plans import planned, split
from tests.core.made_runs import make_run
from transfergui.core import plans, registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.options import Options
from transfergui.core.interfaces.networks import WeightState
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks import planned as networks
from transfergui.core.networks import weights
from transfergui.core.networks.planned import with_assets
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.sources import kept_row


def test_keys_become_objects() -> None:
    plan = planned(backbone="squeezenet1_1", strategy="fine_tuning")
    assert plan.backbone.key == "squeezenet1_1"
    assert plan.strategy.key == "fine_tuning"
    assert isinstance(plan.options, plan.strategy.options)
    assert isinstance(plan.augment, plan.modality.augment_options)
    assert plan.split.classes == ("class_0", "class_1")
    assert plan.weights is None


HERE: dict[str, WeightState] = {"tgnet": "built-in"}
"""Nothing but what comes with the program."""


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"strategy": "lora"}, "weights.needed_attention"),
        ({"strategy": "fine_tuning"}, None),
        ({"strategy": "fine_tuning", "backbone": "resnet18"}, "weights.needed"),
        ({"strategy": "from_scratch", "backbone": "resnet18"}, None),
        ({"strategy": "distillation", "options": {"teacher": "resnet18"}}, "weights.needed"),
    ],
)
def test_what_must_be_downloaded_first_is_said(settings: dict[str, Any], code: str | None) -> None:
    rows = registry.modality("image").backbones()
    states: dict[str, WeightState] = {row.key: "download" for row in rows} | HERE
    plan = resolve(Recipe().replace(**settings), split(3, 3), states)
    lacks = plans.obstacle(plan, states)
    assert (lacks and lacks.code) == code
    assert plans.obstacle(plan, {}) is None  # where that is not known yet


def test_what_is_left_to_the_program_is_named_by_the_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned()
    assert (Recipe().backbone, plan.recipe.backbone, plan.backbone.key) == (
        "auto",
        "tgnet",
        "tgnet",
    )
    assert plan.choice is not None
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(tmp_path))
    (tmp_path / "mobilenet_v2.pth").write_bytes(b"weights that came later")
    assert planned().recipe.backbone == "mobilenet_v2"
    again = resolve(plan.recipe, plan.split)  # as a run is resumed
    assert (again.recipe, again.backbone.key, again.choice) == (plan.recipe, "tgnet", None)


def test_what_is_known_of_the_weights_is_not_looked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weights, "states", lambda *_: pytest.fail("looked"))
    known: dict[str, WeightState] = {"resnet18": "on disk"}
    assert resolve(Recipe(), split(2, 2), known).backbone.key == "resnet18"


@pytest.mark.parametrize("strategy", ["from_scratch", "distillation"])
def test_a_strategy_for_small_networks_gets_one(
    strategy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(tmp_path))
    (tmp_path / "mobilenet_v2.pth").write_bytes(b"weights")
    assert planned(strategy=strategy).backbone.key == "tgnet"


def test_the_backbones_input_is_the_default_and_the_recipe_wins() -> None:
    plan = planned(backbone="inception_v3")
    assert plan.input.size == plan.backbone.input["size"]
    assert planned(backbone="inception_v3", input__size=64).input.size == 64


def test_epochs_are_the_strategys_unless_chosen() -> None:
    assert plans.epochs(planned(strategy="fine_tuning", run__epochs=3)) == 3
    assert plans.epochs(planned(strategy="fine_tuning")) > 3


@pytest.mark.parametrize(
    ("settings", "code", "named"),
    [
        ({"backbone": "mobilenet_v9"}, "registry.unknown", "mobilenet_v9"),
        ({"strategy": "magic"}, "registry.unknown", "magic"),
        ({"modality": "smell"}, "registry.unknown", "smell"),
        ({"options__speed": 3}, "recipe.invalid", "options.speed"),
        ({"options__passes": -1}, "recipe.invalid", "options.passes"),
        ({"input__size": 1}, "recipe.invalid", "input.size"),
        ({"augment__rotation": 720}, "recipe.invalid", "augment.rotation"),
        ({"augment__sparkle": 1}, "recipe.invalid", "augment.sparkle"),
        ({"backbone": "/nowhere/net.pth"}, "weights.no_file", "/nowhere/net.pth"),
    ],
)
def test_mistakes_are_named(settings: dict[str, Any], code: str, named: str) -> None:
    with pytest.raises(UserError) as caught:
        planned(**settings)
    assert caught.value.code == code
    assert named in str(caught.value)


def test_an_unchecked_recipe_is_checked() -> None:
    recipe = Recipe(run=Recipe().run.__class__(seed=-5))
    with pytest.raises(UserError) as caught:
        resolve(recipe, split(2, 2))
    assert caught.value.note.values["path"] == "run.seed"


def test_even_classes_weigh_alike() -> None:
    assert planned(10, 10).class_weights is None
    assert planned(10, 9).class_weights is None


def test_rare_classes_weigh_more_so_that_the_mean_over_samples_is_one() -> None:
    weights = planned(30, 10, 0).class_weights
    assert weights is not None
    assert weights[1] == pytest.approx(3 * weights[0])
    assert weights[2] == 0
    assert (30 * weights[0] + 10 * weights[1]) / 40 == pytest.approx(1)


def test_balance_can_be_chosen() -> None:
    assert planned(30, 10, optim__balance="none").class_weights is None
    assert planned(30, 10, optim__balance="sampling").class_weights is None
    assert planned(10, 10, optim__balance="weights").class_weights == pytest.approx((1, 1))


def test_augments_tells_whether_anything_is_on() -> None:
    assert not plans.augments(planned(augment={}))
    assert plans.augments(planned(augment={"flip": True}))


def test_a_threshold_decides_what_uneven_means() -> None:
    assert planned(30, 10).class_weights is not None
    assert planned(29, 10).class_weights is None


# -- networks whose weights must be there


@pytest.mark.parametrize("strategy", ["feature_extraction", "fine_tuning"])
def test_the_backbone_must_be_there(strategy: str) -> None:
    (source,) = plans.sources(planned(strategy=strategy, backbone="resnet18"))
    assert (source.backbone.key, source.weights) == ("resnet18", None)


def test_from_scratch_needs_no_weights() -> None:
    assert plans.sources(planned(strategy="from_scratch")) == ()


def test_phases_are_worked_out_once(tmp_path: Path) -> None:
    """The loop asks at every step; a teacher that is a run is read from the disk."""
    run = make_run(tmp_path / "run", ("ant", "bee"))
    plan = planned(strategy="distillation", options={"teacher": str(run.path)})
    shutil.rmtree(run.path)
    assert plans.epochs(plan) == plan.phases[0].epochs


# -- what is kept beside the options


class Equipment(Options, frozen=True):
    """Input options of a modality that needs more than options."""

    assets: str = ""


class Equipping(SimpleNamespace):
    """A modality that writes a vocabulary, and counts how often."""

    input_options = Equipment
    made = 0
    fails = False

    def save_assets(self, plan: Plan, folder: Path) -> None:
        self.made += 1
        (folder / "vocabulary.json").write_text("{}")
        if self.fails:
            raise OSError(28, "No space left on device")


def equipping() -> Plan:
    return dataclasses.replace(planned(), modality=Equipping(), input=Equipment())


def test_what_is_needed_beside_the_options_is_made_once(tmp_path: Path) -> None:
    plan, folder = equipping(), tmp_path / "run" / "assets"
    for _again in range(2):
        done = networks.save_assets(plan, folder)
        assert done.input == Equipment(assets=str(folder))
    assert plan.modality.made == 1
    assert sorted(path.name for path in folder.iterdir()) == ["backbone.json", "vocabulary.json"]
    assert kept_row(folder) == plan.backbone


def test_half_of_it_is_none(tmp_path: Path) -> None:
    plan = equipping()
    plan.modality.fails = True
    with pytest.raises(UserError, match="No space") as caught:
        networks.save_assets(plan, tmp_path)
    assert caught.value.code == "disk.full"
    assert kept_row(tmp_path) is None
    assert with_assets(Equipment(assets="elsewhere"), tmp_path).assets == "elsewhere"
    plan.modality.fails = False
    assert networks.save_assets(plan, tmp_path).input.assets == str(tmp_path)
    assert plan.modality.made == 2


def test_where_nothing_is_needed_nothing_is_made(tmp_path: Path) -> None:
    plan = planned()
    assert networks.save_assets(plan, tmp_path / "assets") is plan
    assert list(tmp_path.iterdir()) == []


def test_where_the_weights_lay_is_not_kept(tmp_path: Path) -> None:
    plan = equipping()
    for url in ("file:///home/anna/bert/model.safetensors", "https://example.org/model.pth"):
        row = msgspec.structs.replace(plan.backbone, weights_url=url)
        folder = tmp_path / url.partition(":")[0]
        networks.save_assets(dataclasses.replace(plan, backbone=row), folder)
        kept = kept_row(folder)
        assert kept is not None
        assert kept.weights_url == (url if url.startswith("https") else None)


# -- what is said before it begins


def noted(**settings: Any) -> dict[str, dict[str, Any]]:
    return {note.code: note.values for note in plans.notes(planned(**settings))}


def test_a_search_among_one_network_says_so() -> None:
    assert noted(strategy="auto", backbone="squeezenet1_1") == {
        "auto.only": {"title": "SqueezeNet 1.1"}
    }
    assert noted(strategy="auto") == {}


def test_a_search_that_is_read_again_is_still_among_all() -> None:
    """It may have been interrupted before any network was found."""
    plan = planned(strategy="auto")
    again = resolve(plan.recipe, plan.split)
    assert plan.recipe.backbone == again.recipe.backbone == "auto"
    assert again.choice is not None


def test_a_student_that_is_larger_than_its_teacher_is_told() -> None:
    larger = noted(strategy="distillation", backbone="vgg16", options={"teacher": "resnet18"})
    values = larger["distillation.larger"]
    assert (values["title"], values["teacher"]) == ("VGG16", "ResNet-18")
    assert values["size"] > values["other"] > 10
    assert noted(strategy="distillation", backbone="resnet18", options={"teacher": "vgg16"}) == {}


def test_a_student_that_is_quicker_than_its_teacher_but_no_smaller_is_told() -> None:
    """As the automatic two are: TGNet, taught by MobileNetV2."""
    ((code, values),) = noted(
        strategy="distillation", backbone="tgnet", options={"teacher": "mobilenet_v2"}
    ).items()
    assert code == "distillation.quicker"
    assert (values["size"], values["other"]) == (3.6, 3.5)
    alike = noted(strategy="distillation", backbone="tgnet", options={"teacher": "tgnet"})
    assert list(alike) == ["distillation.larger"]


# -- what is predicted


def test_options_of_the_objective_wait_for_the_data_where_only_these_say_it() -> None:
    asked = Recipe().replace(objective={"balance": "uncertainty"})
    nobody = msgspec.structs.replace(split(), classes=())
    assert resolve(asked, nobody).recipe.objective == {"balance": "uncertainty"}
    said = asked.replace(data__objective="several_questions")
    assert resolve(said, nobody).objective_options.balance == "uncertainty"  # type: ignore[attr-defined]
    with pytest.raises(UserError) as caught:
        resolve(said.replace(objective={"balance": "odd"}), nobody)
    assert "objective.balance" in str(caught.value)


def test_augmentation_of_boxes_waits_for_the_data_where_only_these_say_it() -> None:
    asked = Recipe().replace(augment={"mosaic": 50.0})
    nobody = msgspec.structs.replace(split(), classes=())
    known = msgspec.structs.replace(split(), classes=("a", "b"))
    assert resolve(asked, nobody).augment.mosaic == 50  # type: ignore[attr-defined]
    for recipe, data in ((asked, known), (asked.replace(data__objective="one_class"), nobody)):
        with pytest.raises(UserError) as caught:
            resolve(recipe, data)
        assert caught.value.code == "objective.augment"
