"""Boxes as other tools, services and challenges write them are read as they are meant."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.reading.marks.test_drawn import codes, dump, pictures, scan, texts, voc, write
from transfergui.core.base.errors import UserError
from transfergui.core.data.targets import BOXES, NONE_OF_THEM
from transfergui.core.reading.marks import bit_masks, class_numbers

W, H = 40, 20
Things = Sequence[tuple[str, int, int, int, int]]
DRAWN: Mapping[str, Things] = {
    "p1": [("cell", 4, 2, 20, 12), ("dog", 0, 0, 40, 20)],
    "p2": [("cell", 10, 5, 12, 6)],
    "p3": [("dog", 30, 10, 40, 20)],
    "p4": [],
}
NAMES = ("cell", "dog")


def lines(path: Path, entry: Callable[[str, Things], object]) -> None:
    write(path, "\n".join(json.dumps(entry(name, things)) for name, things in DRAWN.items()))


def rows(path: Path, row: Callable[..., str], head: str = "", empty: str = "") -> None:
    every = [row(name, *thing) for name, things in DRAWN.items() for thing in things]
    write(path, "\n".join([*([head] if head else []), *every, *([empty] if empty else [])]))


def each(root: Path, row: Callable[..., str], name: str = "labels/{}.txt", head: str = "") -> None:
    for picture, things in DRAWN.items():
        write(root / name.format(picture), head + "".join(f"{row(*t)}\n" for t in things))


def centred(a: int, b: int, c: int, d: int) -> list[float]:
    return [(a + c) / 2 / W, (b + d) / 2 / H, (c - a) / W, (d - b) / H]


def create_ml(root: Path) -> None:
    tree = [{"image": f"{name}.jpg", "annotations": [
        {"label": n, "coordinates": {"x": (a + c) / 2, "y": (b + d) / 2, "width": c - a,
                                     "height": d - b}} for n, a, b, c, d in things]}
            for name, things in DRAWN.items()]  # fmt: skip
    dump(root / "_annotations.createml.json", tree)


def vott(root: Path) -> None:
    assets = {name: {"asset": {"name": f"{name}.jpg", "path": f"file:C:/{name}.jpg",
                               "size": {"width": W, "height": H}},
                     "regions": [{"tags": [n], "boundingBox": {
                         "left": a, "top": b, "width": c - a, "height": d - b}}
                         for n, a, b, c, d in things]}
              for name, things in DRAWN.items()}  # fmt: skip
    dump(root / "x-export.json", {"assets": assets, "tags": []})


def bdd(root: Path) -> None:
    tree = [{"name": f"{name}.jpg", "labels": [
        {"category": n, "box2d": {"x1": a, "y1": b, "x2": c, "y2": d}} for n, a, b, c, d in things]}
            for name, things in DRAWN.items()]  # fmt: skip
    dump(root / "labels.json", tree)


def datumaro(root: Path) -> None:
    items = [{"id": name, "image": {"path": f"{name}.jpg", "size": [H, W]}, "annotations": [
        {"type": "bbox", "label_id": NAMES.index(n), "bbox": [a, b, c - a, d - b]}
        for n, a, b, c, d in things]} for name, things in DRAWN.items()]  # fmt: skip
    labels = [{"name": name} for name in NAMES]
    dump(root / "annotations/default.json",
         {"info": {}, "categories": {"label": {"labels": labels}}, "items": items})  # fmt: skip


def hundredths(things: Things) -> list[dict[str, object]]:
    return [{"x": 100 * a / W, "y": 100 * b / H, "width": 100 * (c - a) / W,
             "height": 100 * (d - b) / H} for _n, a, b, c, d in things]  # fmt: skip


def label_studio_min(root: Path) -> None:
    tree: list[dict[str, object]] = []
    for name, things in DRAWN.items():
        marks = [
            mark | {"rectanglelabels": [n], "original_width": W, "original_height": H}
            for mark, (n, *_sides) in zip(hundredths(things), things, strict=True)
        ]
        task = {"image": f"/data/upload/1/1a2b3c4d-{name}.jpg", "id": 1, "annotator": 1}
        tree.append(task | ({"label": marks} if marks else {}))
    dump(root / "export.json", tree)


def label_studio_csv(root: Path) -> None:
    label_studio_min(root)
    tree = json.loads((root / "export.json").read_text())
    (root / "export.json").unlink()
    cells = [(t["image"], json.dumps(t.get("label", [])).replace('"', '""')) for t in tree]
    write(root / "x.csv", "image,id,label\n" + "".join(f'{i},1,"{c}"\n' for i, c in cells))


def vertex(root: Path) -> None:
    lines(root / "x.jsonl", lambda name, things: {
        "imageGcsUri": f"gs://b/{name}.jpg", "boundingBoxAnnotations": [
            {"displayName": n, "xMin": a / W, "yMin": b / H, "xMax": c / W, "yMax": d / H}
            for n, a, b, c, d in things]})  # fmt: skip


def sagemaker(root: Path) -> None:
    lines(root / "output.manifest", lambda name, things: {
        "source-ref": f"s3://b/{name}.jpg", "job": {
            "image_size": [{"width": W, "height": H}], "annotations": [
                {"class_id": NAMES.index(n), "left": a, "top": b, "width": c - a, "height": d - b}
                for n, a, b, c, d in things]},
        "job-metadata": {"class-map": {"0": "cell", "1": "dog"}}})  # fmt: skip


def azure(root: Path) -> None:
    lines(root / "x.jsonl", lambda name, things: {
        "image_url": f"AmlDatastore://d/{name}.jpg", "image_details": {"width": "40px"}, "label": [
            {"label": n, "topX": a / W, "topY": b / H, "bottomX": c / W, "bottomY": d / H}
            for n, a, b, c, d in things]})  # fmt: skip


def labelbox(root: Path) -> None:
    lines(root / "x.ndjson", lambda name, things: {
        "data_row": {"external_id": f"{name}.jpg"}, "projects": {"p": {"labels": [
            {"annotations": {"objects": [{"name": n, "bounding_box": {
                "left": a, "top": b, "width": c - a, "height": d - b}}
                for n, a, b, c, d in things]}}]}}})  # fmt: skip


def hugging_face(root: Path) -> None:
    lines(root / "metadata.jsonl", lambda name, things: {
        "file_name": f"{name}.jpg", "objects": {
            "bbox": [[a, b, c - a, d - b] for _n, a, b, c, d in things],
            "categories": [n for n, *_ in things]}})  # fmt: skip


def other_json(root: Path) -> None:
    tree = [{"image": f"{name}.jpg", "annotations": [
        {"label": n, "bbox": [a, b, c, d]} for n, a, b, c, d in things]}
            for name, things in DRAWN.items()]  # fmt: skip
    dump(root / "boxes.json", tree)


def crowd_human(root: Path) -> None:
    lines(root / "annotation_train.odgt", lambda name, things: {
        "ID": name, "gtboxes": [{"tag": n, "fbox": [a, b, c - a, d - b]}
                                for n, a, b, c, d in things]})  # fmt: skip


def kitti(root: Path) -> None:
    each(root, lambda n, *s: f"{n} 0.0 0 -1.6 {s[0]} {s[1]} {s[2]} {s[3]} 1 2 3 4 5 6 0.1")


def dota(root: Path) -> None:
    head = "imagesource:GoogleEarth\ngsd:0.1\n"
    each(root, lambda n, a, b, c, d: f"{a} {b} {c} {b} {c} {d} {a} {d} {n} 0", head=head)


def named_corners(root: Path) -> None:
    each(root, lambda *thing: " ".join(map(str, thing)))


def named_yolo(root: Path) -> None:
    each(root, lambda n, *s: " ".join(map(str, (n, *centred(*s)))))


def yolo_commas(root: Path) -> None:
    each(root, lambda n, *s: f"{NAMES.index(n)}.0," + ",".join(map(str, centred(*s))))
    write(root / "data.yaml", "names:\n  # by number\n  1: dog\n  0: 'cell'  # small\n\nnc: 2\n")


def yolo_decimal_commas(root: Path) -> None:
    each(root, lambda n, *s: f"{NAMES.index(n)} " + " ".join(
        f"{v:.5e}".replace(".", ",") for v in centred(*s)))  # fmt: skip
    write(root / "data.yaml", "names: [\n  cell,  # small\n  'dog'\n]\n")


def yolo_poses(root: Path) -> None:
    each(root, lambda n, *s: f"{NAMES.index(n)} " + " ".join(map(str, centred(*s))) +
         " 0.1 0.2 2 0.3 0.4 1")  # fmt: skip
    write(root / "classes.txt", "cell\ndog\n")


def keras_yolo3(root: Path) -> None:
    write(root / "train.txt", "\n".join(
        f"{name}.jpg " + " ".join(f"{a},{b},{c},{d},{NAMES.index(n)}" for n, a, b, c, d in things)
        for name, things in DRAWN.items() if things))  # fmt: skip
    write(root / "classes.txt", "cell\ndog\n")


def voc_otherwise_called(root: Path) -> None:
    for at, (name, things) in enumerate(DRAWN.items()):
        text = voc(list(things)).replace("<size>", f"<filename>{name}.jpg</filename><size>", 1)
        write(root / f"xml/{at:04d}.xml", text)


def turned_voc(root: Path) -> None:
    for name, things in DRAWN.items():
        shown = "".join(
            f"<object><name>{n}</name><robndbox><cx>{(a + c) / 2}</cx><cy>{(b + d) / 2}</cy>"
            f"<w>{d - b}</w><h>{c - a}</h><angle>1.5707963</angle></robndbox></object>"
            for n, a, b, c, d in things
        )
        write(root / f"{name}.xml", f"<annotation>{shown}</annotation>")


def cvat_video(root: Path) -> None:
    (root / "p4.jpg").rename(root / "frame_000003.jpg")
    for at, name in enumerate(("p1", "p2", "p3")):
        (root / f"{name}.jpg").rename(root / f"frame_{at:06d}.jpg")
    tracks = "".join(
        f'<track label="{n}"><box frame="{at}" xtl="{a}" ytl="{b}" xbr="{c}" ybr="{d}"/>'
        f'<box frame="3" outside="1" xtl="0" ytl="0" xbr="9" ybr="9"/></track>'
        for at, things in enumerate(DRAWN.values())
        for n, a, b, c, d in things
    )
    write(root / "annotations.xml", f"<annotations>{tracks}</annotations>")


def coco_shares(root: Path) -> None:
    coco(root, lambda a, b, c, d: {"bbox": [a / W, b / H, (c - a) / W, (d - b) / H]})


def coco_masks(root: Path) -> None:
    coco(root, lambda *s: {"bbox": [], "segmentation": run_lengths(*s)})


def run_lengths(a: int, b: int, c: int, d: int) -> dict[str, object]:
    mask = np.zeros((H, W), bool)
    mask[b:d, a:c] = True
    flat = np.concatenate([[False], mask.T.ravel(), [False]])
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    return {"size": [H, W], "counts": np.diff([0, *edges]).tolist()}


def coco(root: Path, place: Callable[..., dict[str, object]]) -> None:
    images = [{"id": at, "file_name": f"{name}.jpg", "width": W, "height": H}
              for at, name in enumerate(DRAWN)]  # fmt: skip
    marks = [{"image_id": str(at), "category_id": NAMES.index(n) + 1, **place(*sides)}
             for at, things in enumerate(DRAWN.values()) for n, *sides in things]  # fmt: skip
    kinds = [{"id": at, "name": name, "supercategory": "all" if at else "none"}
             for at, name in enumerate(("all", *NAMES))]  # fmt: skip
    dump(root / "_annotations.coco.json",
         {"images": images, "annotations": marks, "categories": kinds})  # fmt: skip


def table_sized(root: Path) -> None:
    rows(root / "x.csv", lambda p, n, a, b, c, d: f"{p}.jpg;{n};{a},0;{b};{c - a};{d - b}",
         "file;class;left;top;width;height")  # fmt: skip


def table_centred(root: Path) -> None:
    rows(root / "x.csv", lambda p, n, *s: ",".join(map(str, (f"{p}.jpg", n, *centred(*s)))),
         "filename,class,x_center,y_center,width,height")  # fmt: skip


def table_of_corners_in_a_cell(root: Path) -> None:
    rows(root / "x.csv", lambda p, n, *s: f'{p}.jpg,{n},"{list(s)}"', "image,label,bbox")


def table_of_python_lists(root: Path) -> None:
    cells = {name: [{"label": n, "x": a, "y": b, "width": c - a, "height": d - b}
                    for n, a, b, c, d in things] for name, things in DRAWN.items()}  # fmt: skip
    write(root / "x.csv", "image_id,annotations\n" + "".join(
        f'{name},"{cell}"\n' for name, cell in cells.items()))  # fmt: skip


def bare_retinanet(root: Path) -> None:
    rows(root / "x.csv", lambda p, n, *s: f"{p}.jpg,{','.join(map(str, s))},{n}", "", "p4.jpg,,,,,")


def bare_makesense(root: Path) -> None:
    rows(root / "x.csv",
         lambda p, n, a, b, c, d: f"{n},{a},{b},{c - a},{d - b},{p}.jpg,{W},{H}")  # fmt: skip


def bare_vertex(root: Path) -> None:
    rows(root / "x.csv", lambda p, n, a, b, c, d:
         f"UNASSIGNED,gs://b/{p}.jpg,{n},{a / W},{b / H},,,{c / W},{d / H},,", "",
         "UNASSIGNED,gs://b/p4.jpg,,,,,,,,,")  # fmt: skip


def open_images(root: Path) -> None:
    code = {"cell": "/m/01abc", "dog": "/m/0bt9lr"}
    rows(root / "x.csv", lambda p, n, a, b, c, d:
         f"{p},{code[n]},{a / W},{c / W},{b / H},{d / H},0",
         "ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf", "p3,/m/01abc,0,1,0,1,1")  # fmt: skip
    write(root / "class-descriptions.csv", "/m/01abc,cell\n/m/0bt9lr,dog\n/m/9,owl\n")


def via(root: Path) -> None:
    tree = {name: {"filename": f"{name}.jpg", "regions": [
        {"shape_attributes": {"x": a, "y": b, "width": c - a, "height": d - b},
         "region_attributes": {"occluded": "no", "class": {"owl": False, n: True}}}
        for n, a, b, c, d in things]} for name, things in DRAWN.items()}  # fmt: skip
    dump(root / "via.json", tree)


UNSAID = (table_sized, table_centred, table_of_corners_in_a_cell, bare_makesense,
          open_images, keras_yolo3)  # fmt: skip
"""Formats in which a picture without boxes is missing."""
FORMATS = (
    create_ml, vott, bdd, datumaro, label_studio_min, label_studio_csv, vertex, sagemaker, azure,
    labelbox, hugging_face, other_json, crowd_human, kitti, dota, named_corners, named_yolo,
    yolo_commas, yolo_decimal_commas, yolo_poses, keras_yolo3, voc_otherwise_called, turned_voc,
    cvat_video, coco_shares, coco_masks, table_sized, table_centred, table_of_corners_in_a_cell,
    table_of_python_lists, bare_retinanet, bare_makesense, bare_vertex, open_images, via,
)  # fmt: skip
TOLD = {
    "data.box_numbers": (hugging_face, other_json, table_of_corners_in_a_cell),
    "data.box_outlines": (dota, turned_voc, coco_masks),
    "data.box_crowd": (open_images,),
}


@pytest.mark.parametrize("written", FORMATS, ids=lambda each: each.__name__)
def test_boxes_are_read_as(written: Callable[[Path], None], tmp_path: Path) -> None:
    pictures(tmp_path, *(f"{name}.jpg" for name in DRAWN))
    written(tmp_path)
    found = scan(tmp_path)
    assert (found.targets.objective, found.targets.names) == (BOXES, NAMES)
    said = ["cell 0.1 0.1 0.5 0.6; dog 0 0 1 1", "cell 0.25 0.25 0.3 0.3", "dog 0.75 0.5 1 1"]
    shown = list(dict(sorted(texts(found).items())).values())
    assert shown == [*said, NONE_OF_THEM][: 3 if written is keras_yolo3 else 4]
    told = codes(found)
    assert {code: written in told_of for code, told_of in TOLD.items()} == {
        code: code in told for code in TOLD
    }
    assert set(told) - TOLD.keys() <= {"data.box_without_file", "data.no_boxes"}
    assert any(code in told for code in ("data.box_without_file", "data.no_boxes")) == (
        written in UNSAID
    )


def test_challenges_with_a_file_for_many_pictures(tmp_path: Path) -> None:
    for at, name in enumerate(("a", "b"), 1):
        pictures(tmp_path / f"mot/train/S-0{at}/img1", "000001.jpg", "000002.jpg")
        write(tmp_path / f"mot/train/S-0{at}/gt/gt.txt",
              f"1,1,{at},0,20,10,1,1,1\n1,2,0,0,5,5,0,1,1\n2,1,4,5,4,5,1,3,1\n")  # fmt: skip
        pictures(tmp_path / "wider/WIDER_train/images/0--x", f"{name}.jpg")
    found = scan(tmp_path / "mot", options={"copied_test": "keep"})
    said = {s.path: found.classes[s.label] for s in found.samples}
    assert said["train/S-02/img1/000001.jpg"] == "pedestrian 0.05 0 0.55 0.5"
    assert said["train/S-01/img1/000002.jpg"] == "car 0.1 0.25 0.2 0.5"
    assert codes(found) == {"data.box_crowd": 1}
    write(tmp_path / "wider/split/wider_face_train_bbx_gt.txt",
          "0--x/a.jpg\n1\n4 5 4 5 0 0 0 0 0 0 \n0--x/b.jpg\n0\n0 0 0 0 0 0 0 0 0 0 \n")  # fmt: skip
    assert texts(scan(tmp_path / "wider")) == {"a": "face 0.1 0.25 0.2 0.5", "b": NONE_OF_THEM}


def test_lists_of_pascal_voc_for_boxes_are_those_in_main(tmp_path: Path) -> None:
    for year in ("VOC2007", "VOC2012"):
        pictures(tmp_path / year / "JPEGImages", *(f"{n}.jpg" for n in range(4)))
        for n in range(4):
            write(tmp_path / year / f"Annotations/{n}.xml", voc([("x", 0, 0, 5, 5 + n)]))
        for part, names in (("train", "0\n1\n"), ("trainval", "0\n1\n2\n"), ("test", "3\n")):
            write(tmp_path / year / f"ImageSets/Main/{part}.txt", names)
        write(tmp_path / year / "ImageSets/Main/val.txt", "2\n")
        write(tmp_path / year / "ImageSets/Layout/val.txt", "0\n1\n")
    found = scan(tmp_path, options={"copied_test": "keep"})
    parts = [(Path(s.path).stem, s.split) for s in found.samples]
    assert set(parts) == {("0", "train"), ("1", "train"), ("2", "val"), ("3", "test")}
    assert len(parts) == 8


def test_of_several_formats_one_is_used_and_the_others_are_named(tmp_path: Path) -> None:
    pictures(tmp_path, *(f"{name}.jpg" for name in DRAWN))
    named_yolo(tmp_path)
    create_ml(tmp_path)
    for name in DRAWN:
        write(tmp_path / f"{name}.xml", voc([("other", 0, 0, 5, 5)]))
    bare_retinanet(tmp_path)
    found = scan(tmp_path)
    assert found.targets.names == NAMES
    unused = {p.path: p.values["kind"] for p in found.problems if p.code == "data.boxes_unused"}
    assert unused == {
        "p1.xml": "Pascal VOC", "_annotations.createml.json": "Create ML", "x.csv": "CSV"
    }  # fmt: skip
    assert found.chosen["box_format"] == "YOLO (class names)"
    for kind in found.choices["box_format"]:
        other = scan(tmp_path, options={"box_format": kind})
        assert other.chosen["box_format"] == kind
        assert other.choices["box_format"].keys() == found.choices["box_format"].keys()
        assert other.targets.names == (("other",) if kind == "Pascal VOC" else NAMES)
    with pytest.raises(UserError) as refused:
        scan(tmp_path, options={"box_format": "COCO"})
    assert refused.value.code == "data.unknown_box_format"
    assert "Create ML" in refused.value.note.values["found"]


def test_folders_that_a_yaml_file_names_divide_the_data(tmp_path: Path) -> None:
    for part in ("b1", "b2", "b3"):
        pictures(tmp_path / "images" / part, f"{part}.jpg", f"{part}x.jpg")
        for name in (part, f"{part}x"):
            write(tmp_path / f"labels/{part}/{name}.txt", "0 0.5 0.5 0.2 0.2\n")
            write(tmp_path / f"older/{name}.txt", "0 0.5 0.5 0.9 0.9\n")
    write(tmp_path / "data.yaml", "path: .\ntrain:\n  - ../images/b1\nval: 'images/b2'  # few\r\n"
          "test: images\\b3\nnames: {0: cat}\n")  # fmt: skip
    found = scan(tmp_path)
    parts = {"b1": "train", "b1x": "train", "b2": "val", "b2x": "val", "b3": "test", "b3x": "test"}
    assert {Path(s.path).stem: s.split for s in found.samples} == parts
    assert set(found.classes) == {"cat 0.4 0.4 0.6 0.6"}
    assert codes(found) == {"data.boxes_doubled": 6}


def test_several_people_drew_in_a_picture(tmp_path: Path) -> None:
    pictures(tmp_path, "a.jpg", "b.jpg")
    sides = [{"x": 0, "y": 0, "width": 50, "height": 50}, {"x": 1, "y": 1, "width": 50,
                                                           "height": 50}]  # fmt: skip
    made = [{"result": [{"value": {**each, "rectanglelabels": ["x"]}}]} for each in sides]
    tasks = [{"data": {"image": f"{n}.jpg"}, "annotations": made[: 1 + (n == "a")]} for n in "ab"]
    turned = {"x": 50, "y": 10, "width": 20, "height": 20, "rotation": 90, "rectanglelabels": ["y"]}
    tasks[1]["annotations"] = [{"result": [{"original_width": W, "original_height": H,
                                            "value": turned}]}]  # fmt: skip
    dump(tmp_path / "tasks.json", tasks)
    found = scan(tmp_path)
    assert texts(found) == {"a": "x 0 0 0.5 0.5", "b": "y 0.4 0.1 0.5 0.5"}
    assert codes(found) == {"data.boxes_several": 1, "data.box_outlines": 1}


def test_what_four_numbers_are_can_be_chosen(tmp_path: Path) -> None:
    pictures(tmp_path, *(f"{name}.jpg" for name in DRAWN))
    hugging_face(tmp_path)
    found = scan(tmp_path, options={"box_numbers": "corners"})
    assert found.chosen["box_numbers"] == "corners"
    assert texts(found)["p3"] == NONE_OF_THEM
    assert "data.box_numbers" not in codes(found)


@pytest.mark.parametrize(
    ("name", "text", "code", "word"),
    [
        ("coco.json", '{"images": [{"id": 1, "file_name": "p1.jpg"}, {', "data.box_list_broken",
         "COCO"),
        ("a.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><annotations><image/></annotations>",
         "data.box_list_broken", "CVAT"),
        ("coco.json", '{"images": [{"id": 1, "file_name": "q.jpg"}], "annotations": []}',
         "data.boxes_of_other_pictures", "q.jpg"),
        ("gt/gt_1.txt", "1,2,3,2,3,4,1,4,exit\n", "data.no_boxes_found", "ICDAR"),
        ("found.json", '[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}]',
         "data.no_boxes_found", "COCO results"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_named(
    name: str, text: str, code: str, word: str, tmp_path: Path
) -> None:
    pictures(tmp_path, *(f"{name}.jpg" for name in DRAWN))
    write(tmp_path / name, text)
    with pytest.raises(UserError) as refused:
        scan(tmp_path, objective=BOXES)
    assert refused.value.note.code == code
    assert word in str(refused.value)


def packed(counts: Sequence[int]) -> str:
    """The text of COCO for run lengths."""
    text = ""
    for at, count in enumerate(counts):
        value, more = count - (counts[at - 2] if at > 2 else 0), True
        while more:
            bits, value = value & 0x1F, value >> 5
            more = value != (-1 if bits & 0x10 else 0)
            text += chr((bits | 0x20 if more else bits) + 48)
    return text


@given(sides=st.tuples(*[st.integers(0, 19)] * 2, *[st.integers(1, 20)] * 2))
def test_boxes_around_masks(sides: tuple[int, int, int, int]) -> None:
    left, top, width, height = sides
    box = (left, min(top, H - 1), min(left + width, W), min(top + height, H))
    mask = run_lengths(*box)
    assert bit_masks.corners_of_mask(mask) == box
    assert bit_masks.corners_of_mask({**mask, "counts": packed(mask["counts"])}) == box


@given(names=st.lists(st.text("aé:,#'\"[]{} -猫\\1", min_size=1).filter(str.strip), min_size=1))
def test_names_of_classes_in_yaml(names: list[str]) -> None:
    quoted = [json.dumps(name, ensure_ascii=False) for name in names]
    single = ["'" + name.replace("'", "''") + "'" for name in names]
    expected = {str(at): name for at, name in enumerate(names)}
    for each in (quoted, single):
        inline = f"nc: 1\nnames: [{', '.join(each)}]\ntrain: x\n"
        pairs = "\n".join(f"  {at}: {name}  # one" for at, name in enumerate(each))
        mapped = ", ".join(f"{at}: {name}" for at, name in enumerate(each))
        for text in (inline, f"names:\n{pairs}\n\nval: [a]\n", f"names: {{{mapped}}}"):
            assert class_numbers.yaml_names(text) == expected
