"""Scanning texts: real tables, and every kind of odd one."""

import json
import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.workbooks import workbook
from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions, Dataset, Problem
from transfergui.core.data.split import SplitOptions, split
from transfergui.core.modalities.text import files, lengths, reading
from transfergui.core.modalities.text.options import MOST_TOKENS, TextInput

ROWS = [(f"this is text number {at}, quite long", "good" if at % 2 else "bad") for at in range(12)]


def written(path: Path, rows: list[tuple[str, ...]], header: str = "text,label") -> Path:
    lines = [header] if header else []
    lines += [",".join(f'"{cell}"' for cell in row) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def scanned(path: Path, test: Path | None = None, **options: Any) -> Dataset:
    named = str(test) if test else None
    data = {name: options.pop(name) for name in ("objective", "predict") if name in options}
    data |= {"path": str(path), "test": named, "options": options}
    return files.scan(opt.check(data, DataOptions))


def problem(dataset: Dataset, code: str) -> Problem:
    (found,) = (each for each in dataset.problems if each.code == code)
    assert found.sentence()
    return found


def texts(dataset: Dataset) -> list[str]:
    input = TextInput(**dataset.input)
    return [reading.read(dataset.root / sample.path, input) for sample in dataset.samples]


# -- real tables


@pytest.mark.shared_data
def test_given_parts_are_kept(shared_data: Path) -> None:
    began = time.process_time()
    dataset = scanned(shared_data / "text" / "movie-reviews")
    assert time.process_time() - began < 4
    assert Counter(s.split for s in dataset.samples) == {"train": 6920, "val": 872, "test": 1821}
    assert dataset.classes == ("0", "1")
    assert dataset.chosen == {
        "text_column": "1",
        "label_column": "2",
        "header": "no",
        "encoding": "utf-8",
        "tables": "parts",
    }
    assert dataset.choices["label_column"]["2"] in ("2: 0", "2: 1")
    assert 40 <= dataset.input["tokens"] <= 64
    assert problem(dataset, "text.repeated_across").values["count"] == 3
    assert split(dataset, SplitOptions(), 0).method == "split.folders"


@pytest.mark.shared_data
def test_chinese_reviews(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "text" / "takeaway-reviews-zh.csv"
    dataset = scanned(path)
    assert len(dataset.samples) == 11_973
    conflict = problem(dataset, "text.two_labels")
    assert (conflict.left_out, conflict.values["count"]) == (True, 14)
    assert dataset.chosen["text_column"] == "review"
    foreign = tmp_path / "takeaway.csv"
    foreign.write_bytes(path.read_text("utf-8").encode("gb18030"))
    same = scanned(foreign)
    assert same.chosen["encoding"] == "gb18030"
    assert same.counts() == dataset.counts()
    assert texts(same)[:50] == texts(dataset)[:50]


# -- where the texts are


def test_rows_are_samples(tmp_path: Path) -> None:
    dataset = scanned(written(tmp_path / "reviews.csv", ROWS))
    assert [s.path for s in dataset.samples][:2] == ["reviews.csv#10", "reviews.csv#11"]
    by_path = dict(zip([s.path for s in dataset.samples], texts(dataset), strict=True))
    assert by_path["reviews.csv#2"] == ROWS[0][0]
    assert by_path["reviews.csv#13"] == ROWS[11][0]
    assert dataset.counts() == [6, 6]


def test_columns_and_header_can_be_chosen(tmp_path: Path) -> None:
    rows = [(f"title {at}", f"a much longer text {at}", "xy"[at % 2]) for at in range(8)]
    path = written(tmp_path / "a.csv", rows, header="title,body,kind")
    assert texts(scanned(path))[0].startswith("a much longer")
    assert texts(scanned(path, text_column="title"))[0].startswith("title")
    with_header = scanned(path, text_column="1", header="no")
    assert len(with_header.samples) == 9


@pytest.mark.parametrize("option", ["text_column", "label_column", "split_column", "group_column"])
def test_a_column_that_is_not_there_is_refused(option: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ROWS, header="text,label")
    with pytest.raises(UserError, match=r"has no column nowhere\. Found: text, label"):
        scanned(path, **{option: "nowhere"})
    of_a_model = scanned(path, keep_untrained=True, **{option: "nowhere"})  # as evaluate asks
    assert problem(of_a_model, "text.no_column").values["column"] == "nowhere"


@pytest.mark.parametrize("option", ["layout", "table", "path_column", "split_folders"])
def test_options_of_files_are_refused_for_a_table_of_texts(option: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ROWS, header="text,label")
    with pytest.raises(UserError, match=rf"data\.options\.{option} does not apply"):
        scanned(path, **{option: "x"})


def test_one_column_for_two_things_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ROWS, header="text,label")
    with pytest.raises(UserError, match=r"“label” .*label_column and group_column"):
        scanned(path, label_column="label", group_column="label")


@pytest.mark.parametrize(
    ("header", "option"),
    [
        *(
            (h, f"{o}_column")
            for h in ("text,label", "text,label,who")
            for o in ("text", "split", "group")
        ),
        *(("body,kind", f"{o}_column") for o in ("split", "group")),
    ],
)
def test_the_column_of_the_classes_is_used_for_nothing_else(
    header: str, option: str, tmp_path: Path
) -> None:
    names = header.split(",")
    rows = [(*row, f"w{at // 2}")[: len(names)] for at, row in enumerate(ROWS)]
    path = written(tmp_path / "a.csv", rows, header=header)
    with pytest.raises(UserError) as caught:
        scanned(path, **{option: names[1]})
    assert caught.value.code == "data.one_column_twice"
    assert {caught.value.note.values["first"], caught.value.note.values["second"]} == {
        option,
        "label_column",
    }


def test_the_column_of_the_texts_is_used_for_nothing_else(tmp_path: Path) -> None:
    rows = [(*row, f"w{at}") for at, row in enumerate(ROWS)]
    path = written(tmp_path / "a.csv", rows, header="text,label,who")
    for option in ("label_column", "split_column", "group_column"):
        with pytest.raises(UserError, match=rf"“text” .* text_column and {option}"):
            scanned(path, **{option: "text"})
    chosen = scanned(path, text_column="who", group_column="text", label_column="label")
    assert chosen.chosen["text_column"] == "who"


def test_copies_of_a_text_are_told_with_what_differs(tmp_path: Path) -> None:
    rows = [(*row, "train", f"w{at // 2}") for at, row in enumerate(ROWS)]
    rows += [(*ROWS[1], "test", "w0"), (*ROWS[2], "train", "w9"), (*ROWS[4], "train", "w2")]
    path = written(tmp_path / "a.csv", rows, header="text,label,split,user")
    found = scanned(path)
    across = problem(found, "text.repeated_across")
    assert across.values["count"] == 1
    assert {across.values["one"], across.values["other"]} == {"train", "test"}
    grouped = problem(found, "text.repeated_groups")
    assert grouped.values["count"] == 1
    assert {grouped.values["one"], grouped.values["other"]} == {"w1", "w9"}
    assert problem(found, "text.repeated").values["count"] == 1


def test_a_folder_with_one_text_in_a_json_file(tmp_path: Path) -> None:
    path = tmp_path / "project.json"
    path.write_text(json.dumps([{"text": "this is the text", "label": "good"}]))
    assert texts(scanned(tmp_path)) == ["this is the text"]
    path.write_text(json.dumps({"name": "my package", "version": "1"}))
    with pytest.raises(UserError) as caught:
        scanned(tmp_path)
    assert caught.value.code == "data.empty"


def test_a_column_of_texts_is_refused_for_files_of_text(tmp_path: Path) -> None:
    for at, (text, label) in enumerate(ROWS):
        (tmp_path / label).mkdir(exist_ok=True)
        (tmp_path / label / f"{at}.txt").write_text(text)
    with pytest.raises(UserError, match=r"text_column does not apply to .*in which each file"):
        scanned(tmp_path, text_column="text")
    of_a_model = scanned(tmp_path, text_column="text", label_column="stars", keep_untrained=True)
    assert of_a_model.classes == ("bad", "good")


def test_split_and_group_columns_can_be_chosen(tmp_path: Path) -> None:
    parts = ("train", "train", "train", "test")
    rows = [(f"text number {at}", "xy"[at % 2], parts[at % 4], f"w{at // 2}") for at in range(16)]
    path = written(tmp_path / "a.csv", rows, header="text,label,when,writer")
    found = scanned(path, split_column="when", group_column="writer")
    assert [s.split for s in found.samples[:4]] == list(parts)
    assert len({s.group for s in found.samples}) == 8
    assert (found.chosen["split_column"], found.chosen["group_column"]) == ("when", "writer")
    rows = [(text, label, part) for text, label, part, _writer in rows]
    path = written(tmp_path / "b.csv", rows, header="text,label,split")
    assert {s.split for s in scanned(path).samples} == {"train", "test"}
    assert {s.split for s in scanned(path, split_column="-").samples} == {None}


def test_a_writer_in_two_parts_of_the_data_is_named(tmp_path: Path) -> None:
    parts = ("train", "train", "train", "test")
    rows = [(f"text number {at}", "xy"[at % 2], parts[at % 4], f"w{at // 3}") for at in range(12)]
    path = written(tmp_path / "a.csv", rows, header="text,label,when,writer")
    found = scanned(path, split_column="when", group_column="writer")
    assert problem(found, "data.group_in_parts").values["names"] == "w1, w2, w3"


def test_a_test_that_is_learnt_from_is_asked_about(tmp_path: Path) -> None:
    rows = [(f"a text with number {at}", "xy"[at % 2]) for at in range(12)]
    written(tmp_path / "train.csv", rows)
    written(tmp_path / "test.csv", [*rows[:4], ("something new", "x"), ("more of it", "y")])
    with pytest.raises(Question) as asked:
        scanned(tmp_path)
    assert asked.value.code == "data.copied_test"
    assert "4 of the 6 texts" in str(asked.value)
    kept = scanned(tmp_path, copied_test="keep")
    assert problem(kept, "data.copied").values["count"] == 4
    assert sum(s.split == "test" for s in kept.samples) == 6
    anew = scanned(tmp_path, copied_test="divide")
    assert {s.split for s in anew.samples} == {None}
    assert len(anew.samples) == 18
    assert not [p for p in anew.problems if p.code == "data.copied"]


def test_two_people_who_label_the_same_texts(tmp_path: Path) -> None:
    texts_ = [f"a mail with number {at}" for at in range(12)]
    anna = [(text, "xy"[at % 2]) for at, text in enumerate(texts_)]
    jan = [(text, "x" if at < 2 else label) for at, (text, label) in enumerate(anna[:10])]
    written(tmp_path / "anna.csv", anna)
    written(tmp_path / "jan.csv", [*jan, ("one of his own", "y")])
    with pytest.raises(Question) as asked:
        scanned(tmp_path)
    assert list(asked.value.choices) == ["*", "anna.csv", "jan.csv"]
    with zipfile.ZipFile(tmp_path.parent / "mails.zip", "w") as packed:
        for name in ("anna.csv", "jan.csv"):
            packed.write(tmp_path / name, name)
    with pytest.raises(Question, match=re.escape(str(tmp_path.parent / "mails.zip"))):
        scanned(tmp_path.parent / "mails.zip")
    both = scanned(tmp_path, table="*")
    assert Counter(texts(both)) == Counter([*texts_[:1], *texts_[2:], "one of his own"])
    assert problem(both, "text.in_tables").values["count"] == 9
    assert problem(both, "text.two_labels").values["count"] == 2
    assert both.chosen["table"] == "*"
    assert len(scanned(tmp_path, table="anna.csv").samples) == 12
    assert len(scanned(tmp_path, table="jan.csv").samples) == 11


def test_label_studio(tmp_path: Path) -> None:
    def task(n: int, *choices: str, cancelled: bool = False) -> dict[str, Any]:
        results = [{"type": "choices", "value": {"choices": list(choices)}}]
        annotation = {"id": n, "result": results, "was_cancelled": cancelled}
        guessed = [{"result": [{"value": {"choices": ["neg"]}}]}]
        return {"id": n, "data": {"text": f"text {n} of a task", "source": "web"},
                "annotations": [annotation], "predictions": guessed}  # fmt: skip

    tasks = [task(n, "pos" if n % 2 else "neg") for n in range(12)]
    tasks += [task(12, "pos", cancelled=True), task(13, "pos", "neg")]
    path = tmp_path / "project.json"
    path.write_text(json.dumps(tasks))
    found = scanned(path)
    assert set(texts(found)) == {f"text {n} of a task" for n in range(12)}
    assert dict(zip(found.classes, found.counts(), strict=True)) == {"neg": 6, "pos": 6}
    assert problem(found, "rows.no_label").values["count"] == 1
    assert problem(found, "rows.several_labels").values["count"] == 1
    assert found.chosen["text_column"] == "data.text"
    assert found.chosen["label_column"] == "annotations.result.value.choices"


def test_labels_of_words_are_not_those_of_the_texts(tmp_path: Path) -> None:
    def task(n: int) -> dict[str, Any]:
        word = {"type": "labels", "value": {"text": "task " * 9, "labels": ["THING"]}}
        choice = {"type": "choices", "value": {"choices": ["pos" if n % 2 else "neg"]}}
        return {
            "data": {"text": f"text {n} of a task"},
            "annotations": [{"result": [word, choice]}],
        }

    path = tmp_path / "project.json"
    path.write_text(json.dumps([task(n) for n in range(12)]))
    found = scanned(path)
    assert found.chosen["text_column"] == "data.text"
    assert found.chosen["label_column"] == "annotations.result.value.choices"
    assert dict(zip(found.classes, found.counts(), strict=True)) == {"neg": 6, "pos": 6}


SKIPPED = {
    "prodigy choice without options": (
        lambda name: {"accept": [name], "options": [], "answer": "accept"},
        {"accept": ["pos"], "options": [], "answer": "ignore"},
        "rows.no_label",
    ),
    "prodigy rejects a label": (
        lambda name: {"label": name, "_task_hash": 7, "answer": "accept"},
        {"label": "pos", "_task_hash": 8, "answer": "reject"},
        "rows.no_label",
    ),
    "spacy, none": (
        lambda name: {"cats": {"pos": float(name == "pos"), "neg": float(name == "neg")}},
        {"cats": {"pos": 0.0, "neg": 0.0}},
        "rows.no_label",
    ),
    "spacy, both": (
        lambda name: {"cats": {"pos": float(name == "pos"), "neg": float(name == "neg")}},
        {"cats": {"pos": 1.0, "neg": 1.0}},
        "rows.several_labels",
    ),
    "label studio, short": (
        lambda name: {"label": name, "annotator": 1, "lead_time": 1.5},
        {"label": {"choices": ["pos", "neg"]}, "annotator": 1, "lead_time": 1.5},
        "rows.several_labels",
    ),
}


@pytest.mark.parametrize("kind", SKIPPED)
def test_what_annotators_skipped_or_left_open(kind: str, tmp_path: Path) -> None:
    label, last, code = SKIPPED[kind]
    rows = [{"text": f"text {n} of them"} | label("pos" if n % 2 else "neg") for n in range(12)]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"text": "last"} | last]))
    found = scanned(path)
    assert dict(zip(found.classes, found.counts(), strict=True)) == {"neg": 6, "pos": 6}
    assert problem(found, code).values["count"] == 1
    assert problem(found, code).values["row"] == 13


