"""``label``: from an unsorted folder to labels, suggestions and an export."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import TINY
from transfergui.cli import main
from transfergui.core.labelling.claim import claimed


def test_labels_are_given_suggested_and_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = TINY["image"](tmp_path / "data", per_class=12)
    table, given = tmp_path / "labels.csv", tmp_path / "given.csv"
    common = ["label", str(data), "--table", str(table), "--backbone", "tgnet"]
    rows = [f"class_{n % 2}/{n // 2:02}.png,class_{n % 2}\n" for n in range(20)]
    given.write_text("path,label\n" + "".join(rows) + "gone.png,class_0\n")
    assert main([*common, "--classes", "class_1,class_0", "--give", str(given), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["labelled"] == 20
    assert list(document["classes"]) == ["class_1", "class_0", "none of these"]
    assert {row["path"]: row["suggested"] for row in document["next"]} == {
        f"class_{label}/{n}.png": f"class_{label}" for label in (0, 1) for n in (10, 11)
    }
    assert main([*common, "--suggest", "2"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(table)
    assert main([*common, "--export", str(tmp_path / "out"), "--as", "links"]) == 0
    record = Path(capsys.readouterr().out.splitlines()[-1])
    assert record.parent == tmp_path / "out"
    assert len(list((tmp_path / "out").rglob("*.png"))) == 20
    assert main([*common, "--give", str(record)]) == 1


def test_class_names_alone_suggest_until_labels_outrank_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], word_network: Callable[[str], Path]
) -> None:
    data = TINY["image"](tmp_path / "data", per_class=12)
    common = ["label", str(data), "--table", str(tmp_path / "labels.csv"), "--backbone", "tgnet"]
    folder = str(word_network("clip"))
    assert main([*common, "--words", folder]) == 1  # there are no names yet
    assert main([*common, "--classes", "cat", "--words", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert str(tmp_path) in told and "model.safetensors" in told
    assert main([*common, "--classes", "class_0,class_1", "--words", folder, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["words"]["shown"] == "words" and document["words"]["n"] == 0
    assert document["labelled"] == 0  # suggestions are no labels
    assert all(0 < row["confidence"] < 1 for row in document["next"])
    assert {row["suggested"] for row in document["next"]} <= {"class_0", "class_1"}
    given = tmp_path / "given.csv"
    rows = [f"class_{n % 2}/{n // 2:02}.png,class_{n % 2}\n" for n in range(20)]
    given.write_text("path,label\n" + "".join(rows))
    assert main([*common, "--give", str(given), "--words", folder, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["words"]["shown"] == "labels" and document["words"]["n"] == 20
    assert document["words"]["labels"] == 20 > document["words"]["words"]
    assert all(row["path"].startswith(row["suggested"]) for row in document["next"])


def test_labels_that_a_window_changes_are_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = TINY["image"](tmp_path / "data", per_class=2)
    table = tmp_path / "labels.csv"
    with claimed(table):
        assert main(["label", str(data), "--table", str(table), "--classes", "moth"]) == 1
        assert "in another TransferGUI" in capsys.readouterr().err
        assert not table.exists()
