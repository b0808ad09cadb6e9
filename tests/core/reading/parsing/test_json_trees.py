"""JSON that names files with their labels, or labels with their files."""

import json
from typing import Any

import pytest

from transfergui.core.reading.parsing.json_trees import json_table


def rows(tree: Any) -> list[dict[str, str]]:
    table = json_table(json.dumps(tree), "utf-8")
    assert table.keys is not None
    return [dict(zip(table.keys, row, strict=True)) for row in table.rows.values()]


LABELS = {"1.jpg": ["cat"], "2.jpg": ["cat", "dog"], "b/3.jpg": []}
ROWS = [
    {"path": "1.jpg", "label": "cat"},
    {"path": "2.jpg", "label": '["cat", "dog"]'},
    {"path": "b/3.jpg", "label": ""},
]


@pytest.mark.parametrize("tree", [LABELS, {"labels": LABELS}, {"version": 2, "labels": LABELS}])
def test_files_with_lists_of_labels(tree: dict[str, Any]) -> None:
    assert rows(tree) == ROWS


def test_files_with_a_label_or_several() -> None:
    assert rows({**LABELS, "4.jpg": "dog"}) == [*ROWS, {"path": "4.jpg", "label": "dog"}]
    assert rows({"1.jpg": 2.5, "2.jpg": 3}) == [
        {"path": "1.jpg", "label": "2.5"},
        {"path": "2.jpg", "label": "3"},
    ]


def test_files_of_each_part() -> None:
    found = rows({"train": {"1.jpg": ["cat"]}, "test": {"2.jpg": []}})
    assert found == [
        {"path": "1.jpg", "label": "cat", "split": "train"},
        {"path": "2.jpg", "label": "", "split": "test"},
    ]


def test_labels_with_lists_of_files() -> None:
    found = rows({"cat": ["1.jpg", "2.jpg"], "dog": ["2.jpg"]})
    assert [(row["path"], row["label"]) for row in found] == [
        ("1.jpg", "cat"),
        ("2.jpg", "cat"),
        ("2.jpg", "dog"),
    ]


def test_names_without_endings_with_few_labels() -> None:
    names = {f"patient{at}": [["cat", "dog"], ["dog"], []][at % 3] for at in range(9)}
    assert rows(names)[:2] == [
        {"path": "patient0", "label": '["cat", "dog"]'},
        {"path": "patient1", "label": "dog"},
    ]


def test_columns_and_texts_of_classes_stay_what_they_are() -> None:
    columns = {"file": ["1.jpg", "2.jpg"], "label": ["cat", "dog"]}
    assert rows(columns)[0] == {"file": "1.jpg", "label": "cat"}
    texts = {"good": ["it was fun", "I liked it"], "bad": ["it was dull", "I left it"]}
    assert rows(texts)[0] == {"label": "good", "text": "it was fun"}