@pytest.mark.parametrize(
    "label",
    [
        lambda name: {"cats": {"pos": float(name == "pos"), "neg": float(name == "neg")}},  # spaCy
        lambda name: {
            "cats": {"pos": 0.9 if name == "pos" else 0.2, "neg": 0.6 - (name == "pos") / 2}
        },
        lambda name: {"accept": [name], "answer": "accept", "options": [{"id": "x", "text": "y"}]},
        lambda name: {"label": [name]},  # doccano
        lambda name: {"meta": {"by": "me"}, "annotation": {"label": name}},
    ],
    ids=["spacy", "spacy scores", "prodigy", "doccano", "nested"],
)
def test_other_programs_that_annotate_texts(
    label: Callable[[str], dict[str, Any]], tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"text": f"text {n} of them"} | label("pos" if n % 2 else "neg") for n in range(12)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = scanned(path)
    assert sorted(texts(found)) == sorted(row["text"] for row in rows)
    assert dict(zip(found.classes, found.counts(), strict=True)) == {"neg": 6, "pos": 6}


def test_parts_are_told_by_names_of_files_in_a_folder(tmp_path: Path) -> None:
    for name, part in (("train", ROWS[:8]), ("reviews-test", ROWS[8:10]), ("dev", ROWS[10:])):
        written(tmp_path / f"{name}.csv", part)
    written(tmp_path / "notes.csv", ROWS)
    dataset = scanned(tmp_path)
    assert Counter(s.split for s in dataset.samples) == {"train": 8, "test": 2, "val": 2}
    alone = scanned(tmp_path / "train.csv")
    assert {s.split for s in alone.samples} == {None}


