"""Trainings on tars that are replaced: never with the label of another picture."""

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.core.training.conftest import Lab
from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.resolve import resolve, resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import start, trainer
from transfergui.core.training.estimate import estimate
from transfergui.core.views.result import Result
from transfergui.gui.panels.run_results import RunResults
from transfergui.gui.session import loading

COUNT = 30
MARGIN = 12


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


def pack(path: Path, turned: int = 0) -> Path:
    """
    Args:
        turned: by how much each class is another one.
    """
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for at in range(COUNT):
            stream = io.BytesIO()
            Image.new("RGB", (MARGIN, MARGIN), (8 * at, 0, 255 - 8 * at)).save(stream, "BMP")
            label = str((at + turned) % 2).encode()
            for ending, data in (("bmp", stream.getvalue()), ("cls", label)):
                info = tarfile.TarInfo(f"{at:06d}.{ending}")
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return path


@pytest.fixture
def tar(tmp_path: Path, lab: Lab) -> Path:
    (tmp_path / "data").mkdir()
    lab.pictures = tmp_path / "data"
    return pack(tmp_path / "data" / "a.tar")


@pytest.fixture
def paused(lab: Lab, tar: Path) -> Iterator[tuple[Plan, Run]]:
    """A training that was interrupted, in a process that ended."""
    made = lab.plan()
    run = lab.run(made)
    list(lab.interrupted(run, made, "cancel", 3))
    yield made, run


def replace(path: Path) -> None:
    """By one of the same names and sizes, whose labels are the other way round."""
    pack(path, 1)
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 10**9))


def of_new_process(monkeypatch: pytest.MonkeyPatch, run: Run) -> Plan:
    monkeypatch.setattr(shards, "_listed", {})
    return resolve(run.recipe, run.split)


@pytest.mark.parametrize("accepted", [False, True])
def test_after_a_tar_was_replaced_nothing_is_resumed(
    tar: Path, paused: tuple[Plan, Run], accepted: bool
) -> None:
    _made, run = paused
    replace(tar)
    with pytest.raises(UserError, match="Open the data again") as refused:
        resume_plan(run, accepted)
    assert refused.value.code == "run.tar_changed"
    assert refused.value.note.values["path"] == str(tar)


@pytest.mark.parametrize("train", [start.train, trainer.train])
def test_a_process_that_reads_the_split_alone_is_told(
    tar: Path, paused: tuple[Plan, Run], monkeypatch: pytest.MonkeyPatch, train: object
) -> None:
    """As are those of several, and those that join a search."""
    _made, run = paused
    replace(tar)
    *_, last = train(of_new_process(monkeypatch, run), run)  # type: ignore[operator]
    assert isinstance(last, ev.Failed)
    assert (last.code, last.values["path"]) == ("data.tar_changed", str(tar))


def test_the_estimate_tells_it(
    tar: Path, paused: tuple[Plan, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    _made, run = paused
    replace(tar)
    with pytest.raises(UserError) as refused:
        estimate(of_new_process(monkeypatch, run))
    assert refused.value.code == "data.tar_changed"


@pytest.mark.parametrize("changed", [False, True])
def test_the_window_does_not_ask_before_it_refuses(
    tar: Path, paused: tuple[Plan, Run], changed: bool
) -> None:
    _made, run = paused
    replace(tar)
    with pytest.raises(UserError) as refused:
        loading.reopen(run, changed, {}, False, lambda _count: None)
    assert refused.value.code == "run.tar_changed"


def test_it_is_told_in_the_middle_of_an_epoch(
    tar: Path, paused: tuple[Plan, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    _made, run = paused
    last = None
    for last in trainer.train(of_new_process(monkeypatch, run), run):
        if isinstance(last, ev.Started):
            replace(tar)
    assert isinstance(last, ev.Failed)
    assert last.code == "data.tar_changed"


def test_a_copy_of_the_tar_that_grew_is_resumed(
    tar: Path, paused: tuple[Plan, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    _made, run = paused
    with tarfile.open(tar, "a", format=tarfile.USTAR_FORMAT) as more:
        more.addfile(tarfile.TarInfo("999999.txt"))
    os.utime(tar, ns=(0, 0))
    monkeypatch.setattr(shards, "_listed", {})
    *_, last = start.train(resume_plan(run), run)
    assert isinstance(last, ev.Finished)
    assert last.outcome == "done"


def test_of_a_finished_run_no_other_picture_is_shown(tar: Path, lab: Lab) -> None:
    run, _events = lab.train(run__epochs=1)
    found = RunResults.read(run)
    assert found is not None
    page = (run.path / "report.html").read_text("utf-8")
    assert "tar, byte" not in page and "tar#" not in page
    table = (run.path / "predictions.csv").read_text("utf-8").splitlines()
    assert table[0].endswith(",file_in_tar")
    assert all(line.rpartition(",")[2].startswith("a.tar/0000") for line in table[1:])
    assert all(len(row.cells) == 2 for row in found.rows)
    first, other = (tar.parent / row.path for row in found.rows[:2])
    assert found.decode(first)
    replace(tar)
    lab.plan()  # opened again, in the same process
    for ask in (lambda: found.decode(other), lambda: Result(run).features("test")):
        with pytest.raises(UserError) as refused:
            ask()
        assert refused.value.code == "data.tar_changed"
