"""What is chosen against learning by heart: by the amount of data, where it is left open."""

import msgspec
import pytest

from tests.core.made_runs import split_of
from transfergui.core import plans, small_data_defaults
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.data.targets import Targets, of_labels, of_numbers, of_questions
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe, from_json
from transfergui.core.resolve import resolve
from transfergui.core.small_data_defaults import RULES, USUAL, Situation

MANY = 1000


def split(per_class: int) -> Split:
    empty = split_of(("ant", "bee"))
    samples = [Sample(f"{n}/{i}.png", n) for n in range(2) for i in range(per_class)]
    return Split(**{f: getattr(empty, f) for f in empty.__struct_fields__} | {"train": (*samples,)})


def planned(per_class: int, **settings: object) -> Plan:
    recipe = Recipe().replace(**{"backbone": "tgnet", "strategy": "feature_extraction", **settings})
    return resolve(recipe, split(per_class))


def value(recipe: Recipe, setting: str) -> object:
    part, name = setting.split(".")
    return getattr(getattr(recipe, part), name)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.setting}-{rule.code}")
def test_each_rule_holds_below_its_bound_and_no_further(rule: small_data_defaults.Rule) -> None:
    (moved, *_) = rule.moved
    few = small_data_defaults.choices(Situation(rule.below - 1, moved))
    chosen = {choice.setting: choice for choice in few}[rule.setting]
    assert chosen.why is not None
    assert (chosen.value, chosen.why.code) == (rule.value, rule.code)
    assert chosen.value != USUAL.get(rule.setting)
    many = small_data_defaults.choices(Situation(MANY, moved))
    assert {choice.setting: choice.value for choice in many} == USUAL


def test_the_table_names_settings_that_may_be_left_open() -> None:
    for setting in (*USUAL, *(rule.setting for rule in RULES)):
        assert value(Recipe(), setting) is None
    for rule in RULES:
        words = Note(rule.code, {"count": 5}).sentence()
        assert words
        assert "{" not in words


def test_what_was_left_open_is_written_down_with_its_reason() -> None:
    plan = planned(5)
    for choice in plan.resolved_defaults:
        assert value(plan.recipe, choice.setting) == choice.value
    assert plan.recipe.run.epochs == plans.epochs(plan) == 100
    (note,) = small_data_defaults.notes(plan.resolved_defaults)
    assert note == Note("restraint.few_frozen", {"count": 5})


def targeted(targets: Targets, classes: tuple[str, ...], each: int = 2) -> Split:
    samples = [Sample(f"{n}/{i}.png", n) for n in range(len(classes)) for i in range(each)]
    return msgspec.structs.replace(split_of(classes), train=(*samples,), targets=targets)


LABELS = ("ant", "ant; bee", "(none)", "ant; fly")
ANSWERS = ("oak · sick", "elm · ?", "? · well", "elm · ?")
NUMBERS = ("1", "2", "3.5")


@pytest.mark.parametrize(
    ("targets", "classes", "code", "values"),
    [
        (of_labels(LABELS), LABELS, "labels", {"count": 2, "name": "bee", "of": 8}),
        (
            of_questions(ANSWERS, ("tree", "health")),
            ANSWERS,
            "answers",
            {"count": 4, "name": "health", "of": 8},
        ),
        (of_numbers(NUMBERS, "weight"), NUMBERS, "number", {"count": 6}),
    ],
)
@pytest.mark.parametrize("strategy", ["feature_extraction", "fine_tuning"])
def test_the_amount_is_told_in_the_terms_of_what_is_predicted(
    targets: Targets, classes: tuple[str, ...], code: str, values: dict[str, object], strategy: str
) -> None:
    recipe = Recipe().replace(backbone="tgnet", strategy=strategy)
    recipe = msgspec.structs.replace(
        recipe, data=msgspec.structs.replace(recipe.data, objective=targets.objective)
    )
    plan = resolve(recipe, targeted(targets, classes))
    notes = list(small_data_defaults.notes(plan.resolved_defaults))
    if (code, strategy) == ("number", "fine_tuning"):  # it knows no smoothing
        assert not notes
        return
    moved = "frozen" if strategy == "feature_extraction" else "moving"
    assert notes == [Note(f"restraint.few_{moved}_{code}", values)]
    assert "{" not in notes[0].sentence()


def test_what_the_user_chose_stays() -> None:
    own = {
        "head__dropout": 0.7,
        "optim__label_smoothing": 0.0,
        "run__patience": 3,
        "run__epochs": 9,
    }
    plan = planned(5, **own)
    assert plan.resolved_defaults == ()
    assert value(plan.recipe, "head.dropout") == 0.7
    assert (plans.epochs(plan), plan.patience) == (9, 3)


def test_with_enough_examples_everything_is_as_usual() -> None:
    plan = planned(100)
    assert {
        choice.setting: value(plan.recipe, choice.setting) for choice in plan.resolved_defaults
    } == USUAL
    assert not small_data_defaults.notes(plan.resolved_defaults)
    assert plan.recipe.run.epochs == 40


def test_a_recipe_of_earlier_means_what_it_meant() -> None:
    """It has every value in it: that of a run of before these rules, say."""
    text = """{"backbone": "tgnet", "strategy": "feature_extraction", "head": {"dropout": 0.5},
        "optim": {"label_smoothing": 0.0}, "run": {"patience": 5, "epochs": 40}}"""
    plan = resolve(from_json(text), split(5))
    assert plan.resolved_defaults == ()
    assert (plan.recipe.head.dropout, plan.patience, plans.epochs(plan)) == (0.5, 5, 40)


def test_resolved_again_is_the_same() -> None:
    plan = planned(5)
    again = resolve(plan.recipe, plan.split)
    assert again.recipe == plan.recipe
    assert again.resolved_defaults == ()


def test_what_has_yet_to_be_found_is_left_open() -> None:
    """A search resolves each of its trials by itself."""
    plan = planned(5, strategy="auto")
    assert plan.resolved_defaults == ()
    assert plan.recipe.head.dropout is None
