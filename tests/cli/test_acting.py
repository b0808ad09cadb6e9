"""``sort``: looked at first, done, undone; and a workbook with pictures."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.core.acting.made_acts import contents
from tests.core.conftest import Run, objective_run  # noqa: F401 - a fixture
from transfergui.__main__ import main


@pytest.fixture
def photos(
    objective_run: Callable[[str, str], Run],  # noqa: F811
    tmp_path: Path,
) -> tuple[str, Path]:
    """A run, and a folder of its test pictures."""
    run, folder = objective_run("one_class", "image"), tmp_path / "photos"
    folder.mkdir()
    for number, sample in enumerate(run.split.test[:4]):
        source = Path(run.split.root) / sample.path
        shutil.copy(source, folder / f"{number}{source.suffix}")
    return str(run.path), folder


def test_files_are_sorted_renamed_and_put_back(
    photos: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, folder = photos
    before, to = contents(tmp_path), tmp_path / "sorted"
    asked = ["sort", run, str(folder), "--to", str(to), "--move", "--unsure", "0"]
    assert main([*asked, "--dry-run", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert contents(tmp_path) == before
    assert not to.exists()
    assert sum(plan["folders"].values()) == len(plan["steps"]) == len(before)
    assert main([*asked, "--name", "{class}-{number}"]) == 0
    record = Path(capsys.readouterr().out.splitlines()[-1])
    assert record.parent == to
    assert contents(folder) == {}
    assert sorted(contents(to).values()) == sorted(before.values())
    assert main(["sort", "--undo", str(record)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(record)
    assert contents(tmp_path) == before
    assert main(["sort", run, str(folder), "--name", "{name} {class}", "--json"]) == 0
    renamed = json.loads(capsys.readouterr().out)
    assert renamed["done"] == len(before)
    assert main(["sort", "--continue", renamed["record"]]) == 0
    assert main(["sort", "--undo", renamed["record"]]) == 0
    assert contents(tmp_path) == before


def test_wrong_wishes_are_told(
    photos: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, folder = photos
    for given, code in (
        ([], "act.nowhere"),
        (["--name", "plain"], "act.pattern"),
        (["--sidecars", "copies"], "act.no_beside"),
        (["--to", str(next(folder.iterdir()))], "act.not_a_folder"),
    ):
        assert main(["sort", run, str(folder), *given]) == 1
        assert f"[{code}]" in capsys.readouterr().err
    assert main(["sort", "--undo", str(next(folder.iterdir()))]) == 1
    assert "[act.not_a_record]" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["sort"])
    assert ended.value.code == 2


def test_a_workbook_has_pictures(photos: tuple[str, Path], tmp_path: Path) -> None:
    run, folder = photos
    path = tmp_path / "p.xlsx"
    assert main(["predict", run, str(folder), "--save", str(path), "--pictures"]) == 0
    assert openpyxl.load_workbook(path).sheetnames == ["predictions", "summary"]
    assert main(["predict", run, str(folder), "--pictures"]) == 1