def test_several_tables_are_one_set(tmp_path: Path) -> None:
    written(tmp_path / "a.csv", ROWS[:6])
    written(tmp_path / "b.csv", ROWS[6:])
    assert len(scanned(tmp_path).samples) == 12


def test_a_word_in_a_name_is_no_part_by_itself(tmp_path: Path) -> None:
    """Trains, buses and trams: ``bus_reviews.csv`` was dropped because of ``train_reviews.csv``."""
    for at, name in enumerate(("train_reviews", "bus_reviews", "tram_reviews")):
        written(tmp_path / f"{name}.csv", ROWS[4 * at : 4 * at + 4])
    dataset = scanned(tmp_path)
    assert len(dataset.samples) == 12
    assert {s.split for s in dataset.samples} == {None}
    assert dataset.chosen["tables"] == "all"
    assert not dataset.problems


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (("train", "test"), ("train", "test")),
        (("reviews-train", "reviews-test"), ("train", "test")),
        (("train_2024", "valid_2024", "test_2024"), ("train", "val", "test")),
        (("Training", "Dev"), ("train", "val")),
        (("train-00000-of-00002", "train-00001-of-00002", "test-00000-of-00001"),
         ("train", "train", "test")),
        (("train/reviews", "test/reviews"), ("train", "test")),
        (("train/reviews", "bus/reviews"), (None, None)),
        (("train_data/one", "train_data/two"), (None, None)),
        (("bus", "tram", "car"), (None, None, None)),
        (("train_reviews", "bus_reviews"), (None, None)),
        (("test_a", "test_b"), (None, None)),
    ],
)  # fmt: skip
def test_names_of_tables_are_parts_where_that_is_sure(
    names: tuple[str, ...], splits: tuple[str | None, ...], tmp_path: Path
) -> None:
    for at, name in enumerate(names):
        written(tmp_path / f"{name}.csv", ROWS[2 * at : 2 * at + 2] if at else ROWS[-4:])
    dataset = scanned(tmp_path)
    found = {s.path.partition(".csv")[0]: s.split for s in dataset.samples}
    assert found == dict(zip(names, splits, strict=True))


def test_one_table_called_train_beside_others_like_it_is_asked_about(tmp_path: Path) -> None:
    for at, name in enumerate(("train", "bus", "tram")):
        written(tmp_path / f"{name}.csv", ROWS[4 * at : 4 * at + 4])
    with pytest.raises(Question) as caught:
        scanned(tmp_path)
    question = caught.value
    assert (question.code, question.guess) == ("text.table_parts", "all")
    assert question.setting == "data.options.tables"
    assert "bus.csv, tram.csv" in str(question)
    assert len(scanned(tmp_path, tables="all").samples) == 12
    alone = scanned(tmp_path, tables="parts")
    assert {s.path.partition("#")[0] for s in alone.samples} == {"train.csv"}
    assert problem(alone, "text.more_tables").values == {"count": 2, "names": "bus.csv, tram.csv"}


def test_tables_of_texts_alone_may_be_a_class_each(tmp_path: Path) -> None:
    for at, name in enumerate(("bus", "tram")):
        texts_only = [(text,) for text, _ in ROWS[6 * at : 6 * at + 6]]
        written(tmp_path / f"{name}_reviews.csv", texts_only, header="text" if at else "")
    with pytest.raises(Question) as caught:
        scanned(tmp_path)
    assert (caught.value.code, caught.value.guess) == ("text.table_classes", "classes")
    dataset = scanned(tmp_path, tables="classes")
    assert dataset.chosen["tables"] == "classes"
    assert dict(zip(dataset.classes, dataset.counts(), strict=True)) == {
        "bus_reviews": 6,
        "tram_reviews": 6,
    }
    assert sorted(texts(dataset)) == sorted(text for text, _ in ROWS)
    for name in ("bus", "tram"):
        moved = tmp_path / "folders" / name / "texts.csv"
        moved.parent.mkdir(parents=True)
        moved.write_bytes((tmp_path / f"{name}_reviews.csv").read_bytes())
    assert scanned(tmp_path / "folders", tables="classes").classes == ("bus/texts", "tram/texts")
    with pytest.raises(UserError) as refused:
        scanned(tmp_path, tables="all")
    assert refused.value.code == "text.one_column"


def test_a_test_table_without_labels_is_left_out(tmp_path: Path) -> None:
    """As competitions give them; any other column would have been taken for the classes."""
    labelled = [(str(at), *row) for at, row in enumerate(ROWS)]
    written(tmp_path / "train.csv", labelled, "id,text,target")
    unlabelled = [(str(at), f"new text {at}") for at in range(5)]
    written(tmp_path / "test.csv", unlabelled, "id,text")
    dataset = scanned(tmp_path)
    assert (dataset.classes, len(dataset.samples)) == (("bad", "good"), 12)
    told = problem(dataset, "text.unlabelled")
    assert (told.path, told.left_out) == ("test.csv", True)
    assert told.values == {"column": "target", "count": 5}


def test_several_labels_are_counted_and_one_in_a_list_is_one(tmp_path: Path) -> None:
    labels = [["good"], ["bad"], ["good", "bad"], "good", [], ["bad"]]
    entries = [{"text": f"text {at}", "label": label} for at, label in enumerate(labels)]
    (tmp_path / "a.json").write_text(json.dumps(entries))
    dataset = scanned(tmp_path)
    assert [(s.path, dataset.classes[s.label]) for s in dataset.samples] == [
        ("a.json#1", "good"),
        ("a.json#2", "bad"),
        ("a.json#4", "good"),
        ("a.json#6", "bad"),
    ]
    several = problem(dataset, "rows.several_labels")
    assert several.values == {"count": 1, "row": 3, "value": "good bad"}
    assert problem(dataset, "rows.no_label").values["count"] == 1


