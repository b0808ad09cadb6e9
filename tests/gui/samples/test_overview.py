"""A dataset as the window looks at it."""

from pathlib import Path

from transfergui.core.data import targets
from transfergui.core.data.dataset import Dataset, Sample
from transfergui.core.data.targets import NONE_OF_THEM, Targets, of_boxes
from transfergui.gui.samples.overview import DatasetOverview, spread
from transfergui.gui.samples.sample_info import redrawn


def overview(meant: Targets, classes: tuple[str, ...], labels: list[int]) -> dict[str, list[str]]:
    """Paths by what they are counted by."""
    samples = tuple(Sample(f"{at}.png", label) for at, label in enumerate(labels))
    dataset = Dataset(Path("data"), Path("data"), "image", classes, samples, targets=meant)
    found = DatasetOverview.of(dataset)
    return dict(zip(found.names, found.paths, strict=True))


def test_classes_are_counted_as_they_are() -> None:
    assert overview(Targets(), ("ant", "bee"), [1, 0, 1]) == {
        "ant": ["1.png"],
        "bee": ["0.png", "2.png"],
    }


def test_labels_are_counted_each_and_none_of_them_too() -> None:
    classes = ("(none)", "cat", "cat; dog")
    assert overview(targets.of_labels(classes), classes, [0, 1, 2]) == {
        "cat": ["1.png", "2.png"],
        "dog": ["2.png"],
        "(none)": ["0.png"],
    }


def test_answers_are_counted_by_question_and_missing_ones_where_there_are_any() -> None:
    classes = ("1 · ann", "2 · ?")
    meant = targets.of_questions(classes, ("digit", "speaker"))
    assert overview(meant, classes, [0, 1, 1]) == {
        "digit: 1": ["0.png"],
        "digit: 2": ["1.png", "2.png"],
        "speaker: ann": ["0.png"],
        "speaker: ?": ["1.png", "2.png"],
    }


def test_answers_stand_below_their_question() -> None:
    classes = ("1 · ann", "2 · ?")
    meant = targets.of_questions(classes, ("digit", "speaker"))
    samples = (Sample("0.png", 0), Sample("1.png", 1))
    dataset = Dataset(Path("data"), Path("data"), "image", classes, samples, targets=meant)
    assert [
        (title, list(names)) for title, _rows, names in DatasetOverview.of(dataset).groups()
    ] == [
        ("digit", ["1", "2"]),
        ("speaker", ["ann", "?"]),
    ]


def test_numbers_are_counted_in_ranges() -> None:
    classes = ("0", "5", "10")
    meant = targets.of_numbers(classes, "age", "years")
    found = overview(meant, classes, [0, 1, 2])
    assert len(found) == 10
    assert found["0 to 1 years"] == ["0.png"]
    assert found["5 to 6 years"] == ["1.png"]
    assert found["9 to 10 years"] == ["2.png"]
    assert sum(map(len, found.values())) == 3


def test_a_single_number_is_one_range() -> None:
    assert overview(targets.of_numbers(("3",), "age"), ("3",), [0, 0]) == {
        "3 to 4": ["0.png", "1.png"]
    }


def test_boxes_are_counted(tmp_path: Path) -> None:
    drawn = ("a 0 0 1 1; a 0 0 0.5 1; b 0 0 1 1", NONE_OF_THEM)
    samples = (Sample("1.jpg", 0), Sample("2.jpg", 0), Sample("3.jpg", 1))
    made = Dataset(tmp_path, tmp_path, "image", drawn, samples, targets=of_boxes(drawn))
    said = "Boxes: 6 (a 4, b 2), up to 3 in a picture. Without boxes: 1"
    assert spread(made) == said
    none = Dataset(tmp_path, tmp_path, "image", drawn[1:], (Sample("3.jpg", 0),),
                   targets=of_boxes(drawn[1:]))  # fmt: skip
    assert spread(none) == "No boxes yet"


def test_what_became_of_boxes_is_told_by_counts() -> None:
    old = "cell 0.1 0.1 0.2 0.2; cell 0.5 0.5 0.6 0.6; dot 0 0 0.1 0.1"
    new = "cell 0.1 0.1 0.2 0.2; cell 0.5 0.5 0.7 0.7; plate 0.3 0.3 0.4 0.4"
    told = "Added: 1 plate. Deleted: 1 dot. Moved or resized: 1 cell."
    assert redrawn(old, new) == told
    assert redrawn(old, "(none)") == "Deleted: 2 cell, 1 dot."
