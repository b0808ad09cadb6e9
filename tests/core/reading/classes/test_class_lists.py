"""Lists beside the data that say what class numbers and codes are called."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import bad_files
from transfergui.core import registry
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions, Dataset, Sample
from transfergui.core.reading.classes import class_lists
from transfergui.core.reading.files.walk import RUN
from transfergui.core.reading.listings.listing import Listing

CODES = ["0", "1", "2"]
NAMES = {"0": "Stop", "1": "Yield", "2": "No entry"}
TABLE = "ClassId,SignName\n0,Stop\n1,Yield\n2,No entry\n"


def scan(path: Path, key: str = "image", **options: Any) -> Dataset:
    return registry.modality(key).scan(DataOptions(path=str(path), options=options))


def signs(folder: Path, codes: list[str] = CODES) -> Path:
    for seed, code in enumerate(codes):
        bad_files.make_class(folder / code, 4, seed=seed)
    return folder


FITTING: dict[str, str] = {
    "signnames.csv": TABLE,
    "classes.csv": "id;name\n2;No entry\n0;Stop\n1;Yield\n",
    "label_names.tsv": "name\tlabel\nStop\t0\nYield\t1\nNo entry\t2\n",
    "classes.txt": "0 Stop\n1 Yield\n2 No entry\n",
    "map.txt": "Stop 0\nYield 1\nNo-entry 2\n",
    "labels.txt": "Stop\nYield\nNo entry\n",
    "obj.names": "Stop\nYield\nNo entry\n",
    "data.yaml": "nc: 3\nnames: [Stop, Yield, No entry]\n",
    "cat_to_name.json": json.dumps(NAMES),
    "class_indices.json": json.dumps({name: int(code) for code, name in NAMES.items()}),
    "config.json": json.dumps({"id2label": NAMES, "hidden": 3}),
    "info.json": json.dumps({"features": {"label": {"names": list(NAMES.values())}}}),
    "coco.json": json.dumps({"categories": [{"id": int(c), "name": n} for c, n in NAMES.items()]}),
    "meta/names.csv": TABLE,
    "dataset_infos.json": json.dumps(
        {"default": {"features": {"label": {"names": list(NAMES.values()), "_type": "ClassLabel"}}}}
    ),
    "README.md": """---
license: cc-by-4.0
dataset_info:
- config_name: default
  features:
  - name: image
    dtype: image
  - name: caption
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': Stop
          '1': Yield
          '2': No entry
  splits:
  - name: train
---
# Signs
""",
    "readme.md": """---
dataset_info:
  features:
  - name: label
    dtype:
      class_label:
        names:
        - Stop
        - "Yield"
        - No entry