def test_several_columns_that_may_be_the_classes_are_asked_about(tmp_path: Path) -> None:
    rows = [
        (f"2024-05-{at + 1:02}", text, label, ("ja", "nein")[at // 6])
        for at, (text, label) in enumerate(ROWS)
    ]
    written(tmp_path / "a.csv", rows, "Datum,Nachricht,Urteil,Geprüft")
    with pytest.raises(Question) as asked:
        scanned(tmp_path / "a.csv")
    assert asked.value.setting == "data.options.label_column"
    assert list(asked.value.answers) == ["Urteil", "Geprüft", "Urteil, Geprüft"]
    assert asked.value.guess == "Urteil"
    assert scanned(tmp_path / "a.csv", label_column="Urteil").classes == ("bad", "good")


def test_several_labels_in_one_cell_are_counted(tmp_path: Path) -> None:
    rows = [*ROWS, ("this one is both of them", "good|bad")]
    dataset = scanned(written(tmp_path / "a.csv", rows))
    assert dataset.classes == ("bad", "good")
    assert problem(dataset, "rows.several_labels").values["count"] == 1


def test_files_of_fasttext_are_tables(tmp_path: Path) -> None:
    for name, rows in (("train", ROWS[:8]), ("test", ROWS[8:])):
        lines = [f"__label__{label} {text}\n" for text, label in rows]
        (tmp_path / f"{name}.txt").write_text("".join(lines))
    (tmp_path / "README.txt").write_text("Made by Anna.")
    dataset = scanned(tmp_path)
    assert Counter(s.split for s in dataset.samples) == {"train": 8, "test": 4}
    assert dataset.classes == ("bad", "good")
    assert sorted(texts(dataset)) == sorted(text for text, _ in ROWS)
    assert len(scanned(tmp_path / "train.txt").samples) == 8
    listed = reading.list_files([tmp_path], TextInput())
    assert [path.name for path in listed][:2] == ["README.txt", "test.txt#1"]


def test_workbooks_are_tables(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["text", "label"])
    for row in ROWS:
        book.active.append(row)
    book.create_sheet("More").append(["x", "y"])
    book.save(tmp_path / "reviews.xlsx")
    dataset = scanned(tmp_path)
    assert dataset.counts() == [6, 6]
    assert texts(dataset)[0] == ROWS[8][0]  # reviews.xlsx#10
    assert problem(dataset, "tables.other_sheets").values["others"] == "More"
    assert scanned(tmp_path / "reviews.xlsx").samples == dataset.samples


def answers(first: int, last: int, place: str = "Ulm") -> list[list[Any]]:
    rows = [[None, f"an answer in words, number {at}", "SI"[at % 2], place]
            for at in range(first, last)]  # fmt: skip
    head: list[list[Any]] = [["Survey, raw answers"], [], [None, "Remark", "Opinion", "Town"]]
    return [*head, *rows]


README: list[list[Any]] = [["Survey"], ["by Anna"], [], ["Code", "Meaning"], ["S", "satisfied"],
                           ["I", "not satisfied"]]  # fmt: skip


def test_a_sheet_that_explains_is_not_read_and_named(tmp_path: Path) -> None:
    rows = [*answers(0, 20), [None, "Total", 20, None]]
    dataset = scanned(workbook(tmp_path / "a.xlsx", Readme=README, Answers=rows))
    assert dict(zip(dataset.classes, dataset.counts(), strict=True)) == {"I": 10, "S": 10}
    assert texts(dataset)[0] == "an answer in words, number 6"  # a.xlsx#10
    assert dataset.chosen["sheet"] == dataset.input["sheet"] == "Answers"
    assert dataset.choices["sheet"] == {"Readme": "Readme", "Answers": "Answers"}
    assert problem(dataset, "tables.other_sheets").values["others"] == "Readme"
    assert problem(dataset, "rows.above").values["count"] == 1
    total = problem(dataset, "rows.total")
    assert (total.left_out, total.values["row"], total.values["value"]) == (True, 24, "Total 20")


def test_of_several_sheets_with_texts_it_is_asked_which(tmp_path: Path) -> None:
    book = {"Readme": README, "Of 2023": answers(0, 14), "Of 2024": answers(14, 20, "Bonn")}
    workbook(tmp_path / "a.xlsx", **book)
    with pytest.raises(Question) as caught:
        scanned(tmp_path)
    question = caught.value
    assert (question.code, question.setting) == ("data.which_sheet", "data.options.sheet")
    assert question.guess == "*"
    assert question.choices == {
        "*": "All together: Of 2023, Of 2024 (20 rows)",
        "Of 2023": "Only “Of 2023” (14 rows)",
        "Of 2024": "Only “Of 2024” (6 rows)",
    }
    whole = scanned(tmp_path, sheet="*", label_column="Opinion")
    assert whole.counts() == [10, 10]
    assert sorted(texts(whole)) == sorted(f"an answer in words, number {n}" for n in range(20))
    assert whole.chosen["sheet"] == "*"
    alone = scanned(tmp_path, sheet="Of 2024", label_column="Opinion")
    assert alone.counts() == [3, 3]
    assert texts(alone) == [f"an answer in words, number {n}" for n in range(14, 20)]
    with pytest.raises(UserError) as refused:
        scanned(tmp_path, sheet="Of 2025")
    assert refused.value.code == "data.unknown_sheet"
    assert "Of 2023, Of 2024" in str(refused.value)


def test_one_answer_is_enough_for_several_workbooks(tmp_path: Path) -> None:
    head, rows = answers(0, 0)[-1], answers(0, 40)[3:]
    workbook(tmp_path / "a.xlsx", A1=[head, *rows[:10]], A2=[head, *rows[10:20]])
    workbook(tmp_path / "b.xlsx", B1=[head, *rows[20:32]], B2=[head, *rows[32:]])
    with pytest.raises(Question) as caught:
        scanned(tmp_path)
    assert list(caught.value.choices) == ["*", "A1", "A2"]
    assert len(scanned(tmp_path, sheet="*", label_column="Opinion").samples) == 40
    found = scanned(tmp_path, sheet="A2", label_column="Opinion")
    assert Counter(s.path.partition("#")[0] for s in found.samples) == {"a.xlsx": 10, "b.xlsx": 20}
    expected = {f"an answer in words, number {n}" for n in range(10, 40)}
    assert set(texts(found)) == expected
    assert problem(found, "tables.other_sheets").values["others"] == "A1"


def test_blank_columns_are_no_classes(tmp_path: Path) -> None:
    rows = [[None, text, None, label, None, at] for at, (text, label) in enumerate(ROWS)]
    head = [None, "What was said", None, "Urteil", None, "Zahl"]
    dataset = scanned(workbook(tmp_path / "a.xlsx", Data=[head, *rows]))
    assert (dataset.chosen["text_column"], dataset.chosen["label_column"]) == (head[1], head[3])
    assert dataset.counts() == [6, 6]


def test_sheets_that_are_parts_or_classes(tmp_path: Path) -> None:
    parts = scanned(workbook(tmp_path / "a.xlsx", Train=answers(0, 14), Test=answers(14, 20)))
    assert parts.chosen["sheet"] == "*"
    assert Counter(s.split for s in parts.samples) == {"train": 14, "test": 6}
    only = [[row[1]] for row in answers(0, 12)[2:]]
    path = workbook(tmp_path / "b.xlsx", positive=only[:7], negative=[only[0], *only[7:]])
    with pytest.raises(Question) as caught:
        scanned(path)
    assert caught.value.guess == "*"
    assert "each as a class" in caught.value.choices["*"]
    dataset = scanned(path, sheet="*")
    assert dict(zip(dataset.classes, dataset.counts(), strict=True)) == {
        "negative": 6,
        "positive": 6,
    }


def test_what_is_predicted_are_all_sheets_with_the_column(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Readme=README, A=answers(0, 3), B=answers(3, 5))
    input = TextInput(text_column="Remark", sheet="Of 2023")
    listed = list(reading.list_files([path], input))
    assert [reading.read(each, input) for each in listed] == [
        f"an answer in words, number {n}" for n in range(5)
    ]


def test_lists_of_json_files_are_found_and_what_is_none_is_named(tmp_path: Path) -> None:
    tickets = [
        {"id": f"T-{n}", "customer": {"id": f"C{n // 3}", "name": "x"},
         "message": {"subject": "order", "body": f"a message in words, number {n}"},
         "outcome": {"category": ("praise", "complaint")[n % 2]}}
        for n in range(24)
    ]  # fmt: skip
    for name, part in (("train", tickets[:18]), ("test", tickets[18:])):
        tree = {"exported": "2024-01-05", "version": 2, "tickets": part}
        (tmp_path / f"tickets_{name}.json").write_text(json.dumps(tree))
    schema = {"categories": [{"id": 1, "name": "praise"}, {"id": 2, "name": "complaint"}]}
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    (tmp_path / "package.json").write_text('{"name": "x", "dependencies": {"a": "1"}}')
    (tmp_path / "more.ods").write_bytes(b"PK")
    dataset = scanned(tmp_path)
    assert dict(zip(dataset.classes, dataset.counts(), strict=True)) == {
        "complaint": 12,
        "praise": 12,
    }
    assert Counter(s.split for s in dataset.samples) == {"train": 18, "test": 6}
    assert dataset.chosen["text_column"] == "message.body"
    assert dataset.chosen["group_column"] == "customer.id"
    assert len({s.group for s in dataset.samples}) == 8
    unused = problem(dataset, "text.no_texts")
    assert (unused.left_out, unused.values) == (True, {"count": 1, "names": "schema.json"})
    assert problem(dataset, "data.table_unread").path == "package.json"
    assert ".ods" in problem(dataset, "data.foreign").values["why"]


def test_tables_of_different_columns_are_asked_about(tmp_path: Path) -> None:
    """The kinds of variables in a list beside the texts became classes."""
    written(tmp_path / "reviews.csv", [(*row, "Ulm") for row in ROWS], "text,label,town")
    book = [(f"v{n}", f"what the variable number {n} means", ("int", "str")[n % 2])
            for n in range(8)]  # fmt: skip
    written(tmp_path / "codebook.csv", book, "variable,description,type")
    with pytest.raises(Question) as caught:
        scanned(tmp_path)
    assert (caught.value.code, caught.value.setting) == ("text.which_table", "data.options.table")
    assert caught.value.guess == "reviews.csv"
    assert list(caught.value.choices) == ["reviews.csv", "codebook.csv"]
    dataset = scanned(tmp_path, table="reviews.csv")
    assert dict(zip(dataset.classes, dataset.counts(), strict=True)) == {"bad": 6, "good": 6}
    assert problem(dataset, "text.no_texts").values["names"] == "codebook.csv"
    assert dataset.chosen["table"] == "reviews.csv"
    with pytest.raises(UserError) as refused:
        scanned(tmp_path, table="other.csv")
    assert refused.value.code == "data.unknown_table"
    others = [(f"{text} in Bonn", label, "Bonn") for text, label in ROWS]
    written(tmp_path / "more.csv", others, "text,label,town")
    assert len(scanned(tmp_path, table="reviews.csv").samples) == 24


def test_json_of_classes_with_their_texts(tmp_path: Path) -> None:
    tree = {name: [text for text, label in ROWS if label == name] for name in ("good", "bad")}
    (tmp_path / "a.json").write_text(json.dumps(tree))
    dataset = scanned(tmp_path)
    assert dict(zip(dataset.classes, dataset.counts(), strict=True)) == {"bad": 6, "good": 6}
    assert sorted(texts(dataset)) == sorted(text for text, _ in ROWS)


@pytest.mark.parametrize(
    "header",
    ["Bemerkung,Kategorie,Kunde", "commentaire,catégorie,auteur", "comentario,categoría,usuario"],
)
def test_columns_in_other_languages(header: str, tmp_path: Path) -> None:
    rows = [(*row, f"c{at // 3}") for at, row in enumerate(ROWS)]
    chosen = scanned(written(tmp_path / "a.csv", rows, header)).chosen
    found = [chosen[key] for key in ("text_column", "label_column", "group_column")]
    assert found == header.split(",")


def test_a_column_of_any_name_may_say_the_part(tmp_path: Path) -> None:
    rows = [(*row, "Prüfen" if at > 8 else "Lernen") for at, row in enumerate(ROWS)]
    dataset = scanned(written(tmp_path / "a.csv", rows, "text,label,Verwendung"))
    assert Counter(s.split for s in dataset.samples) == {"train": 9, "test": 3}
    assert dataset.chosen["split_column"] == "Verwendung"


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (("reviews_train", "reviews_dev", "reviews_eval"), ("train", "val", "test")),
        (("reviews_train", "reviews_eval", "reviews_test"), ("train", "val", "test")),
        (("train", "validated", "test"), ("train", None, "test")),
        (("meinungen_Training", "meinungen_Prüfung"), ("train", "test")),
    ],
)
def test_parts_in_names_with_more_words(
    names: tuple[str, ...], splits: tuple[str | None, ...], tmp_path: Path
) -> None:
    for at, name in enumerate(names):
        written(tmp_path / f"{name}.csv", ROWS[4 * at : 4 * at + 4])
    dataset = scanned(tmp_path)
    found = {s.path.partition(".csv")[0]: s.split for s in dataset.samples}
    assert found == {n: split for n, split in zip(names, splits, strict=True) if split}
    unused = [f"{n}.csv" for n, split in zip(names, splits, strict=True) if not split]
    told = [p.values["names"] for p in dataset.problems if p.code == "text.more_tables"]
    assert told == [", ".join(unused)] * bool(unused)


