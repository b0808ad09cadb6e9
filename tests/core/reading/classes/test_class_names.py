"""Names of classes across folders, tables and separate test sets; what is left out is counted."""

import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests import bad_files
from transfergui.core import registry
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions, Dataset, Problem
from transfergui.core.data.split import SplitOptions, split

CAFE = "caf\u00e9"
NFD = unicodedata.normalize("NFD", CAFE)
MERGE, SEPARATE = {"similar_labels": "merge"}, {"similar_labels": "separate"}
DROP = {"untrained": "drop"}


def scan(
    path: Path, key: str = "image", options: dict[str, Any] | None = None, **more: Any
) -> Dataset:
    given = DataOptions(path=str(path), options=options or {}, **more)
    return registry.modality(key).scan(given)


def pictures(folder: Path, counts: dict[str, int], seed: int = 0) -> Path:
    for at, (name, count) in enumerate(counts.items()):
        bad_files.make_class(folder / name, count, seed=seed + at)
    return folder


def texts(path: Path, labels: list[Any], split: str = "") -> Path:
    """JSON lines, a different text each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"text": f"{path.stem} number {n} of them", "label": label, "split": split}
            for n, label in enumerate(labels)]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def per_class(dataset: Dataset) -> dict[str, int]:
    return dict(zip(dataset.classes, dataset.counts(), strict=True))


def problems(dataset: Dataset, code: str) -> list[Problem]:
    return [problem for problem in dataset.problems if problem.code == code]


# -- the same


def test_accents_in_two_forms_are_one_class_in_all_parts(tmp_path: Path) -> None:
    """Before anything is dropped as only in the test."""
    pictures(tmp_path / "train", {CAFE: 5, "dog": 4})
    pictures(tmp_path / "val", {NFD: 3, "dog": 2}, 10)
    pictures(tmp_path / "test", {NFD: 2, "dog ": 1}, 20)
    dataset = scan(tmp_path)
    assert per_class(dataset) == {CAFE: 10, "dog": 7}
    assert split(dataset, SplitOptions(), 0).sizes() == {"train": 9, "val": 5, "test": 3}
    first, second = problems(dataset, "data.merged_classes")
    assert (first.path, first.values["count"], first.left_out) == (CAFE, 10, False)
    assert f"“{NFD}” (5, accents as separate characters), “{CAFE}” (5)" in first.sentence()
    assert "“dog ” (1)" in second.sentence()


def test_a_separate_test_set_may_spell_otherwise(tmp_path: Path) -> None:
    pictures(tmp_path / "data", {CAFE: 5, "dog": 4})
    pictures(tmp_path / "held", {NFD: 3, "dog": 2, "fish": 4}, 10)
    dataset = scan(tmp_path / "data", test=str(tmp_path / "held"))
    assert Counter(s.split for s in dataset.samples) == {None: 9, "test": 5}
    assert per_class(dataset) == {CAFE: 8, "dog": 6}
    (left,) = problems(dataset, "data.untrained_class")
    assert left.sentence().startswith("4 pictures belong to the class “fish”, which is only in")


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ([0, 0.0, "0", 1, 1.0, "1e0"], {"0": 3, "1": 3}),
        ([True, "true", "True", False, "false", "FALSE"], {"False": 3, "True": 3}),
        (["pos", ["pos"], '["pos"]', "neg", ["neg"], "neg "], {"neg": 3, "pos": 3}),
        ([CAFE, NFD, f" {CAFE}", "x", "x", "x"], {CAFE: 3, "x": 3}),
    ],
)
def test_rows_of_texts(tmp_path: Path, labels: list[Any], classes: dict[str, int]) -> None:
    found = per_class(scan(texts(tmp_path / "t.jsonl", labels), "text"))
    assert {name.capitalize() if len(name) > 3 else name for name in found} == {
        name.capitalize() if len(name) > 3 else name for name in classes
    }
    assert list(found.values()) == list(classes.values())


def test_a_separate_table_of_texts(tmp_path: Path) -> None:
    data = texts(tmp_path / "a" / "all.jsonl", [0, 1] * 6)
    held = texts(tmp_path / "b" / "held.jsonl", [0.0, 1.0, 1.0, "other"])
    dataset = scan(data, "text", test=str(held))
    assert per_class(dataset) == {"0": 7, "1": 8}
    assert problems(dataset, "data.untrained_class")[0].values["count"] == 1


def test_a_row_that_repeats_a_label_in_another_spelling_is_no_conflict(tmp_path: Path) -> None:
    pictures(tmp_path, {".": 4})
    names = sorted(path.name for path in tmp_path.glob("*.jpg"))
    rows = [(name, n % 2) for n, name in enumerate(names)] + [(names[0], "0.0")]
    (tmp_path / "labels.csv").write_text("path,label\n" + "".join(f"{a},{b}\n" for a, b in rows))
    dataset = scan(tmp_path / "labels.csv")
    assert per_class(dataset) == {"0": 2, "1": 2}
    assert problems(dataset, "rows.repeated")


def test_copies_under_two_spellings_are_copies(tmp_path: Path) -> None:
    pictures(tmp_path, {"cat": 3, "dog": 3})
    bad_files.make_class(tmp_path / "cat ", 1, seed=0)  # the first of the cats again
    dataset = scan(tmp_path)
    assert per_class(dataset) == {"cat": 4, "dog": 3}
    assert problems(dataset, "data.duplicate") and not problems(dataset, "data.two_classes")


# -- similar


def test_what_may_be_meant_is_asked(tmp_path: Path) -> None:
    pictures(tmp_path, {"Polish": 4, "polish": 2, "dog": 3})
    with pytest.raises(Question, match=r"“Polish” \(4\), “polish” \(2\)") as caught:
        scan(tmp_path)
    assert caught.value.setting == "data.options.similar_labels"
    assert list(caught.value.choices) == ["merge", "separate"]
    merged = scan(tmp_path, options=MERGE)
    assert per_class(merged) == {"dog": 3, "Polish": 6}
    assert merged.chosen["similar_labels"] == "merge"
    assert problems(merged, "data.merged_classes")[0].values["count"] == 6
    apart = scan(tmp_path, options=SEPARATE)
    assert per_class(apart) == {"dog": 3, "Polish": 4, "polish": 2}
    assert problems(apart, "data.similar_names")[0].values["classes"] == ["Polish", "polish"]


def test_it_is_asked_before_a_class_is_dropped_as_only_in_the_test(tmp_path: Path) -> None:
    pictures(tmp_path / "train", {"cat": 4, "dog": 4})
    pictures(tmp_path / "test", {"Cat": 2, "Dog": 2}, 9)
    with pytest.raises(Question):
        scan(tmp_path)
    assert per_class(scan(tmp_path, options=MERGE)) == {"cat": 6, "dog": 6}
    apart = scan(tmp_path, options=SEPARATE | DROP)
    assert per_class(apart) == {"cat": 4, "dog": 4}
    assert [p.values["count"] for p in problems(apart, "data.untrained_class")] == [2, 2]


def test_texts_are_asked_about_too(tmp_path: Path) -> None:
    path = texts(tmp_path / "t.jsonl", ["01", "1", "2"] * 4)
    with pytest.raises(Question, match=r"“01” \(4\), “1” \(4\)"):
        scan(path, "text")
    assert per_class(scan(path, "text", SEPARATE)) == {"01": 4, "1": 4, "2": 4}


def test_the_corpus(tmp_path: Path) -> None:
    folder = bad_files.FOLDERS["09_similar_names"](tmp_path / "pets")
    dataset = scan(folder, options=SEPARATE)
    assert per_class(dataset) == {CAFE: 8, "Cat": 4, "cat": 8, "dog": 4}
    assert Counter(p.code for p in dataset.problems) == {
        "data.merged_classes": 2, "data.similar_names": 1
    }  # fmt: skip


def test_an_answer_that_is_none(tmp_path: Path) -> None:
    pictures(tmp_path, {"cat": 2, "dog": 2})
    with pytest.raises(UserError, match="similar_labels"):
        scan(tmp_path, options={"similar_labels": "perhaps"})


# -- nothing left


def test_two_equal_folders(tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        bad_files.make_class(tmp_path / name, 6, seed=0)
    with pytest.raises(UserError) as caught:
        scan(tmp_path)
    assert caught.value.code == "data.nothing_left"
    assert "None of the pictures" in str(caught.value)
    assert "12 are left out" in str(caught.value)
    assert "an identical file is in" in str(caught.value)


def test_every_text_with_two_labels(tmp_path: Path) -> None:
    rows = "".join(f"this is text {n},{label}\n" for n in range(9) for label in ("a", "b"))
    (tmp_path / "t.csv").write_text(f"text,label\n{rows}")
    with pytest.raises(UserError) as caught:
        scan(tmp_path / "t.csv", "text")
    assert caught.value.code == "data.nothing_left"
    assert "18 rows repeat a text with another class" in str(caught.value)


def test_every_row_marked_as_test(tmp_path: Path) -> None:
    """There is nothing to train on; a model can be measured on them all the same."""
    path = texts(tmp_path / "holdout.jsonl", ["a", "b"] * 20, split="test")
    dataset = scan(path, "text")
    assert per_class(dataset) == {"a": 20, "b": 20}
    with pytest.raises(UserError) as caught:
        split(dataset, SplitOptions(), 0)
    assert caught.value.code == "data.nothing_to_train"


def test_to_measure_a_model_all_classes_are_kept(tmp_path: Path) -> None:
    pictures(tmp_path / "train", {"cat": 4, "dog": 4})
    pictures(tmp_path / "test", {"cat": 2, "fish": 3}, 9)
    assert per_class(scan(tmp_path, options=DROP)) == {"cat": 6, "dog": 4}
    kept = scan(tmp_path, options={"keep_untrained": True})
    assert per_class(kept) == {"cat": 6, "dog": 4, "fish": 3}


# -- classes that are only in the validation or test data


def test_classes_that_cannot_be_learnt_are_asked_about(tmp_path: Path) -> None:
    """Only what is whole is in the training data, as where machines look for faults."""
    pictures(tmp_path / "train", {"good": 6})
    pictures(tmp_path / "test", {"good": 2, "bent": 3, "scratch": 3}, 9)
    with pytest.raises(Question) as asked:
        scan(tmp_path)
    assert (asked.value.code, asked.value.setting) == ("data.untrained", "data.options.untrained")
    assert set(asked.value.choices) == {"divide"}
    anew = scan(tmp_path, options={"untrained": "divide"})
    assert per_class(anew) == {"bent": 3, "good": 8, "scratch": 3}
    assert {s.split for s in anew.samples} == {None}
    assert anew.chosen["untrained"] == "divide"


def test_boxes_of_classes_without_training_data_can_be_left_out(tmp_path: Path) -> None:
    """But where no training picture has a box at all, nothing can be learnt."""
    names = [path.name for path in sorted((pictures(tmp_path, {"x": 6}) / "x").iterdir())]
    rows = [(n, "cat" if at < 3 else "dog", "train" if at < 3 else "test")
            for at, n in enumerate(names)]  # fmt: skip
    lines = (f"x/{n},{name},1,1,9,9,{split}" for n, name, split in rows)
    head = "filename,class,xmin,ymin,xmax,ymax,split"
    (tmp_path / "boxes.csv").write_text("\n".join([head, *lines]))
    with pytest.raises(Question) as asked:
        scan(tmp_path, objective="boxes")
    assert asked.value.code == "data.untrained" and set(asked.value.choices) == {"divide", "drop"}
    dropped = scan(tmp_path, objective="boxes", options=DROP)
    assert dropped.targets.names == ("cat",) and len(dropped.samples) == 6
    assert [p.path for p in problems(dropped, "data.left_out_label")] == ["dog"]
    with pytest.raises(Question) as asked:
        scan(tmp_path, objective="boxes", options={"leave_out": "cat"})
    assert set(asked.value.choices) == {"divide"}


def test_a_class_without_training_data_among_others_is_only_noted(tmp_path: Path) -> None:
    pictures(tmp_path / "train", {"cat": 4, "dog": 4})
    pictures(tmp_path / "test", {"cat": 2, "dog": 2, "fish": 2}, 9)
    dataset = scan(tmp_path)
    assert per_class(dataset) == {"cat": 6, "dog": 6}
    assert [p.path for p in problems(dataset, "data.untrained_class")] == ["fish"]
    with pytest.raises(UserError, match=r"untrained is not valid: the value must be one of"):
        scan(tmp_path, options={"untrained": "maybe"})


# -- nearly a class that is learnt


def test_a_test_class_that_is_nearly_a_known_one_is_asked(tmp_path: Path) -> None:
    pictures(tmp_path / "train", {"Café": 5, "Red Foxes": 4, "dogs": 4})
    pictures(tmp_path / "test", {"cafe": 2, "red_fox": 2, "dog": 2}, 20)
    with pytest.raises(Question) as caught:
        scan(tmp_path)
    assert caught.value.setting == "data.options.similar_labels"
    assert all(name in str(caught.value) for name in ("cafe", "red_fox", "dog"))
    merged = scan(tmp_path, options=MERGE)
    assert per_class(merged) == {"Café": 7, "Red Foxes": 6, "dogs": 6}
    assert sum(s.split == "test" for s in merged.samples) == 6
    separate = scan(tmp_path, options=SEPARATE | DROP)
    assert per_class(separate) == {"Café": 5, "Red Foxes": 4, "dogs": 4}
    gone = problems(separate, "data.test_gone")
    assert [p.sentence() for p in gone] == [
        "None of the 6 test pictures can be used, because their classes (cafe, dog, red_fox) are "
        "not among the classes of the training data. The test set is taken from the other "
        "pictures."
    ]


def test_a_class_of_the_training_is_not_asked_about(tmp_path: Path) -> None:
    """Only what would be dropped: glass and glasses may both be learnt."""
    pictures(tmp_path, {"glass": 5, "glasses": 4})
    assert scan(tmp_path).classes == ("glass", "glasses")


def test_labels_that_say_there_is_none_are_asked_about_and_classes_are_left_out(
    tmp_path: Path,
) -> None:
    labels = ["jug", "pot"] * 10 + ["à déterminer", "to be determined", "n/d"]
    data = texts(tmp_path / "t.jsonl", labels)
    with pytest.raises(Question) as asked:
        scan(data, "text")
    assert asked.value.setting == "data.options.leave_out"
    assert asked.value.guess == "à déterminer|to be determined"
    assert "“à déterminer” (1)" in str(asked.value)
    left = scan(data, "text", {"leave_out": asked.value.guess})
    assert per_class(left) == {"jug": 10, "pot": 10}
    assert {p.path: p.values["count"] for p in problems(left, "data.left_out_class")} == {
        "à déterminer": 1, "to be determined": 1,
    }  # fmt: skip
    assert len(scan(data, "text", {"leave_out": "-"}).classes) == 4
    with pytest.raises(UserError) as refused:
        scan(data, "text", {"leave_out": "cup"})
    assert refused.value.code == "data.unknown_classes"
    shown = pictures(tmp_path / "pictures", {"a": 3, "b": 3, "c": 2})
    kept = scan(shown, options={"leave_out": "b"})
    assert per_class(kept) == {"a": 3, "c": 2}
    assert kept.chosen["leave_out"] == "b"


@pytest.mark.parametrize("name", ["C", "C#"])
def test_folders_of_an_odd_name_are_no_rows_of_a_table(name: str, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "data", {name: 6, "D": 6, "to be determined": 6})
    dataset = scan(folder, options={"layout": "class"})
    assert dataset.classes == (name, "D", "to be determined")


def test_class_names_are_told_as_they_are(tmp_path: Path) -> None:
    """Although a name may end like the number of a piece of a recording."""
    dataset = scan(pictures(tmp_path / "data", {"tea.cup#1": 6, "tea.cup#2": 6, "one.left#3": 1}))
    (alone,) = (p for p in dataset.problems if p.code == "data.single")
    assert "“one.left#3”" in alone.sentence()


def test_a_file_named_like_a_part_is_left_out_in_words(tmp_path: Path) -> None:
    folder = pictures(tmp_path / "data", {"a": 6, "b": 6})
    first = min((folder / "a").iterdir())
    first.rename(folder / "a" / "picture##1")
    dataset = scan(folder)
    (problem,) = (p for p in dataset.problems if p.code == "data.named_like_part")
    assert (problem.path, problem.left_out) == ("a/picture##1", True)
    assert len(dataset.samples) == 11
