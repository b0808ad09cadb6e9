"""Boxes cut out into a folder per class, recorded, and undone."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.core.made_boxes import NAMES, make_boxes
from transfergui.core.acting import crops
from transfergui.core.acting.carry_out import carry_on, carry_out
from transfergui.core.acting.record import Record
from transfergui.core.acting.steps import Act
from transfergui.core.acting.undo import undo
from transfergui.core.data.boxes import NamedBox, parsed_boxes

READING = '{"modality": "image", "input": {}}'


def done(act: Act) -> Record:
    with Record.create(act.to) as record:
        outcome = carry_out(act, record)
    assert (outcome.left, outcome.stopped) == ([], None)
    return record


@pytest.fixture
def plan(tmp_path: Path) -> Act:
    split = make_boxes(tmp_path / "pictures", 6, 0, 0)
    cuts = [
        crops.Cut(Path(split.root) / each.path, parsed_boxes(split.classes[each.label]))
        for each in split.train
    ]
    return crops.planned(cuts, NAMES, READING, tmp_path / "crops")


def test_each_box_becomes_a_picture_of_its_class(plan: Act) -> None:
    done(plan)
    found = sorted(Path(plan.to).rglob("*.png"))
    assert len(found) == len(plan.steps) == sum(plan.folders.values()) > 3
    for path in found:
        with Image.open(path) as picture:
            colour = np.asarray(picture).reshape(-1, 3).astype(int).mean(0)
        assert (colour[0] > 150) == (path.parent.name == "red")
        assert (colour[2] > 150) == (path.parent.name == "blue")


def test_it_is_undone_and_not_done_twice(plan: Act, tmp_path: Path) -> None:
    record = done(plan)
    step = plan.steps[0]
    box = NamedBox(Path(step.target).parent.name, *step.part)
    again = crops.planned([crops.Cut(Path(step.source), [box])], NAMES, READING, tmp_path / "crops")
    assert (again.steps, again.there) == ((), 1)
    with Record.open(record.path) as opened:
        assert undo(opened).left == []
    assert list(Path(plan.to).rglob("*.png")) == []


def test_names_are_free_and_margins_stay_inside(tmp_path: Path) -> None:
    cuts = []
    for place in ("a", "b"):
        path = tmp_path / place / "x.jpg"
        path.parent.mkdir()
        Image.new("RGB", (100, 50), "white").save(path)
        cuts.append(crops.Cut(path, [NamedBox("red", 0, 0.2, 0.5, 0.4)]))
    act = crops.planned(cuts, NAMES, READING, tmp_path / "crops", margin=0.5)
    assert [Path(step.target).name for step in act.steps] == ["x-1.png", "x-1 (2).png"]
    done(act)
    with Image.open(act.steps[1].target) as picture:
        assert picture.size == (75, 20)


def test_what_cannot_be_read_is_left_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    Image.new("RGB", (9, 9)).save(tmp_path / "good.png")
    whole = [NamedBox("red", 0, 0, 1, 1)]
    cuts = [crops.Cut(tmp_path / name, whole) for name in ("bad.png", "good.png", "gone.png")]
    act = crops.planned(cuts, NAMES, READING, tmp_path / "crops")
    assert [problem.code for problem in act.left] == ["act.gone"]
    with Record.create(act.to) as record:
        outcome = carry_out(act, record)
        assert ([each.code for each in outcome.left], outcome.done) == (["act.unreadable"], 1)
    with Record.open(record.path) as opened:
        assert carry_on(opened).done == 0