def test_json_that_is_no_table_is_not_in_the_way(tmp_path: Path) -> None:
    written(tmp_path / "reviews.csv", ROWS)
    (tmp_path / "config.json").write_text('{"epochs": 3, "classes": ["good", "bad"]}')
    assert len(scanned(tmp_path).samples) == 12
    listed = {path.name.partition("#")[0] for path in reading.list_files([tmp_path], TextInput())}
    assert listed == {"reviews.csv"}


def test_a_file_of_sentences_is_predicted_whole(tmp_path: Path) -> None:
    lines = [f"good{', bread' * (at % 4)}, bad{' bread' * (at % 3)}" for at in range(30)]
    path = tmp_path / "lines.csv"
    path.write_text("\n".join(lines))
    input = TextInput(text_column="text", label_column="label")
    listed = list(reading.list_files([path], input))
    assert [reading.read(each, input) for each in listed] == lines


def test_a_separate_test_table(tmp_path: Path) -> None:
    path = written(tmp_path / "one" / "train.csv", ROWS[:8])
    test = written(tmp_path / "two" / "held.csv", [*ROWS[8:], ("a foreign text", "other")])
    dataset = scanned(path, test)
    assert Counter(s.split for s in dataset.samples) == {None: 8, "test": 4}
    assert problem(dataset, "data.untrained_class").values["count"] == 1
    assert all(s.size for s in dataset.samples)
    assert texts(dataset)[0] == ROWS[8][0]
    assert [s.path for s in dataset.samples] == sorted(s.path for s in dataset.samples)


def test_zips_and_folders_of_files(tmp_path: Path) -> None:
    for at, (text, label) in enumerate(ROWS):
        path = tmp_path / "data" / label / f"{at:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-16" if at % 3 else "utf-8")
    packed = tmp_path / "data.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted((tmp_path / "data").rglob("*.txt")):
            archive.write(path, path.relative_to(tmp_path))
    for source in (tmp_path / "data", packed):
        dataset = scanned(source)
        assert dataset.classes == ("bad", "good")
        assert sorted(texts(dataset)) == sorted(text for text, _ in ROWS)
        assert dataset.chosen == {}


def test_a_list_of_text_files(tmp_path: Path) -> None:
    for at, (text, _) in enumerate(ROWS):
        (tmp_path / f"{at}.txt").write_text(text)
    listed = [(f"{at}.txt", label) for at, (_, label) in enumerate(ROWS)]
    dataset = scanned(written(tmp_path / "list.csv", listed, header="path,label"))
    assert len(dataset.samples) == 12
    assert {s.path for s in dataset.samples} == {f"{at}.txt" for at in range(12)}


def test_groups_and_splits_of_columns(tmp_path: Path) -> None:
    rows = [(*row, f"s{at % 4}", "test" if at > 9 else "train") for at, row in enumerate(ROWS)]
    rows.append(("one more text", "good", "s1", "someday"))
    dataset = scanned(written(tmp_path / "a.csv", rows, header="text,label,speaker,split"))
    assert {s.group for s in dataset.samples} == {"s0", "s1", "s2", "s3"}
    assert Counter(s.split for s in dataset.samples) == {"train": 10, "test": 2, None: 1}
    assert not problem(dataset, "rows.split_unknown").left_out


# -- what is odd about texts


def test_bad_rows_are_counted_per_reason(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ROWS)
    lines = [
        ",good",
        '"   ",bad',
        '"<p></p>",bad',
        "no label here,",
        "nor here,nan",
        "nor here",
        '"never closed,good',
        "too, many, cells,good",
        '"fine after all that",good',
    ]
    path.write_text(path.read_text() + "\n".join(lines) + "\n")
    dataset = scanned(path)
    counts = {p.code: p.values["count"] for p in dataset.problems if p.left_out}
    assert counts == {"rows.broken": 1, "rows.no_text": 3, "rows.no_label": 3, "rows.wide": 1}
    assert problem(dataset, "rows.no_text").values["row"] == 14
    assert len(dataset.samples) == 13


