"""Groups of one's own data that are adapted to: in no part of the split, without labels."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from transfergui.core import plans
from transfergui.core.app.companions import with_companions
from transfergui.core.base.errors import UserError
from transfergui.core.data import own_places, place_offers
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.companions import UNLABELLED
from transfergui.core.data.dataset import DataOptions, Dataset, Sample
from transfergui.core.data.split import SplitOptions, split
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve

SPEAKERS = ("ann", "bob", "cem", "dan")
PER_CLASS = 12


def spoken(chosen: str = "speaker") -> Dataset:
    """Two classes by four speakers; of ann a third class as well, of which only she has any."""
    rows = [(name, label, n) for name in SPEAKERS for label in (0, 1) for n in range(PER_CLASS)]
    rows += [("ann", 2, n) for n in range(PER_CLASS)]
    samples = [Sample(f"{label}/{name}{n:02}.wav", label, 9, name) for name, label, n in rows]
    return Dataset(
        source=Path("/d"),
        root=Path("/d"),
        modality="audio",
        classes=("a", "b", "c"),
        samples=tuple(sorted(samples, key=lambda sample: sample.path)),
        chosen={"group_column": chosen},
        choices={"group_column": {"-": "nothing", "Speaker": "Speaker"}},
    )


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        work()
    assert str(caught.value)
    return caught.value.code


def test_a_group_leaves_every_part_and_is_beside_without_labels() -> None:
    options = DataOptions(elsewhere=("bob",))
    dataset = corrected(spoken(), options)
    found = split(dataset, SplitOptions(), 0)
    parts = (*found.train, *found.val, *found.test)
    assert {sample.group for sample in parts} == {"ann", "cem", "dan"}
    assert found.fingerprint == dataset.fingerprint
    (target,) = found.companions
    assert (target.role, target.path, target.root, target.own) == ("target", "bob", "/d", True)
    assert {sample.group for sample in target.samples} == {"bob"}
    assert len(target.samples) == 2 * PER_CLASS
    assert {sample.label for sample in target.samples} == {UNLABELLED}


def test_labels_are_used_only_where_some_are_asked_for() -> None:
    def checking(count: int) -> dict[str, int]:
        options = DataOptions(
            elsewhere=("bob",), elsewhere_checks=count, relabel={"1/bob00.wav": "a"}
        )
        found = split(corrected(spoken(), options), SplitOptions(), 0)
        (target,) = found.of_role("target")
        (check,) = found.of_role("check")
        assert not {s.path for s in target.samples} & {s.path for s in check.samples}
        assert len(target.samples) + len(check.samples) == 2 * PER_CLASS
        return {sample.path: sample.label for sample in check.samples}

    few, more = checking(6), checking(20)
    assert (len(few), len(more)) == (6, 20)
    assert few.items() <= more.items()  # whoever asks for more gets the same ones and others
    labels = {path: int(path[0]) for path in more} | {p: 0 for p in more if p == "1/bob00.wav"}
    assert more == labels


def test_corrections_move_no_other_sample() -> None:
    gone = DataOptions(elsewhere=("bob",))
    before = split(corrected(spoken(), gone), SplitOptions(), 3)
    excluded = before.train[0].path
    after = split(
        corrected(spoken(), msgspec.structs.replace(gone, exclude=(excluded,))), SplitOptions(), 3
    )
    assert after.val == before.val and after.test == before.test
    assert [s for s in before.train if s.path != excluded] == [*after.train]


def test_what_is_offered() -> None:
    dataset = spoken()
    # without ann there would be nothing of the third class
    assert place_offers.offered(dataset) == dict.fromkeys(("bob", "cem", "dan"), 2 * PER_CLASS)
    assert place_offers.offered(corrected(dataset, DataOptions(elsewhere=("bob",)))) == {}
    assert place_offers.groupable(dataset) is None
    free = spoken("-")
    assert place_offers.offered(free) == {}
    assert place_offers.groupable(free) == place_offers.Grouping(
        "group_column", "Speaker", "Speaker"
    )
    columns = {"label_column": {"said": "said", "domain": "domain"}}
    table = msgspec.structs.replace(free, choices=columns, chosen={"label_column": "said"})
    assert place_offers.groupable(table) == place_offers.Grouping("group_column", *["domain"] * 2)
    told = msgspec.structs.replace(table, chosen={"label_column": "domain"})
    assert place_offers.groupable(told) is None
    assert own_places.named(["a", "b", "c"], ["a", "a", "x"]) == {"x": 1}  # copies of one file


def test_a_group_that_is_not_there_is_told() -> None:
    wrong = DataOptions(elsewhere=("eve",))
    assert code_of(lambda: corrected(spoken(), wrong)) == "data.no_group"
    alone = [msgspec.structs.replace(sample, group=None) for sample in spoken().samples]
    free = msgspec.structs.replace(spoken(), samples=tuple(alone), choices={})
    assert code_of(lambda: corrected(free, wrong)) == "data.no_groups"
    cut = [msgspec.structs.replace(sample, path="a.wav#0", group="a.wav") for sample in alone[:1]]
    by_name = {"group_by": {"": "None", "name:2": "ann, bob (2)"}}
    free = msgspec.structs.replace(free, samples=(*alone[1:], *cut), choices=by_name)
    with pytest.raises(UserError, match=r"“ann, bob .*group_by=name:2") as raised:
        corrected(free, wrong)
    assert raised.value.code == "data.not_grouped"


def test_the_recipe_names_it_and_no_second_target() -> None:
    recipe = Recipe(modality="audio", strategy="mcc").replace(
        data__elsewhere=["bob"], data__elsewhere_checks=6
    )
    assert recipe.others() == (("target", "bob"), ("check", "bob"))
    made = split(corrected(spoken(), recipe.data), recipe.split, 0)
    plan = with_companions(resolve(recipe, made))
    assert [each.role for each in plan.split.companions] == ["target", "check"]
    assert plans.outputs(plan) == 3
    twice = recipe.replace(companions__target="/elsewhere")
    assert code_of(lambda: resolve(twice, made)) == "companion.twice"
