"""``transfergui check``: sentences for people, a document for programs."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from transfergui.cli import main


def test_copies_are_told_and_listed(
    tmp_path: Path, tiny_pictures: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data = tiny_pictures(tmp_path / "pictures", classes=2, per_class=12, size=32)
    shutil.copy(data / "class_0" / "00.png", data / "class_0" / "copy.png")
    assert main(["check", str(data), "--backbone", "tgnet"]) == 0
    out, _err = capsys.readouterr()
    assert "Near duplicates:" in out and "class_0/00.png = class_0/copy.png" in out
    assert main(["check", str(data), "--backbone", "tgnet", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert ["class_0/00.png", "class_0/copy.png"] in document["near_duplicates"]
    assert {"label_errors", "shortcuts", "leak", "notes"} <= document.keys()
    note = document["notes"][0]
    assert (note["check"], note["code"]) == ("near_duplicates", "check.near_duplicates_found")
    assert note["sentence"]