def test_odd_texts_are_noted_with_an_example(tmp_path: Path) -> None:
    odd = [
        ("with <br/> markup", "good"),
        ("more <b>of</b> it", "good"),
        ("zero\0width", "bad"),
        ("😀😀😀", "good"),
        ("word " * 2000, "bad"),
        ("broken \ufffd here", "bad"),
        ("x" * 1_000_000, "bad"),
    ]
    dataset = scanned(written(tmp_path / "a.csv", [*ROWS, *odd]))
    noted = {p.code: p.values for p in dataset.problems if p.code.startswith("text.")}
    assert {code: values["count"] for code, values in noted.items()} == {
        "text.markup": 2,
        "text.control": 1,
        "text.no_words": 1,
        "text.long": 1,
        "text.undecodable": 1,
    }
    assert noted["text.markup"]["first"] == "a.csv#14"
    assert noted["text.markup"]["value"] == "with markup"
    assert all(not p.left_out for p in dataset.problems)
    assert all(problem(dataset, code).path == "a.csv" for code in noted)
    assert len(dataset.samples) == 19


def test_copies_stay_together_and_contradictions_go(tmp_path: Path) -> None:
    same = [("the very same", "good"), ("the  <i>very</i> same", "good")]
    twice = [("both good and bad", "good"), ("both good and bad", "bad")]
    dataset = scanned(written(tmp_path / "a.csv", [*ROWS, *same, *twice]))
    assert problem(dataset, "text.repeated").values["count"] == 1
    assert problem(dataset, "text.two_labels").values["count"] == 2
    groups = [s.group for s in dataset.samples if s.group]
    assert len(groups) == 2
    assert len(set(groups)) == 1
    assert len(dataset.samples) == 14


def test_odd_files_are_listed(tmp_path: Path) -> None:
    for at, (text, label) in enumerate(ROWS):
        path = tmp_path / label / f"{at}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"<p>{text}</p>")
    (tmp_path / "good" / "empty.txt").write_bytes(b"")
    (tmp_path / "good" / "picture.txt").write_bytes(b"\x89PNG" + bytes(range(256)) * 8)
    dataset = scanned(tmp_path)
    assert problem(dataset, "text.empty_file").path == "good/empty.txt"
    assert problem(dataset, "text.not_text").path == "good/picture.txt"
    assert problem(dataset, "text.markup").values["count"] == 12
    assert len(dataset.samples) == 12


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "data.table_no_rows"),
        ("just a text\nanother text\n", "text.one_column"),
        ("text,label\n", "data.table_no_rows"),
        ("text,label\n,a\n,b\n", "data.manifest_empty"),
        ("".join(f"text {at},label {at}\n" for at in range(1200)), "text.too_many_classes"),
    ],
)
def test_tables_of_no_use(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(UserError) as caught:
        scanned(path)
    assert caught.value.code == code
    assert str(caught.value)


def test_sources_of_no_use(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        scanned(tmp_path / "gone")
    with pytest.raises(UserError) as caught:
        scanned(tmp_path)
    assert caught.value.code == "data.empty"


def test_many_rows_are_scanned_in_time(tmp_path: Path) -> None:
    rows = [(f"text {at} with some words of its own in it", str(at % 3)) for at in range(20_000)]
    path = written(tmp_path / "many.csv", rows)
    counts: list[int] = []
    began = time.process_time()
    dataset = files.scan(DataOptions(path=str(path)), counts.append)
    assert time.process_time() - began < 8
    assert len(dataset.samples) == 20_000
    assert counts[-1] == 20_000
    assert counts == sorted(counts)


# -- how long they are


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("", 2, 2), ("one two, three.", 5, 10), ("很快，好吃", 6, 9), ("a" * 50, 2, 5)],
)
def test_tokens_are_estimated(text: str, low: float, high: float) -> None:
    assert low <= lengths.expected_tokens(text) <= high


def test_the_length_suits_nearly_all_texts() -> None:
    short, long = "a few words here", "word " * 5000
    assert lengths.suitable_tokens([short] * 100) == lengths.FEWEST_TOKENS
    assert lengths.suitable_tokens([short] * 999 + [long]) == lengths.FEWEST_TOKENS
    assert lengths.suitable_tokens([long] * 10) == MOST_TOKENS
    assert lengths.suitable_tokens(["word " * 60] * 10) % lengths.STEP == 0


@pytest.mark.parametrize("first", ["long", "short"])
def test_the_length_is_measured_on_all_classes_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """The texts of the first class, or those that the threads read first, do not decide."""
    monkeypatch.setattr(lengths, "MEASURED", 40)
    for at in range(60):
        for name in ("a_first", "b_second"):
            long = (name == "a_first") == (first == "long")
            text = f"number {at} " + "word " * (100 if long else 3)
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / f"{at}.txt").write_text(text)
    assert scanned(tmp_path).input["tokens"] == 128


def test_the_length_does_not_depend_on_the_order() -> None:
    texts = [f"{at} " + "word " * (at % 97) for at in range(lengths.MEASURED + 2000)]
    assert lengths.suitable_tokens(texts) == lengths.suitable_tokens(texts[::-1]) == 120


# -- single texts


def test_what_to_predict(tmp_path: Path) -> None:
    input = TextInput(text_column="text")
    table = written(tmp_path / "a.csv", [*ROWS[:2], ("", "bad")])
    (tmp_path / "b.txt").write_text("a text of its own")
    (tmp_path / "c.bin").write_bytes(b"\0")
    listed = [path.name for path in reading.list_files([tmp_path], input)]
    assert listed == ["a.csv#2", "a.csv#3", "a.csv#4", "b.txt"]  # a row without text is told
    bare = written(tmp_path / "d.csv", [("only texts here",), ("and here",)], header="")
    assert [p.name for p in reading.list_files([bare], input)] == ["d.csv#1", "d.csv#2"]
    assert reading.read(Path(f"{bare}#2"), input) == "and here"
    assert reading.read(Path(f"{table}#3"), input) == ROWS[1][0]


def test_texts_that_cannot_be_read(tmp_path: Path) -> None:
    input = TextInput()
    table = written(tmp_path / "a.csv", ROWS)
    for path, code in (
        (tmp_path / "gone.txt", "input.vanished"),
        (tmp_path / "gone.csv#3", "input.vanished"),
        (Path(f"{table}#99"), "text.no_row"),
    ):
        with pytest.raises(UserError) as caught:
            reading.read(path, input)
        assert caught.value.code == code
        found = reading.check(path)
        assert found is not None
        assert found.code == code
    assert reading.check(Path(f"{table}#2")) is None


def test_digests_tell_texts_apart(tmp_path: Path) -> None:
    table = written(tmp_path / "a.csv", ROWS)
    input = TextInput()
    first, second = (reading.digest(Path(f"{table}#{row}"), input) for row in (2, 3))
    assert first != second
    (tmp_path / "same.txt").write_text(ROWS[0][0])
    assert reading.digest(tmp_path / "same.txt", input) == first


def test_a_byte_order_mark_wins_over_the_chosen_encoding(tmp_path: Path) -> None:
    """What is typed into the window is marked, whatever the model's data were written in."""
    path = tmp_path / "typed.txt"
    path.write_text("很好吃", encoding="utf-8-sig")
    assert reading.read_file(path, "gb18030") == "很好吃"
    path.write_text("很好吃", encoding="gb18030")
    assert reading.read_file(path, "gb18030") == "很好吃"


def test_tables_that_are_not_used_are_told(tmp_path: Path) -> None:
    rows = [("good bread", "1"), ("bad bread", "0")] * 4
    written(tmp_path / "a" / "reviews.csv", rows)
    assert not scanned(tmp_path / "a").problems[1:]
    written(tmp_path / "a" / "more" / "others.csv", rows)
    told = problem(scanned(tmp_path / "a"), "text.more_tables")
    assert (told.path, told.left_out, told.values) == (
        "more/others.csv",
        True,
        {"count": 1, "names": "more/others.csv"},
    )
    for name in ("train.csv", "test.csv"):
        written(tmp_path / "a" / name, rows)
    told = problem(scanned(tmp_path / "a", copied_test="keep"), "text.more_tables")
    assert (told.path, told.values) == (
        "reviews.csv",
        {"count": 2, "names": "reviews.csv, more/others.csv"},
    )


