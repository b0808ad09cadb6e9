"""Boxes written as Pascal VOC, COCO and YOLO are read back equal."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.core.data.test_boxes import PICTURES
from transfergui.core import registry
from transfergui.core.acting.carry_out import carry_out
from transfergui.core.acting.record import Record
from transfergui.core.base.errors import UserError
from transfergui.core.data.boxes import NamedBox, boxes_text, parsed_boxes
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.targets import NONE_OF_THEM
from transfergui.core.labelling import box_files
from transfergui.core.labelling.box_files import HOWS, Picture
from transfergui.core.reading.marks import class_numbers, picture_files, picture_lists, row_files
from transfergui.core.reading.marks.pages import Stored
from transfergui.core.reading.marks.placed import placed

SIDE = st.integers(1, 6000)


def scan(folder: Path, **options: object) -> Dataset:
    return registry.modality("image").scan(DataOptions(path=str(folder), **options))


@given(boxes=PICTURES, width=SIDE, height=SIDE)
def test_what_is_written_is_read_back_equal(
    boxes: list[NamedBox], width: int, height: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = boxes_text(boxes)
    picture = Picture("a b.jpg", width, height, parsed_boxes(text))
    names = sorted({box.name for box in picture.boxes})
    stored = Stored(width, height)
    found = placed(picture_files.voc(box_files.voc_text(picture).encode(), {}), stored)
    assert (found.text, found.counts) == (text, {})
    known = {
        str(at): name
        for at, name in enumerate(class_numbers.yaml_names(box_files.yolo_names(names)).values())
    }
    assert list(known.values()) == names
    found = placed(
        row_files.read_rows(
            box_files.yolo_text(picture, names).encode(), known, row_files.FORMATS[1]
        ),
        stored,
    )
    assert (found.text, found.counts) == (text, {})
    path = tmp_path_factory.getbasetemp() / "coco.json"
    path.write_text(box_files.coco_text([picture], names), encoding="utf-8")
    ((name, page),) = picture_lists.coco(path).pages
    assert (name, placed(page, stored).text, placed(page, stored).counts) == ("a b.jpg", text, {})


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Twelve pictures of a COCO file: one stored lying on its side, two of one name, one without
    boxes, one corrected."""
    root = tmp_path_factory.mktemp("coco")
    images, marks = [], []
    for n in range(12):
        name = f"{'ab'[n % 2]}/{n // 2}.jpg"
        (root / name).parent.mkdir(exist_ok=True)
        exif = Image.Exif()
        exif[0x0112] = 6 if n == 3 else 1
        picture = Image.effect_noise((64, 48), 90 + n).convert("RGB")
        picture.save(root / name, exif=exif)
        size = (48, 64) if n == 3 else (64, 48)
        images.append({"id": n, "file_name": name, "width": size[0], "height": size[1]})
        if n != 5:
            marks.append({"image_id": n, "category_id": n % 2, "bbox": [n, 3, 9 + n, 20.5]})
    kinds = [{"id": 0, "name": "red & white: #1"}, {"id": 1, "name": "猫"}]
    tree = {"images": images, "annotations": marks, "categories": kinds}
    (root / "all.json").write_text(json.dumps(tree))
    return scan(
        root, objective="boxes", relabel={"a/0.jpg": "dog 0.1 0.2 0.3 0.4; 猫 0 0 0.12345 1"}
    )


@pytest.mark.parametrize("how", HOWS)
def test_a_data_set_is_written_and_is_the_same(
    corrected: Dataset, how: box_files.How, tmp_path: Path
) -> None:
    parts = {each.path: ("train", "train", "val", "test")[at % 4]
             for at, each in enumerate(corrected.samples)}  # fmt: skip
    act = box_files.planned(corrected, parts, tmp_path / "out", how)
    assert not (tmp_path / "out").exists()
    with Record.create(act.to) as record:
        assert carry_out(act, record).left == []
    again = scan(tmp_path / "out")
    assert {*again.targets.names} == {*corrected.targets.names}
    said = sorted((corrected.classes[s.label], parts[s.path]) for s in corrected.samples)
    assert sorted((again.classes[s.label], s.split or "") for s in again.samples) == said
    assert NONE_OF_THEM in again.classes
    assert {p.code for p in again.problems} <= {"data.without_boxes", "data.single_member"}
    with pytest.raises(UserError, match="out"):
        box_files.planned(corrected, parts, tmp_path / "out", how)
