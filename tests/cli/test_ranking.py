"""``transfergui rank``: a table for people, a document for programs."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from transfergui.cli import main


@pytest.fixture
def data(tmp_path: Path, tiny_pictures: Callable[..., Path]) -> Path:
    return tiny_pictures(tmp_path / "pictures", classes=2, per_class=8, size=32)


def test_the_table_names_what_was_tried(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rank", str(data)]) == 0
    out, err = capsys.readouterr()
    assert "tgnet" in out
    assert "cross-validated" in err


def test_the_document_says_why_others_were_not(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rank", str(data), "--json"]) == 0
    rows = {row["key"]: row for row in json.loads(capsys.readouterr().out)}
    assert 0 <= rows["tgnet"]["accuracy"] <= 1
    assert rows["tgnet"]["why"] == ""
    assert "can be downloaded" in rows["vgg16"]["why"]


def test_sources_are_listed_with_what_they_are_compared_under(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rank", str(data), "--sources", str(data), "/nowhere", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["compared_under"]
    same, gone = found["sources"]
    assert (same["named"], same["closeness"]["word"]) == (str(data), "same")
    assert gone["not_compared"]["code"] == "suit.missing"
    assert main(["rank", str(data), "--sources", str(data), "tgnet", "/nowhere"]) == 0
    out, err = capsys.readouterr()
    assert "same data" in out and "H-score" in out
    assert "/nowhere does not exist" in err