AUTHORS = [
    (str(at), f"text number {at}, of some length", "Anna" if at % 2 else "Ben") for at in range(12)
]


@pytest.mark.parametrize(
    ("header", "columns"),
    [("id,text,author", (0, 1, 2)), ("text,autor", (1, 2)), ("text,author,date", (1, 2, 3))],
)
def test_the_author_may_be_the_class(header: str, columns: tuple[int, ...], tmp_path: Path) -> None:
    rows = [(*row, f"1997-01-{1 + int(row[0]) % 9:02}") for row in AUTHORS]
    path = written(tmp_path / "t.csv", [tuple(row[at] for at in columns) for row in rows], header)
    with pytest.raises(Question) as asked:
        scanned(path)
    name = header.split(",")[-1 if "date" not in header else 1]
    assert (asked.value.code, list(asked.value.choices)) == ("data.only_column", [name])
    dataset = scanned(path, label_column=name)
    assert (dataset.classes, dataset.counts()) == (("Anna", "Ben"), [6, 6])
    assert not any(sample.group for sample in dataset.samples)


def test_the_author_beside_numbers_may_be_the_class(tmp_path: Path) -> None:
    rows = [(text, author, str(len(number))) for number, text, author in AUTHORS]
    with pytest.raises(Question) as asked:
        scanned(written(tmp_path / "t.csv", rows, "text,author,digits"))
    assert list(asked.value.answers) == ["author", "digits", "author, digits"]
    moods = [(text, "ab"[int(number) % 3 > 0], author) for number, text, author in AUTHORS]
    dataset = scanned(written(tmp_path / "m.csv", moods, "text,mood,author"))
    assert (dataset.classes, dataset.chosen["group_column"]) == (("a", "b"), "author")


def test_a_column_with_another_value_in_each_row_tells_no_classes(tmp_path: Path) -> None:
    rows = [(number, text) for number, text, _author in AUTHORS]
    with pytest.raises(UserError) as refused:
        scanned(written(tmp_path / "t.csv", rows, "id,text"))
    assert (refused.value.code, refused.value.note.values["column"]) == (
        "text.too_many_classes",
        "id",
    )


def test_a_class_that_stands_in_the_first_row_of_a_block(tmp_path: Path) -> None:
    rows = [
        (
            f"text number {at}, of some length",
            ("law", "art", "law", "sea")[at // 4] if at % 4 == 0 else "",
        )
        for at in range(16)
    ]
    path = written(tmp_path / "t.csv", rows)
    with pytest.raises(Question) as asked:
        scanned(path)
    assert (asked.value.setting, asked.value.note.values["count"]) == ("data.options.fill_down", 12)
    filled = scanned(path, fill_down="yes")
    assert dict(zip(filled.classes, filled.counts(), strict=True)) == {"art": 4, "law": 8, "sea": 4}
    assert filled.chosen["fill_down"] == "yes"
    left = scanned(path, fill_down="no")
    assert (len(left.samples), problem(left, "rows.no_label").values["count"]) == (4, 12)
    half = [(text, ROWS[at % 12][1] if at % 3 else "") for at, (text, _label) in enumerate(rows)]
    assert (
        len(scanned(written(tmp_path / "half.csv", half)).samples) == 10
    )  # labelled here and there


def test_sentences_with_their_class_behind_an_at(tmp_path: Path) -> None:
    """As in the Financial PhraseBank."""
    lines = [
        f"Profit of the company rose by {n} % .@{('neutral', 'positive')[n % 2]}" for n in range(12)
    ]
    path = tmp_path / "Sentences_AllAgree.txt"
    path.write_text("\n".join(lines) + "\n", encoding="latin-1")
    (tmp_path / "README.txt").write_text("Write to a@b.org\n")
    found = scanned(tmp_path)
    assert (found.classes, found.counts()) == (("neutral", "positive"), [6, 6])
    assert "Profit of the company rose by 1 % ." in texts(found)


def test_texts_and_classes_in_two_files_are_told(tmp_path: Path) -> None:
    """As of TweetEval."""
    for part in ("train", "test"):
        (tmp_path / f"{part}_text.txt").write_text("".join(f"tweet {n}\n" for n in range(9)))
        (tmp_path / f"{part}_labels.txt").write_text("".join(f"{n % 3}\n" for n in range(9)))
    with pytest.raises(UserError) as refused:
        scanned(tmp_path)
    assert refused.value.code == "text.by_lines"
    assert "_text.txt" in str(refused.value)
    assert "_labels.txt" in str(refused.value)


def test_pairs_of_texts_and_classes_in_lists_of_parts(tmp_path: Path) -> None:
    """As of CLINC150."""
    parts = {"train": 8, "oos_train": 2, "val": 4, "oos_test": 2, "test": 4}
    tree = {
        name: [
            [f"{name} question {n}", "oos" if "oos" in name else "ab"[n % 2]] for n in range(count)
        ]
        for name, count in parts.items()
    }
    (tmp_path / "data.json").write_text(json.dumps(tree))
    found = scanned(tmp_path)
    assert dict(zip(found.classes, found.counts(), strict=True)) == {"a": 8, "b": 8, "oos": 4}
    assert Counter(s.split for s in found.samples) == {"train": 10, "val": 4, "test": 6}


def test_headings_that_are_questions_of_a_form(tmp_path: Path) -> None:
    heads = ("Which year are you in?", "How satisfied are you with the canteen here? (1-5)",
             "What would you like to tell us?", "Email Address", "Topic")  # fmt: skip
    rows = [
        (
            f"Year {n % 3}",
            str(1 + n % 5),
            f"I think that text {n} is long",
            f"{n // 2}@x.org",
            "ab"[n % 2],
        )
        for n in range(12)
    ]
    found = scanned(
        written(tmp_path / "answers.csv", rows, ",".join(f'"{head}"' for head in heads))
    )
    assert (found.classes, found.counts()) == (("a", "b"), [6, 6])
    assert found.chosen["text_column"] == "What would you like to tell us?"
    assert len({sample.group for sample in found.samples}) == 6


def test_two_columns_that_are_called_as_labels_are_asked_about(tmp_path: Path) -> None:
    rows = [(f"a comment of number {n}", str(1 + n % 3), "ab"[n % 2]) for n in range(12)]
    with pytest.raises(Question) as asked:
        scanned(written(tmp_path / "t.csv", rows, "Comment,Stars,Topic"))
    assert sorted(asked.value.answers) == ["Stars", "Stars, Topic", "Topic"]


def test_remarks_beside_the_texts_are_no_texts(tmp_path: Path) -> None:
    rows = [
        (f"an answer of some length, number {n}", "ab"[n % 2], "?" * (n < 2)) for n in range(12)
    ]
    found = scanned(written(tmp_path / "t.csv", rows, "Beitrag,Urteil,Kommentar"))
    assert found.chosen["text_column"] == "Beitrag"
    assert found.counts() == [6, 6]


def test_tables_that_are_a_class_each_may_have_a_column_that_comes_again(tmp_path: Path) -> None:
    """As of Fake.csv and True.csv, with a column subject."""
    for name, subjects in (("Fake", ("News", "politics")), ("True", ("worldnews", "politicsNews"))):
        rows = [(f"{name} headline {n}", f"a text that is {name}, number {n}", subjects[n % 2])
                for n in range(8)]  # fmt: skip
        written(tmp_path / f"{name}.csv", rows, "title,text,subject")
    with pytest.raises(Question) as asked:
        scanned(tmp_path)
    assert (asked.value.code, asked.value.guess) == ("text.table_classes", "classes")
    found = scanned(tmp_path, tables="classes")
    assert (found.classes, found.counts()) == (("Fake", "True"), [8, 8])
    assert not any(sample.group for sample in found.samples)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".jsonl"])