---
""",
}


@pytest.mark.parametrize("name", FITTING)
def test_a_list_that_names_every_number(name: str, tmp_path: Path) -> None:
    bad_files.write(tmp_path / name, FITTING[name].encode())
    found = class_lists.find(tmp_path, CODES)
    assert [each.key for each in found] == [name]
    assert {code: n.replace("-", " ") for code, n in found[0].names.items()} == NAMES


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("signnames.csv", "ClassId,SignName\n0,Stop\n1,Yield\n"),  # one is missing
        ("sizes.csv", "id,size\n0,10\n1,20\n2,30\n"),  # no names, but numbers
        ("kinds.csv", "id,kind\n0,sign\n1,sign\n2,light\n"),  # two have the same
        ("samples.csv", "id,name\n0,a\n0,b\n1,c\n2,d\n"),  # a row for each sample
        ("readme.txt", "Road signs\nby someone\n2024\n"),
        ("classes.txt", "Stop\nYield\n"),
        ("broken.json", "{"),
        ("deep.json", "[" * 100_000),
        ("files.json", json.dumps(["a.jpg", "b.jpg", "c.jpg", "d.jpg"])),
    ],
)
def test_what_names_no_classes(name: str, text: str, tmp_path: Path) -> None:
    bad_files.write(tmp_path / name, text.encode())
    assert class_lists.find(tmp_path, CODES) == []


def test_numbers_are_named_noted_and_can_be_kept(tmp_path: Path) -> None:
    signs(tmp_path)
    (tmp_path / "signnames.csv").write_text(TABLE)
    dataset = scan(tmp_path)
    assert dataset.classes == ("No entry", "Stop", "Yield")
    assert {s.path.split("/")[0]: dataset.classes[s.label] for s in dataset.samples} == NAMES
    assert dataset.chosen["class_names"] == "signnames.csv"
    assert list(dataset.choices["class_names"]) == ["signnames.csv", "-"]
    noted = [p for p in dataset.problems if p.path == "signnames.csv"]
    assert [p.sentence() for p in noted] == [
        "signnames.csv gives the names of the 3 classes: 0 = Stop, 1 = Yield, 2 = No entry."
    ]
    kept = scan(tmp_path, class_names="-")
    assert kept.classes == ("0", "1", "2")
    assert kept.chosen["class_names"] == "-"


def test_synsets_and_zeros_in_front(tmp_path: Path) -> None:
    signs(tmp_path / "a", ["n02085620", "n02085782"])
    (tmp_path / "a" / "words.txt").write_text("n02085620 Chihuahua\nn02085782 Japanese spaniel\n")
    assert scan(tmp_path / "a").classes == ("Chihuahua", "Japanese spaniel")
    signs(tmp_path / "b", ["00", "01", "02"])
    (tmp_path / "b" / "names.csv").write_text(TABLE)
    assert scan(tmp_path / "b").classes == ("No entry", "Stop", "Yield")


def test_classes_that_have_names_are_left_alone(tmp_path: Path) -> None:
    signs(tmp_path, ["cat", "dog"])
    (tmp_path / "latin.csv").write_text("name,latin\ncat,Felis catus\ndog,Canis lupus\n")
    dataset = scan(tmp_path)
    assert dataset.classes == ("cat", "dog")
    assert "class_names" not in dataset.chosen
    assert scan(tmp_path, class_names="latin.csv").classes == ("cat", "dog")
    with pytest.raises(UserError, match=r"“latin\.txt” is not a list"):
        scan(tmp_path, class_names="latin.txt")


def test_lines_may_count_from_0_or_from_1(tmp_path: Path) -> None:
    signs(tmp_path, ["1", "2"])
    listed = tmp_path / "classes.txt"
    listed.write_text("Stop\nYield\n")  # two classes, two lines: the first line is 1
    assert scan(tmp_path).classes == ("Stop", "Yield")
    listed.write_text("Stop\nYield\nNo entry\n")
    with pytest.raises(Question) as caught:
        scan(tmp_path)
    assert caught.value.setting == "data.options.class_names"
    assert list(caught.value.choices) == ["classes.txt:0", "classes.txt:1", "-"]
    assert "1 = Yield, 2 = No entry" in caught.value.choices["classes.txt:0"]
    assert scan(tmp_path, class_names="classes.txt:0").classes == ("No entry", "Yield")
    assert scan(tmp_path, class_names="classes.txt:1").classes == ("Stop", "Yield")


def test_two_columns_of_names_are_asked(tmp_path: Path) -> None:
    signs(tmp_path)
    (tmp_path / "names.csv").write_text("id,en,de\n0,Stop,Halt\n1,Yield,Vorfahrt\n2,No,Kein\n")
    with pytest.raises(Question) as caught:
        scan(tmp_path)
    assert list(caught.value.choices) == ["names.csv:en", "names.csv:de", "-"]
    assert scan(tmp_path, class_names="names.csv:de").classes == ("Halt", "Kein", "Vorfahrt")


def test_an_unknown_list_is_refused(tmp_path: Path) -> None:
    signs(tmp_path)
    (tmp_path / "signnames.csv").write_text(TABLE)
    with pytest.raises(UserError, match=r"“nothing\.csv” is not a list.*signnames\.csv"):
        scan(tmp_path, class_names="nothing.csv")


def test_texts_with_numbers(tmp_path: Path) -> None:
    rows = [f"{1 + n % 2},the text number {n} of this kind\n" for n in range(12)]
    (tmp_path / "train.csv").write_text("label,text\n" + "".join(rows))
    (tmp_path / "classes.txt").write_text("World\nSports\n")
    dataset = scan(tmp_path, "text")
    assert dict(zip(dataset.classes, dataset.counts(), strict=True)) == {"Sports": 6, "World": 6}


def test_a_card_with_two_columns_of_classes_is_asked_about(tmp_path: Path) -> None:
    column = "  - name: {}\n    dtype:\n      class_label:\n        names:\n{}"
    names = {"sign": ("Stop", "Yield", "No entry"), "form": ("octagon", "triangle", "circle")}
    text = [column.format(name, "".join(f"          '{n}': {each}\n" for n, each in enumerate(of)))
            for name, of in names.items()]  # fmt: skip
    head = "---\ndataset_info:\n  features:\n" + "".join(text) + "---\n"
    (tmp_path / "README.md").write_text(head)
    found = class_lists.find(tmp_path, CODES)
    assert [each.key for each in found] == ["README.md:sign", "README.md:form"]
    assert list(found[1].names.values()) == ["octagon", "triangle", "circle"]
    signs(tmp_path)
    with pytest.raises(Question) as caught:
        scan(tmp_path)
    assert caught.value.code == "data.class_names"
    assert scan(tmp_path, class_names="README.md:form").classes == ("circle", "octagon", "triangle")


def test_a_readme_without_names_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Signs\n\n0 Stop\n1 Yield\n2 No entry\n")
    assert class_lists.find(tmp_path, CODES) == []


def test_names_on_another_sheet_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["photo", "when"], *([f"{n}.jpg", "May"] for n in range(20))):
        book.active.append(row)
    sheet = book.create_sheet("Codes")
    for row in (["code", "meaning"], *NAMES.items()):
        sheet.append(list(row))
    book.save(tmp_path / "signs.xlsx")
    (found,) = class_lists.find(tmp_path, CODES)
    assert (found.key, found.names) == ("signs.xlsx", NAMES)


def test_numbered_rows_of_the_data_are_no_names_of_classes(tmp_path: Path) -> None:
    """Texts were called classes: their numbers are 0 and 1, too."""
    rows = [f"{n},a text of some length about {n},{n % 2}" for n in range(30)]
    (tmp_path / "train.csv").write_text("\n".join(["id,text,target", *rows]))
    more = [f"{n},another text about {n}" for n in range(100)]
    (tmp_path / "test.csv").write_text("\n".join(["id,text", *more]))
    dataset = scan(tmp_path, "text")
    assert dataset.classes == ("0", "1")
    bad_files.make_class(tmp_path / "pictures" / "img", 8, seed=0)
    rows = [f"{n},0{n}.jpg,{n % 2}" for n in range(8)]
    (tmp_path / "pictures" / "list.csv").write_text("\n".join(["id,photo,class", *rows]))
    assert scan(tmp_path / "pictures").classes == ("0", "1")


@pytest.mark.parametrize("named", ["other.txt", "/etc/passwd", "../names.txt"])
def test_names_are_only_looked_for_in_the_data(tmp_path: Path, named: str) -> None:
    (tmp_path / "names.txt").write_text("cat\ndog\n")
    (tmp_path / "data").mkdir()
    listing = Listing(tmp_path / "data", [Sample("a/1.jpg", 0), Sample("b/1.jpg", 1)], ["a", "b"])
    options = DataOptions(path=str(tmp_path), options={"class_names": named})
    with pytest.raises(UserError) as refused:
        class_lists.apply(listing, options)
    assert refused.value.code == "data.unknown_class_names"


def test_the_files_of_a_run_beside_the_data_are_no_lists(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "predictions.csv").write_text(TABLE)
    assert [each.key for each in class_lists.find(tmp_path, CODES)] == ["run/predictions.csv"]
    for name in RUN:
        (run / name).write_text("{}")
    assert class_lists.find(tmp_path, CODES) == []
