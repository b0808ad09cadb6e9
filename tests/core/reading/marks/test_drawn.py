"""Boxes are read themselves, whatever wrote them; what is wrong with them is counted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from transfergui.core import registry
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.boxes import parsed_boxes
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.targets import BOXES, NONE_OF_THEM
from transfergui.core.reading.marks import json_lists, picture_files, picture_lists, row_files
from transfergui.core.reading.marks.pages import Stored
from transfergui.core.reading.marks.placed import placed

W, H = 40, 20
DRAWN = {
    "a": [("red cell", 4, 2, 20, 12), ("猫", 0, 0, 40, 20)],
    "b": [("red cell", 10, 5, 11, 6)],
    "c": [("猫", 2, 4, 30, 18), ("猫", 3, 4, 30, 18)],
    "d": [("猫", 20, 10, 40, 20)],
}
"""What is in four pictures of 40 x 20 pixels; in ``e.JPG`` is nothing."""
NAMES = ("red cell", "猫")


def pictures(root: Path, *names: str, size: tuple[int, int] = (W, H), turned: int = 1) -> None:
    for at, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        exif = Image.Exif()
        exif[0x0112] = turned
        noise = Image.effect_noise((8, 8), 60 + 20 * at).resize(size).convert("RGB")
        noise.save(root / name, format="JPEG", exif=exif)


def scan(root: Path, **options: object) -> Dataset:
    return registry.modality("image").scan(DataOptions(path=str(root), **options))


def texts(found: Dataset) -> dict[str, str]:
    return {Path(s.path).stem: found.classes[s.label] for s in found.samples}


def codes(found: Dataset) -> dict[str, int]:
    assert all(problem.sentence() for problem in found.problems)
    kept = [p for p in found.problems if p.code.startswith(("data.box", "data.no_boxes"))]
    return {p.code: p.values.get("count", 1) for p in kept}


def write(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def dump(path: Path, tree: object) -> None:
    write(path, json.dumps(tree))


EVERY = {**DRAWN, "e": []}
SIDES = ("xmin", "ymin", "xmax", "ymax")


def voc(things: list[tuple], size: str = f"<width>{W}</width><height>{H}</height>") -> str:
    inside = "".join(
        f"<object><name>{name}</name><part><name>x</name></part><bndbox>"
        + "".join(f"<{s}>{v}</{s}>" for s, v in zip(SIDES, sides, strict=True))
        + "</bndbox></object>"
        for name, *sides in things
    )
    return f"<annotation><size>{size}</size>{inside}</annotation>"


def as_voc(root: Path) -> None:
    for name, things in EVERY.items():
        write(root / f"Annotations/{name}.XML", voc(things))
    write(root / "ImageSets/Main/train.txt", "a\nb\ne\n")
    write(root / "ImageSets/Main/val.txt", "c\nd\n")


def shares(sides: list[int]) -> list[float]:
    left, top, right, bottom = (v / e for v, e in zip(sides, (W, H, W, H), strict=True))
    return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]


def as_yolo(root: Path) -> None:
    for name, things in DRAWN.items():  # e has no file
        rows = [f"{NAMES.index(n)} {' '.join(map(str, shares(sides)))}" for n, *sides in things]
        write(root / f"labels/{name}.txt", "\ufeff" + "\r\n".join(rows))
    write(root / "data.yaml", "names: {0: 'red cell', 1: \"猫\"}  # two\n")


def as_yolo_outlines(root: Path) -> None:
    for name, things in EVERY.items():
        rows = []
        for n, left, top, right, bottom in things:
            points = [(left, top), (right, top), (right, bottom), (left, bottom)]
            rows.append(f"{NAMES.index(n)} " + " ".join(f"{x / W} {y / H}" for x, y in points))
        write(root / f"labels/{name}.txt", "\n".join(rows))
    write(root / "classes.txt", "\n".join(NAMES))


def as_coco(root: Path) -> None:
    images = [{"id": n, "file_name": f"C:\\data\\{name}{'.JPG' if name == 'e' else '.jpg'}",
               "width": W, "height": H} for n, name in enumerate(EVERY)]  # fmt: skip
    marks = [
        {"image_id": n, "category_id": NAMES.index(name) + 1, "bbox": [a, b, c - a, d - b]}
        for n, things in enumerate(EVERY.values())
        for name, a, b, c, d in things
    ]
    kinds = [{"id": n, "name": name} for n, name in enumerate(NAMES, 1)]
    dump(root / "_annotations.coco.json", {"images": images, "annotations": marks,
                                           "categories": kinds})  # fmt: skip


def as_labelme(root: Path) -> None:
    for n, (name, things) in enumerate(EVERY.items()):
        shapes = []
        for label, left, top, right, bottom in things:
            two = [[right, bottom], [left, top]]
            four = [[left, top], [right, top], [right, bottom], [left, bottom]]
            points, kind = (four, "rectangle") if n % 2 else (two, "rectangle")
            shapes.append({"label": label, "points": points, "shape_type": kind})
        tree = {"shapes": shapes, "imageData": "x" * 300_000, "imageWidth": W, "imageHeight": H}
        dump(root / f"{name}.json", tree)


def as_supervisely(root: Path) -> None:
    for name, things in EVERY.items():
        objects = [
            {"classTitle": n, "geometryType": "rectangle", "points": {"exterior": [[a, b], [c, d]]}}
            for n, a, b, c, d in things
        ]
        ending = "JPG" if name == "e" else "jpg"
        dump(root / f"ann/{name}.{ending}.json", {"objects": objects,
                                                  "size": {"width": W, "height": H}})  # fmt: skip


def as_cvat(root: Path) -> None:
    shown = "".join(
        f'<image name="{name}.jpg" width="{W}" height="{H}">'
        + "".join(
            f'<box label="{n}" xtl="{a}" ytl="{b}" xbr="{c}" ybr="{d}"/>'
            for n, a, b, c, d in things
        )
        + "</image>"
        for name, things in EVERY.items()
    )
    write(root / "annotations.xml", f"<annotations>{shown}</annotations>")


def as_label_studio(root: Path) -> None:
    tasks = []
    for name, things in EVERY.items():
        result = [
            {"original_width": W, "original_height": H, "value": {
                "x": 100 * a / W, "y": 100 * b / H, "width": 100 * (c - a) / W,
                "height": 100 * (d - b) / H, "rectanglelabels": [n]}}
            for n, a, b, c, d in things
        ]  # fmt: skip
        data = {"image": f"/data/upload/1/ab12cd34-{name}.jpg", "note": "seen"}
        tasks.append({"data": data, "annotations": [{"result": result}]})
    dump(root / "project.json", tasks)


def as_via(root: Path) -> None:
    tree = {}
    for name, things in EVERY.items():
        regions = [
            {"shape_attributes": {"name": "rect", "x": a, "y": b, "width": c - a, "height": d - b},
             "region_attributes": {"kind": n}}
            for n, a, b, c, d in things
        ]  # fmt: skip
        tree[f"{name}9"] = {"filename": f"{name}.jpg", "regions": regions}
    dump(root / "via.json", {"_via_img_metadata": tree})


def as_roboflow(root: Path) -> None:
    rows = [f"{name}.jpg,{W},{H},{n},{a},{b},{c},{d}"
            for name, things in DRAWN.items() for n, a, b, c, d in things]  # fmt: skip
    head = "filename,width,height,class,xmin,ymin,xmax,ymax"
    write(root / "_annotations.csv", "\n".join([head, *rows]))


def as_open_images(root: Path) -> None:
    rows = [f"{name},{n},{a / W},{c / W},{b / H},{d / H}"
            for name, things in DRAWN.items() for n, a, b, c, d in things]  # fmt: skip
    write(root / "boxes.csv", "\n".join(["ImageID,LabelName,XMin,XMax,YMin,YMax", *rows]))


@pytest.mark.parametrize(
    "written",
    [as_voc, as_yolo, as_yolo_outlines, as_coco, as_labelme, as_supervisely, as_cvat,
     as_label_studio, as_via, as_roboflow, as_open_images],
)  # fmt: skip
def test_boxes_are_read_from(written: Callable[[Path], None], tmp_path: Path) -> None:
    folder = "images" if written in (as_voc, as_yolo, as_yolo_outlines, as_supervisely) else "."
    pictures(tmp_path / folder, *(f"{name}.jpg" for name in DRAWN), "e.JPG")
    written(tmp_path)
    found = scan(tmp_path)
    assert (found.targets.objective, found.targets.names) == (BOXES, NAMES)
    assert texts(found) == {
        "a": "red cell 0.1 0.1 0.5 0.6; 猫 0 0 1 1",
        "b": "red cell 0.25 0.25 0.275 0.3",
        "c": "猫 0.05 0.2 0.75 0.9; 猫 0.075 0.2 0.75 0.9",
        "d": "猫 0.5 0.5 1 1",
        "e": NONE_OF_THEM,
    }
    unsaid = written in (as_yolo, as_roboflow, as_open_images)
    outlined = {"data.box_outlines": 6} if written is as_yolo_outlines else {}
    assert codes(found) == ({"data.box_without_file": 1} if unsaid else outlined)
    if written is as_voc:
        assert {Path(s.path).stem: s.split for s in found.samples}["c"] == "val"


def test_split_folders_and_lists_of_the_same_names(tmp_path: Path) -> None:
    """As Roboflow exports COCO: a list in each folder, and the names may come again."""
    for part, n in (("train", 0), ("valid", 1), ("test", 2)):
        pictures(tmp_path / part, "1.jpg", "2.jpg", "3.jpg")
        images = [{"id": k, "file_name": f"{k}.jpg", "width": W, "height": H} for k in (1, 2, 3)]
        marks = [{"image_id": k, "category_id": 1, "bbox": [n, 0, 10, 10]} for k in (1, 2, 3)]
        kinds = [{"id": 1, "name": "x"}, {"id": 0, "name": "things", "supercategory": "none"}]
        dump(tmp_path / part / "_annotations.coco.json",
             {"images": images, "annotations": marks, "categories": kinds})  # fmt: skip
    found = scan(tmp_path, options={"copied_test": "keep"})
    said = {s.path: (found.classes[s.label], s.split) for s in found.samples}
    assert said["valid/2.jpg"] == ("x 0.025 0 0.275 0.5", "val")
    assert said["test/1.jpg"] == ("x 0.05 0 0.3 0.5", "test")
    assert len(said) == 9


WRONG = [
    ("cut", (-4, 2, 20, 25)),
    ("outside", (50, 2, 60, 12)),
    ("flat", (4, 2, 4, 12)),
    ("negative", (20, 2, 4, 12)),
    ("nan", ("nan", 2, 4, 12)),
    ("huge", (2, 2, "1e308", 12)),
    ("endless", (2, 2, "1e999", 12)),
    ("", (2, 2, 4, 4)),
    ("comma; a", (2, 2, 4, 4)),
    ("twice", (2, 2, 4, 4)),
    ("twice", (2, 2, 4, 4)),
    ("words", ("two", 2, 4, 4)),
    ("salt & pepper", (0, 0, 40.6, 20)),
]


def test_wrong_boxes_are_counted_and_told(tmp_path: Path) -> None:
    pictures(tmp_path, "a.jpg", "b.jpg", "c.jpg")
    write(tmp_path / "a.xml", voc([(name, *sides) for name, sides in WRONG]))
    write(tmp_path / "b.xml", voc([("x", 0, 0, 9, 9)]).replace("</annotation>", "<obj"))
    write(tmp_path / "c.xml", voc([("x", 0, 0, 20, 10)], "<width>0</width><height>0</height>"))
    found = scan(tmp_path)
    assert codes(found) == {
        "data.box_cut": 2, "data.box_outside": 1, "data.box_sizeless": 2, "data.box_unreadable": 4,
        "data.box_repeated": 1, "data.box_file_broken": 1,
    }  # fmt: skip
    assert {**texts(found)} == {
        "a": "comma, a 0.05 0.1 0.1 0.2; cut 0 0.1 0.5 1; huge 0.05 0.1 1 0.6; "
        "salt & pepper 0 0 1 1; twice 0.05 0.1 0.1 0.2",
        "c": "x 0 0 0.5 0.5",  # the size of the picture itself
    }


@pytest.mark.parametrize(
    ("orientation", "said", "meant"),
    [
        (6, (H, W), "x 0 0 0.5 0.25"),  # the size of the upright picture: its boxes
        (6, (W, H), "x 0.5 0 1 0.25"),
        (3, (W, H), "x 0.75 0.5 1 1"),
    ],
)
def test_boxes_are_turned_with_pictures(
    orientation: int, said: tuple[int, int], meant: str, tmp_path: Path
) -> None:
    pictures(tmp_path, "a.jpg", "b.jpg", turned=orientation)
    width, height = said
    thing = ("x", 0, 0, 10, 10)
    for name in "ab":
        size = f"<width>{width}</width><height>{height}</height>"
        write(tmp_path / f"{name}.xml", voc([thing], size))
    found = scan(tmp_path)
    assert set(texts(found).values()) == {meant}
    assert ("data.box_turned" in codes(found)) == (said == (W, H))


def test_boxes_of_yolo_are_those_of_the_upright_picture() -> None:
    """So do those read them who write them."""
    page = row_files.read_rows(b"0 0.25 0.5 0.5 0.2", {"0": "x"}, row_files.FORMATS[1])
    found = placed(page, Stored(W, H, 6))
    assert (found.text, found.counts) == ("x 0 0.4 0.5 0.6", {})


def test_yolo_with_oddities(tmp_path: Path) -> None:
    pictures(tmp_path / "images/train", *(f"{n}.jpg" for n in range(4)))
    rows = ["0 0.5 0.5 0.2 0.2"] * 1 + [f"{n % 3} 0.5 0.5 0.{n + 1} 0.2" for n in range(20)]
    for n in range(4):
        write(tmp_path / f"labels/train/{n}.txt", "\n".join(rows))
    write(tmp_path / "labels/train/3.txt", "\n".join([*rows, "1 nan 0.5 0.2 0.2", "x 1 2"]))
    write(tmp_path / "labels/train/gone.txt", rows[0])
    write(tmp_path / "data.yaml", "names: [cat, 'dog, big']\n")
    found = scan(tmp_path)
    assert found.targets.names == ("2", "cat", "dog, big")
    told = codes(found)
    assert told["data.boxes_without_picture"] == 1
    assert told["data.box_unknown_class"] == 4 * 6
    assert told["data.box_unreadable"] == 2


def test_a_thousand_boxes_in_one_picture(tmp_path: Path) -> None:
    pictures(tmp_path, "a.jpg", "b.jpg", size=(1000, 1000))
    many = [(f"c{n % 7}", n % 990, n // 9, n % 990 + 3, n // 9 + 4) for n in range(1100)]
    write(tmp_path / "a.xml", voc(many, ""))
    write(tmp_path / "b.xml", voc(many[:1], ""))
    found = scan(tmp_path)
    label = next(s.label for s in found.samples if s.path == "a.jpg")
    assert len(found.targets.values[label]) == 5 * 1100
    assert codes(found) == {"data.box_many": 1100}


def test_what_else_may_be_predicted_of_pictures_with_boxes(tmp_path: Path) -> None:
    for n in range(4):
        pictures(tmp_path / "ab"[n % 2], f"{n}.jpg")
        write(
            tmp_path / f"xml/{n}.xml",
            voc([("red", 0, 0, 5, 5), ("white", 0, 0, 5, 6)][: 1 + n % 2]),
        )
    with pytest.raises(Question) as asked:
        scan(tmp_path)
    assert (asked.value.setting, asked.value.guess) == ("data.objective", BOXES)
    assert set(asked.value.choices) == {BOXES, "one_class", "several_labels"}
    assert scan(tmp_path, objective=BOXES).targets.objective == BOXES
    found = scan(tmp_path, objective="several_labels", options={"layout": "boxes"})
    assert set(found.classes) == {"red", "red; white"}
    found = scan(tmp_path, objective="one_class", options={"layout": "class"})
    assert found.classes == ("a", "b")


def test_boxes_in_a_table_of_labels_and_none_at_all(tmp_path: Path) -> None:
    pictures(tmp_path / "in", *(f"{n}.jpg" for n in range(4)))
    with pytest.raises(UserError) as refused:
        scan(tmp_path / "in", objective=BOXES)
    assert refused.value.note.code == "data.no_boxes_found"
    rows = ["path,label", "0.jpg,cat 0 0 .5 1; dog 0 0 1 1", "1.jpg,(none)", "2.jpg,dog 0 0 1 1"]
    write(tmp_path / "labels.csv", "\n".join(rows))
    found = scan(tmp_path / "in", objective=BOXES, labels=str(tmp_path / "labels.csv"))
    assert texts(found) == {
        "0": "cat 0 0 0.5 1; dog 0 0 1 1",
        "1": NONE_OF_THEM,
        "2": "dog 0 0 1 1",
    }
    with pytest.raises(UserError) as refused:
        registry.modality("audio").scan(DataOptions(path=str(tmp_path), objective=BOXES))
    assert refused.value.note.code == "data.boxes_of_pictures"


def test_masks_beside_pictures_of_the_same_names_have_no_boxes(tmp_path: Path) -> None:
    """As Pascal VOC lies: the pictures of half of the boxes are there as masks, too."""
    pictures(tmp_path / "JPEGImages", *(f"{n}.jpg" for n in range(4)))
    pictures(tmp_path / "SegmentationClass", "0.png", "1.png")
    for n in range(4):
        write(tmp_path / f"Annotations/{n}.xml", voc([("Cat" if n else "cat", 0, 0, 5, 5 + n)]))
    with pytest.raises(Question, match="Cat"):
        scan(tmp_path)
    found = scan(tmp_path, options={"similar_labels": "merge"})
    assert [s.path for s in found.samples] == [f"JPEGImages/{n}.jpg" for n in range(4)]
    assert (found.targets.names, found.members) == (("Cat",), {"Cat": 4})
    assert {p.path: p.code for p in found.problems}["SegmentationClass/0.png"] == "data.masks"


def test_the_same_picture_with_other_boxes_has_all_of_them(tmp_path: Path) -> None:
    pictures(tmp_path, "a.jpg", "c.jpg")
    (tmp_path / "b.jpg").write_bytes((tmp_path / "a.jpg").read_bytes())
    write(tmp_path / "a.xml", voc([("x", 0, 0, 20, 10)]))
    write(tmp_path / "b.xml", voc([("x", 1, 0, 20, 10), ("x", 30, 10, 40, 20)]))
    write(tmp_path / "c.xml", voc([("y", 1, 0, 20, 10)]))
    found = scan(tmp_path)
    assert texts(found) == {"a": "x 0 0 0.5 0.5; x 0.75 0.5 1 1", "c": "y 0.025 0 0.5 0.5"}
    assert "data.united_boxes" in {problem.code for problem in found.problems}


def test_other_encodings_and_addresses(tmp_path: Path) -> None:
    pictures(tmp_path / "a", "图 1.jpg", "图 2.jpg")
    for n in (1, 2):
        text = f'<?xml version="1.0" encoding="gb2312"?>{voc([("猫", 0, 0, 5, 5 + n)])}'
        write(tmp_path / f"a/图 {n}.xml", text.encode("gb18030"))
    assert scan(tmp_path / "a").targets.names == ("猫",)
    pictures(tmp_path / "b", "x.jpg", "y.jpg")
    images = [{"id": "a", "file_name": "https://h.org/d/x.jpg"},
              {"id": "b", "file_name": "sub/y.jpg", "width": "40", "height": None},
              {"id": "c", "file_name": "gone.jpg"}]  # fmt: skip
    marks = [{"image_id": "a", "category_id": 9, "bbox": [0, 0, 20, 10]},
             {"image_id": "b", "category_id": 1, "bbox": ["1", 1, "NaN", 3]},
             {"image_id": "zz", "category_id": 1, "bbox": [1, 1, 2, 2]},
             {"image_id": "b", "category_id": 1, "segmentation": [[0, 0, 20, 10]]}]  # fmt: skip
    dump(tmp_path / "b/coco.json", {"images": images, "annotations": marks,
                                    "categories": [{"id": 1, "name": "cat"}]})  # fmt: skip
    with pytest.raises(UserError, match="Open the folder"):
        scan(tmp_path / "b/coco.json")
    found = scan(tmp_path / "b")
    assert texts(found) == {"x": "9 0 0 0.5 0.5", "y": "cat 0 0 0.5 0.5"}
    assert codes(found) == {
        "data.boxes_of_no_picture": 1, "data.box_unreadable": 1, "data.box_outlines": 1,
    }  # fmt: skip


def test_a_few_pictures_with_boxes_are_enough_where_these_are_asked_for(tmp_path: Path) -> None:
    pictures(tmp_path, *(f"{n}.jpg" for n in range(9)))
    for n in range(2):
        write(tmp_path / f"{n}.xml", voc([("x", 0, 0, 5, 5 + n)]))
    found = scan(tmp_path, objective=BOXES)
    assert len(found.samples) == 2
    assert codes(found) == {"data.no_boxes": 7}


BYTES = st.binary(max_size=60) | st.sampled_from(
    [b"<annotation>", b"<object><bndbox>", b'{"shapes": [{"points": [[1, "x"]]}]}', b"[[[[",
     b'{"images": [{"id": []}], "annotations": [{"image_id": {}, "bbox": [1]}]}', b"0 nan",
     b'[{"data": {"image": 3}, "annotations": [{"result": [{"value": {"xlabels": [1]}}]}]}]',
     b'{"a": {"regions": {"0": {"shape_attributes": {"cx": "y"}, "region_attributes": 3}}}}',
     b"<!DOCTYPE a [<!ENTITY b 'c'>]><annotation>&b;</annotation>", b'{"objects": [3, {}]}',
     b"<annotations><image><box/><polygon points='1;2,x'/><ellipse/><mask/></image></annotations>"]
)  # fmt: skip


@given(data=BYTES)
def test_nothing_that_is_written_breaks_the_reading(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stored = Stored(W, H, 6)
    for read in picture_files.READERS.values():
        parsed_boxes(placed(read(data, {}), stored).text)
    path = tmp_path_factory.getbasetemp() / "boxes.any"
    path.write_bytes(data)
    pages = [page for read_list in picture_lists.READERS.values()
             for _name, page in read_list(path).pages]  # fmt: skip
    pages += [row_files.read_rows(data, {}, form) for form in row_files.FORMATS]
    for ending in (".json", ".jsonl"):
        path.with_suffix(ending).write_bytes(data)
        for entry in json_lists.entries(path.with_suffix(ending)):
            for form in json_lists.FORMATS:
                pages += [form.read(entry)[1]] if form.fits(entry) else []
    for page in pages:
        parsed_boxes(placed(page, stored).text)


def test_corrections_are_texts_of_boxes(tmp_path: Path) -> None:
    pictures(tmp_path, *(f"{name}.jpg" for name in DRAWN), "e.JPG")
    as_cvat(tmp_path)
    found = scan(tmp_path, relabel={"b.jpg": "dog 10% 10% 50% 50%"}, rename={"猫": "cat"},
                 exclude=("a.jpg",))  # fmt: skip
    assert (found.targets.names, texts(found)["b"]) == (("cat", "dog"), "dog 0.1 0.1 0.5 0.5")
    assert texts(found)["d"] == "cat 0.5 0.5 1 1"
    with pytest.raises(UserError) as refused:
        scan(tmp_path, relabel={"b.jpg": "dog"})
    assert refused.value.note.code == "data.no_box"