@pytest.mark.parametrize("signs", [("1", "0"), ("x", ""), ("ja", "nein")])
def test_columns_that_are_a_class_each(tmp_path: Path, ending: str, signs: tuple[str, str]) -> None:
    names = ("books", "kitchen", "films")
    rows = [
        (str(n), f"this is text number {n}", *(signs[each != n % 3] for each in range(3)))
        for n in range(30)
    ]
    rows[3] = ("3", "this one has two", signs[0], signs[0], signs[1])
    rows[4] = ("4", "this one has none", *[signs[1]] * 3)
    header = ("id", "text", *names)
    path = tmp_path / f"t{ending}"
    if ending == ".csv":
        written(path, rows, ",".join(header))
    elif ending == ".xlsx":
        workbook(path, texts=[header, *rows])
    else:
        lines = (json.dumps(dict(zip(header, row, strict=True))) for row in rows)
        path.write_text("\n".join(lines) + "\n")
    found = scanned(path)
    counts = Counter(found.classes[sample.label] for sample in found.samples)
    assert counts == {"books": 9, "kitchen": 9, "films": 10, "books; kitchen": 1, "(none)": 1}
    assert found.targets.names == ("books", "films", "kitchen")
    assert problem(found, "data.without_labels").values["count"] == 1
    one = scanned(path, objective="one_class")
    assert dict(zip(one.classes, one.counts(), strict=True)) == {
        "books": 9, "kitchen": 9, "films": 10,
    }  # fmt: skip
    assert one.chosen["label_column"] == "books | kitchen | films"
    assert problem(one, "rows.several_labels").values["count"] == 1
    assert problem(one, "rows.no_label").values["count"] == 1
    assert texts(found)[0].startswith("this is text number")


def test_texts_in_files_are_the_same_whatever_ends_their_lines(tmp_path: Path) -> None:
    for label in ("letter", "note"):
        for n in range(12):
            path = tmp_path / label / f"{n}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"This is {label} number {n}.\nIt has two lines.\n")
    said = "The same in every one.\nGrüße\n"
    for n, data in enumerate(
        (said.encode(), said.replace("\n", "\r\n").encode(), (said + "\n\n").encode(),
         said.encode("utf-16"), said.encode("cp1252"))
    ):  # fmt: skip
        (tmp_path / "note" / f"copy {n}.txt").write_bytes(data)
    (tmp_path / "letter" / "both.txt").write_text("Of two classes.\n")
    (tmp_path / "note" / "both.txt").write_text("Of two classes.")
    found = scanned(tmp_path)
    groups = {s.group for s in found.samples if "copy" in s.path}
    assert len(groups) == 1
    assert None not in groups
    assert not [s.path for s in found.samples if "both" in s.path]
    codes = Counter(each.code for each in found.problems)
    assert codes == {"data.duplicate": 4, "data.two_classes": 2}


def test_a_text_file_for_each_class_with_a_text_on_each_line(tmp_path: Path) -> None:
    for label in ("praise", "complaint"):
        lines = [f"This is {label}, number {n}" + ", and" * (n % 4) for n in range(12)]
        (tmp_path / f"{label}.txt").write_text("\n".join(lines) + "\n")
    with pytest.raises(Question) as asked:
        scanned(tmp_path)
    assert (asked.value.setting, asked.value.guess) == ("data.options.tables", "classes")
    found = scanned(tmp_path, tables="classes")
    counts = Counter(found.classes[sample.label] for sample in found.samples)
    assert counts == {"praise": 12, "complaint": 12}
    assert texts(found)[0] == "This is complaint, number 0"


def test_a_few_texts_of_many_lines_are_no_lists(tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"essay {n}.txt").write_text("\n".join(["A line of it."] * 20))
    with pytest.raises(UserError) as refused:
        scanned(tmp_path)
    assert refused.value.code == "data.unsorted"


def test_a_backup_beside_a_table_is_left_out(tmp_path: Path) -> None:
    for name in ("books", "films"):
        written(
            tmp_path / f"{name}.csv", [(f"this is {name} number {n}",) for n in range(12)], "text"
        )
    written(
        tmp_path / "books - backup.csv", [(f"this is books number {n}",) for n in range(9)], "text"
    )
    written(tmp_path / "old films.csv", [(f"quite another {n}",) for n in range(9)], "text")
    found = scanned(tmp_path, tables="classes")
    assert Counter(found.classes[s.label] for s in found.samples) == {
        "books": 12, "films": 12, "old films": 9,
    }  # fmt: skip
    assert problem(found, "text.more_tables").values["names"] == "books - backup.csv"


def test_nearly_the_same_texts_are_kept_together_in_tables_and_folders(tmp_path: Path) -> None:
    long = "It came too late, was cold, and the sauce was missing as it was the last time"
    rows = [(f"this is text number {n} of them", "ab"[n % 2]) for n in range(20)]
    rows += [(f"{long}.", "a"), (f"FWD: {long}!! Regards, Ann", "a"), (f"{long} - really", "b")]
    table = written(tmp_path / "t.csv", rows)
    for n, (text, label) in enumerate(rows):
        path = tmp_path / "folders" / label / f"{n}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = scanned(table)
    assert problem(found, "text.near").values["count"] == 1
    assert Counter(s.group for s in found.samples if s.group) == {"t.csv#22": 2}
    below = scanned(tmp_path / "folders")
    assert problem(below, "data.near_duplicate").path == "a/21.txt"
    assert Counter(s.group for s in below.samples if s.group) == {"a/20.txt": 2}


WHO = ("Ann", "Bo", "Cleo", "Dan", "Eve", "Fay")


def test_text_files_beside_tables_and_columns_of_customers_are_named(tmp_path: Path) -> None:
    rows = [(f"this is text number {n}", "ab"[n % 2], WHO[n % 5]) for n in range(24)]
    written(tmp_path / "t.csv", rows, "text,label,who")
    (tmp_path / "opening hours.txt").write_text("Nine to five.")
    found = scanned(tmp_path)
    assert problem(found, "text.files_beside").values == {"count": 1, "names": "opening hours.txt"}
    assert problem(found, "data.columns_may_group").values["first"] == "who"
    assert not [s for s in scanned(tmp_path, group_column="who").samples if s.group is None]


def test_another_workbook_beside_a_table_for_each_class_is_left_out(tmp_path: Path) -> None:
    for name in ("book", "film", "house"):
        written(tmp_path / f"{name}.csv", [(f"a {name}, number {n}",) for n in range(9)], "remark")
    rows = [("subject", "count"), ("books", "9"), ("films", "9"), ("books", "2")]
    workbook(tmp_path / "summary.xlsx", counts=[list(row) for row in rows])
    with pytest.raises(Question) as asked:
        scanned(tmp_path)
    assert asked.value.guess == "classes"
    assert "contains 3 tables" in str(asked.value)
    found = scanned(tmp_path, tables="classes")
    assert Counter(found.classes[s.label] for s in found.samples) == {
        "book": 9, "film": 9, "house": 9,
    }  # fmt: skip
    assert problem(found, "text.more_tables").values["names"] == "summary.xlsx"


def test_a_type_of_texts_is_not_believed_beside_a_subject(tmp_path: Path) -> None:
    rows = [(f"this is text number {n}", "ab"[n % 2] + "x", "cde"[n % 3] + "y") for n in range(24)]
    written(tmp_path / "t.csv", rows, "text,type,subject")
    with pytest.raises(Question) as asked:
        scanned(tmp_path)
    assert list(asked.value.answers) == ["type", "subject", "type, subject"]


def test_a_table_that_names_letters_without_their_endings(tmp_path: Path) -> None:
    rows = []
    for n in range(12):
        (tmp_path / f"letter {n}.txt").write_text(f"Dear all, this is the letter number {n}.")
        rows.append((f"letter {n}", f"about {n}", "ab"[n % 2]))
    table = written(tmp_path / "list.csv", rows, "letter,subject,office")
    found = scanned(table, label_column="office")
    assert texts(found)[0] == "Dear all, this is the letter number 0."
    assert Counter(found.classes[s.label] for s in found.samples) == {"a": 6, "b": 6}
