"""Boxes on the command line: shown, corrected and written for other programs."""

import json
from pathlib import Path

import pytest

from tests.core.reading.marks.test_drawn import DRAWN, as_cvat, pictures
from transfergui.cli import main
from transfergui.core import registry
from transfergui.core.data import corrections
from transfergui.core.data.corrections import Correction
from transfergui.core.data.dataset import DataOptions


def test_boxes_are_shown_corrected_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = tmp_path / "in", tmp_path / "out"
    pictures(data, *(f"{name}.jpg" for name in DRAWN), "e.JPG")
    as_cvat(data)
    scanned = registry.modality("image").scan(DataOptions(path=str(data)))
    corrections.save(scanned, [Correction("e.JPG", label="dog 10% 10% 50% 50%")])
    assert main(["scan", str(data)]) == 0
    told = capsys.readouterr()
    assert "5 pictures with 6 boxes of 2 classes" in told.out
    assert "data.objective=boxes" in told.err
    assert main(["scan", str(data), "--corrections", "--export", str(out), "--as", "yolo"]) == 0
    capsys.readouterr()
    crop = ["crop", "--data", str(data), "--dry-run", "--json", "--to", str(tmp_path / "crops")]
    for flag in ([], ["--corrections"]):  # the one that was drawn is cut out, too
        assert main([*crop, *flag]) == 0
        told = capsys.readouterr()
        assert "correction" in told.err
        assert told.out.count("e-1.png") == len(flag)
    assert main(["scan", str(out), "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["targets"] == {
        "names": ["dog", "red cell", "猫"],
        "boxes": {"dog": 1, "red cell": 2, "猫": 4},
        "pictures": {"dog": 1, "red cell": 2, "猫": 3},
        "without": 0,
        "most_in_one": 2,
    }
    assert main(["scan", str(data), "--export", str(out)]) != 0
    assert "boxes.folder_in_use" in capsys.readouterr().err
