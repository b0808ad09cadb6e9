"""Data are read with what was added to them, and what clashes is left out and named."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import TINY
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.split import Split, SplitOptions, split
from transfergui.core.projects import after, corrected, reading
from transfergui.core.recipe import Recipe
from transfergui.core.runs import seen_data
from transfergui.core.runs.run import Run

ENDING = {"image": ".png", "audio": ".wav", "text": ".txt"}


def read(modality: str, first: Path, *added: Path, kept: str = "", **more: str) -> Dataset:
    options = DataOptions(path=str(first), added=tuple(map(str, added)), **more)
    return reading.scan(registry.modality(modality), options, kept, lambda count: None)


def codes(dataset: Dataset, split: Split, **data: object) -> dict[str, object]:
    """The values of what is said of new examples, by code."""
    recipe = Recipe().replace(**{f"data__{name}": value for name, value in data.items()})
    return {note.code: note.values for note in after.told(recipe, dataset, split, "pictures")}


@pytest.mark.parametrize("modality", TINY)
def test_new_ones_are_trained_on_and_what_clashes_is_named(modality: str, tmp_path: Path) -> None:
    first, new = tmp_path / "first", tmp_path / "new"
    TINY[modality](first)
    TINY[modality](new, per_class=4, seed=9)
    before = split(read(modality, first), SplitOptions(), 0)
    tested = first / before.test[0].path
    shutil.copy(tested, new / "class_1" / f"copy{ENDING[modality]}")
    (new / "class_0" / f"broken{ENDING[modality]}").write_bytes(b"")
    (new / "wasp").mkdir()
    shutil.copy(new / "class_0" / first_of(new / "class_0"), new / "wasp" / f"a{ENDING[modality]}")
    found = read(modality, first, new)
    after_it = split(found, SplitOptions(), 0)
    assert (after_it.test, after_it.val) == (before.test, before.val)
    assert len(found.arrived) == len(after_it.train) - len(before.train) == 7  # one is a conflict
    assert all((found.root / path).is_file() for path in found.arrived)
    said = codes(found, after_it, added=[str(new)])
    assert said["added.for_training"]["count"] == 7
    assert (said["added.copies"]["count"], said["added.copies"]["tested"]) == (1, 1)
    assert "broken" in said["added.unreadable"]["names"]


def first_of(folder: Path) -> str:
    return min(path.name for path in folder.iterdir() if path.stat().st_size)


def test_classes_that_only_new_ones_have_are_used_if_that_is_wanted(tmp_path: Path) -> None:
    first, new = (
        TINY["image"](tmp_path / "first"),
        TINY["image"](tmp_path / "new", classes=3, seed=9),
    )
    left = read("image", first, new)
    assert left.classes == ("class_0", "class_1")
    said = codes(left, split(left, SplitOptions(), 0), added=[str(new)])
    assert (said["added.classes_left_out"]["count"], len(left.arrived)) == (12, 24)
    used = read("image", first, new, added_classes="use")
    divided = split(used, SplitOptions(), 0)
    assert used.classes == ("class_0", "class_1", "class_2")
    assert sum(sample.label == 2 for sample in divided.train) == 12
    assert not any(sample.label == 2 for sample in divided.test)


def test_rows_of_a_table_and_predicted_numbers(tmp_path: Path) -> None:
    def table(name: str, *rows: tuple[str, float]) -> Path:
        path = tmp_path / name
        text = "".join(f"{words},{value}\n" for words, value in rows)
        path.write_text(f"review,stars\n{text}", encoding="utf-8")
        return path

    first = table("first.csv", *((f"the house number {n} was warm", n / 2) for n in range(20)))
    new = table("new.csv", ("a new house was warm", 0.25), ("the house number 3 was warm", 1.5))
    found = read("text", first, new, objective="number")
    assert [*found.arrived] == ["new.csv#2"]
    assert "0.25" in found.classes
    assert found.targets.values[found.classes.index("0.25")] == (0.25,)
    assert [p.code for p in found.problems].count(reading.COPY) == 1


def test_an_example_that_is_another_one_now_is_not_tested_on(tmp_path: Path) -> None:
    """As the run saw its content."""
    first = TINY["image"](tmp_path / "first")
    dataset = read("image", first)
    divided = split(dataset, SplitOptions(), 0)
    run = Run.create(Recipe().replace(data__path=str(first)), divided, tmp_path / "run")
    picture = registry.modality("image")
    digest = {
        s.path: picture.digest(first / s.path, picture.input_options())[:16]
        for s in dataset.samples
    }
    seen_data.keep(run, digest)
    changed, gone, *_rest = (sample.path for sample in divided.test)
    TINY["image"](tmp_path / "other", per_class=1, seed=5)
    shutil.copy(tmp_path / "other" / "class_0" / "00.png", first / changed)
    (first / gone).unlink()
    recipe = after.recipe_after(run)
    found = read("image", first, kept=recipe.split.kept)
    again = split(found, recipe.split, 0)
    assert {s.path for s in divided.test} - {s.path for s in again.test} == {changed, gone}
    said = {note.code: note.values for note in after.told(recipe, found, again, "pictures")}
    assert said["added.changed_since"]["count"] == 1
    assert (said["added.gone_since"]["count"], said["added.gone_since"]["tested"]) == (1, 1)


def test_what_predicts_something_else_is_refused(tmp_path: Path) -> None:
    first = TINY["image"](tmp_path / "first")
    with pytest.raises(UserError) as raised:
        read("image", first, tmp_path / "nowhere")
    assert raised.value.code == "added.missing"


@pytest.mark.parametrize("modality", TINY)
def test_corrected_predictions_become_examples(modality: str, tmp_path: Path) -> None:
    first, seen = tmp_path / "first", tmp_path / "seen"
    TINY[modality](first)
    TINY[modality](seen, per_class=2, seed=9)
    waits = corrected.place(str(first))
    given = {str(path): "class_1" for path in sorted(seen.rglob("*")) if path.is_file()}
    labels = corrected.keep(waits, given)
    assert corrected.waiting(waits) == labels and len(labels) == 4
    table = corrected.examples_of(waits, labels)
    assert corrected.waiting(waits) == {}
    found = read(modality, first, table)
    assert len(found.arrived) == 4
    assert {found.classes[s.label] for s in found.samples if s.path in found.arrived} == {"class_1"}
    before = split(read(modality, first), SplitOptions(), 0)
    assert split(found, SplitOptions(), 0).test == before.test


def test_a_corrected_row_of_a_table_becomes_an_example(tmp_path: Path) -> None:
    first = TINY["text"](tmp_path / "first")
    (tmp_path / "new.csv").write_text("text\nsuch a rude house\nwarm it was in there\n")
    waits = corrected.place(str(first))
    labels = corrected.keep(waits, {f"{tmp_path / 'new.csv'}#2": "class_1"})
    found = read("text", first, corrected.examples_of(waits, labels))
    assert len(found.arrived) == 1
