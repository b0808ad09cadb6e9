"""Near duplicates: found among real data where there are some, and nowhere else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.core.conftest import Run
from transfergui.core.base.errors import UserError
from transfergui.core.checks import near_duplicates
from transfergui.core.checks.check import Finding, Material
from transfergui.core.checks.near_duplicates import near_pairs, typical_distance
from transfergui.core.data.dataset import Sample
from transfergui.core.data.likeness import Likeness
from transfergui.core.figures.neighbours import nearest
from transfergui.core.resolve import resolve


def features(groups: int = 12, each: int = 10, width: int = 64) -> np.ndarray:
    """Of classes whose members are alike, but not the same."""
    rng = np.random.default_rng(0)
    middles = rng.normal(size=(groups, 1, width))
    rows = middles + 0.8 * rng.normal(size=(groups, each, width))
    return rows.reshape(-1, width).astype(np.float32)


def pairs(rows: np.ndarray) -> set[tuple[int, int]]:
    found = near_pairs(nearest(rows, near_duplicates.KNOWN), typical_distance(rows))
    return {(min(pair), max(pair)) for pair in found}


def changed(row: np.ndarray, times: int, share: float) -> np.ndarray:
    rng = np.random.default_rng(1)
    noise = rng.normal(size=(times, len(row))) * share * row.std()
    return (row + noise).astype(np.float32)


def test_what_is_merely_similar_is_no_duplicate() -> None:
    assert pairs(features()) == set()


@pytest.mark.parametrize("times", [1, 3, 40])
def test_changed_copies_are_found_however_many(times: int) -> None:
    rows = features()
    found = pairs(np.vstack([rows, changed(rows[7], times, 0.2)]))
    assert {one for one, _ in found} <= {7, *range(120, 120 + times)}
    assert {other for _, other in found} == set(range(120, 120 + times))


def test_two_lonely_ones_that_differ_are_no_duplicates() -> None:
    lonely = np.zeros((2, 128), np.float32)
    lonely[:, 64:66] = [[1, 0], [0.8, 0.6]]
    rows = np.hstack([features() + 2, np.zeros((120, 64), np.float32)])
    assert typical_distance(rows) < 0.5
    assert pairs(np.vstack([rows, lonely])) == set()


@pytest.fixture
def material(objective_run: Callable[[str, str], Run]) -> Callable[..., Material]:
    """Of samples in two classes by turns: 60 to train on, 20 each to validate and test with."""

    def make(rows: np.ndarray | None, groups: dict[int, str] | None = None) -> Material:
        run = objective_run("one_class", "image")
        plan = resolve(run.recipe, run.split)
        count = 100 if rows is None else len(rows)
        known = groups or {}
        samples = tuple(Sample(f"{at}.png", at % 2, 9, known.get(at)) for at in range(count))
        ends = (60, 80)
        parts = tuple(
            "train" if a < ends[0] else "val" if a < ends[1] else "test" for a in range(count)
        )
        return Material(plan, samples, parts, rows)

    return make


def find(material: Material) -> Finding:
    return near_duplicates.CHECK.find(material, lambda done, total: None)


def codes(found: Finding) -> list[str]:
    return [note.code.removeprefix("check.near_duplicates_") for note in found.notes]


def test_sound_data_are_silent(material: Callable[..., Material]) -> None:
    found = find(material(features(10)))
    assert found.notes == () and found.flagged == ()
    assert found.document == {"near_duplicates": [], "leak": None}


def test_copies_across_the_split_are_a_leak_and_those_that_are_known_are_joined(
    material: Callable[..., Material],
) -> None:
    rows = features(10)
    rows[90] = changed(rows[2], 1, 0.1)[0]
    found = find(material(rows, {2: "2.png", 30: "2.png", 50: "50.png", 52: "50.png"}))
    assert codes(found)[:3] == ["found", "more", "leak"]  # one group more than the split keeps
    assert found.document["near_duplicates"] == [
        ["2.png", "30.png", "90.png"],
        ["50.png", "52.png"],
    ]
    first, second = found.flagged
    assert (first.path, first.others, first.score) == ("2.png", ("30.png", "90.png"), 1.0)
    assert second.score == 0.0
    assert all(note.sentence() for note in found.notes)


def test_copies_in_training_and_validation_alone_do_not_touch_the_test(
    material: Callable[..., Material],
) -> None:
    made = material(None, {50: "50.png", 70: "50.png"})
    assert codes(find(made)) == ["found", "chosen_by"]
    assert not any(note.level == "warning" for note in find(made).notes)
    untested = replace(made, parts=tuple("val" if p == "test" else p for p in made.parts))
    assert codes(find(untested)) == ["found", "leak"]


def test_copies_on_one_side_are_no_leak_and_need_no_features(
    material: Callable[..., Material],
) -> None:
    found = find(material(None, {50: "50.png", 52: "50.png"}))
    assert codes(found) == ["found", "together"]
    assert found.document["leak"] is None


def test_copies_of_two_classes_are_told(material: Callable[..., Material]) -> None:
    assert "classes" in codes(find(material(None, {50: "50.png", 51: "50.png"})))


def test_the_score_is_measured_without_the_test_set(material: Callable[..., Material]) -> None:
    rows = np.random.default_rng(0).normal(size=(100, 200)).astype(np.float32)
    rows[40:60] = rows[:20]
    rows[90:] = rows[:10]
    made = material(rows)
    leak = find(made).document["leak"]
    assert leak["with"] > leak["without"] + 0.1
    swapped = tuple(
        msgspec.structs.replace(sample, label=1 - sample.label) if part == "test" else sample
        for sample, part in zip(made.samples, made.parts, strict=True)
    )
    assert find(replace(made, samples=swapped)).document["leak"] == leak


def test_what_features_leave_in_doubt_the_files_decide(
    material: Callable[..., Material], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = features(10)
    made = material(rows)
    one, other = 3, int(nearest(rows, 1).rows[3, 0])
    pair = {f"{one}.png", f"{other}.png"}

    def compare(first: Path, second: Path) -> float:
        if "4.png" in (first.name, second.name):
            raise UserError("picture.damaged", path="4.png")
        return 0.9 if {first.name, second.name} == pair else 0.1

    likeness = Likeness(same=0.8, apart=0.3, neighbours=2, of=lambda input: compare)
    monkeypatch.setattr(made.plan.modality, "likeness", likeness)
    assert [set(group) for group in find(made).document["near_duplicates"]] == [pair]
    all_alike = replace(likeness, of=lambda input: lambda first, second: 0.9)
    monkeypatch.setattr(made.plan.modality, "likeness", all_alike)
    assert find(replace(made, known={})).flagged == ()
