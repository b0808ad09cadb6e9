"""Too few of something, and what comes from a single place."""

import msgspec
import pytest

from tests.core import made_plans
from transfergui.core.base.progress import untold
from transfergui.core.checks import balance
from transfergui.core.checks.check import Material
from transfergui.core.data import targets as meanings
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve


def said(divided: Split, **settings: object) -> dict[str, str]:
    plan = resolve(Recipe().replace(**settings), divided)
    material = Material(plan, divided.train, ("train",) * len(divided.train), None)
    return {note.code: note.sentence() for note in balance.find(material, untold).notes}


def test_enough_of_everything_is_silent() -> None:
    assert said(made_plans.split(30, 25)) == {}
    assert said(made_plans.split(300, 25)) == {}  # uneven: the scan tells it


def test_small_classes_are_named() -> None:
    found = said(made_plans.split(30, 7, 1))
    assert found.keys() == {"check.balance_few"}  # of single ones, the split tells
    assert "“class_1” (7)" in found["check.balance_few"]
    assert said(made_plans.split(9, 7)).keys() == {"check.balance_all_few"}
    assert said(made_plans.split(8, 8)).keys() == {"check.balance_all_few_alike"}


@pytest.mark.parametrize("cats, tells", [(40, False), (90, True)])
def test_answers_have_the_threshold_of_classes(cats: int, tells: bool) -> None:
    classes = ("day · cat", "day · dog", "night · cat", "night · dog")
    meant = meanings.of_questions(classes, ("light", "animal"))
    bare = made_plans.split(cats, 30, cats, 30)
    divided = msgspec.structs.replace(bare, classes=classes, targets=meant)
    found = said(divided, optim__label_smoothing=0)
    assert (found.keys() == {"check.balance_uneven_answers"}) == tells
    assert "“animal”" in found.get("check.balance_uneven_answers", "“animal”")


def grouped(groups: list[list[str]], by: str | None) -> Split:
    """Ten samples for each group of each class."""
    samples = [
        Sample(f"{label}/{group}/{label}-{at}.png", label, 0, group if by else None)
        for label, own in enumerate(groups)
        for group in own
        for at in range(10)
    ]
    bare = made_plans.split(*[1] * len(groups))
    return msgspec.structs.replace(bare, train=tuple(samples), grouped_by=by)


def test_a_class_of_hardly_any_group_is_named() -> None:
    found = said(grouped([["ann", "bob", "cas"], ["dan", "eve"]], "speaker"))
    assert "“class_1” (2)" in found["check.balance_few_groups"]
    assert "“class_0”" not in found["check.balance_few_groups"]
    assert said(grouped([["ann", "bob", "cas"], ["ann", "bob", "cas"]], "speaker")) == {}


@pytest.mark.parametrize("train, tells", [(7, False), (4, True)])
def test_groups_that_leave_little_to_train_on_are_told(train: int, tells: bool) -> None:
    names = ["ann", "bob", "cas", "dan", "eve"]
    bare = grouped([names] * 2, "speaker")
    whole, at = bare.train, train * 10
    parts = {"train": whole[:at], "val": whole[at : at + 10], "test": whole[at + 10 :]}
    plan = resolve(Recipe(), msgspec.structs.replace(bare, **parts))
    found = balance.find(Material(plan, whole, ("train",) * len(whole), None), untold)
    assert [note.code for note in found.notes] == ["check.balance_shares"] * tells


def test_folders_that_several_classes_have_are_groups() -> None:
    days = ["day 1", "day 2", "day 3"]
    found = said(grouped([days, days, ["day 1"] * 3], None))
    assert "“class_2” (1)" in found["check.balance_few_groups"]
    own = [[f"kind {n}{at}" for at in range(2)] for n in range(3)]  # folders within folders
    assert said(grouped(own, None)) == {}


def test_folders_of_corrected_labels_are_no_groups() -> None:
    """Folders of the old labels, whatever the classes are called now."""
    own = [["day 1", "day 2"], ["day 2", "day 3"], ["day 3", "day 1"]]
    divided = grouped(own, None)
    assert said(divided).keys() == {"check.balance_few_groups"}
    moved = {
        s.path: f"class_{s.label}" for s in divided.train if s.path[2:7] != f"day {s.label + 1}"
    }
    assert said(divided, data__relabel=moved) == {}
    called = msgspec.structs.replace(divided, classes=("day 1", "day 2", "day 3"))
    assert said(called) == {}
