"""A training that borrows from sources: the same when interrupted, and what it says of them."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from tests.core.training.comparing import assert_same
from tests.core.training.conftest import Lab
from transfergui.core import resolve as planning
from transfergui.core.app.companions import with_companions
from transfergui.core.base.errors import UserError
from transfergui.core.evaluation import borrowed
from transfergui.core.evaluation import report as reports
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.training import checkpointer, loaders, trainer

HEAD: dict[str, Any] = {"strategy": "tradaboost", "run__epochs": 3}
WHOLE: dict[str, Any] = {
    "strategy": "weighted_source",
    "options": {"train": "all"},
    "augment": {"flip": True},
    "run__epochs": 2,
}
WAYS = pytest.mark.parametrize("settings", [HEAD, WHOLE], ids=["head", "whole"])


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


@pytest.fixture
def sources(tmp_path: Path, pictures: Path) -> tuple[Path, Path]:
    """The pictures inverted, and upside down, both under the same names."""
    changes = {"inverted": ImageOps.invert, "upside": ImageOps.flip}
    for name, change in changes.items():
        for path in sorted(pictures.rglob("*.png")):
            made = tmp_path / name / path.relative_to(pictures)
            made.parent.mkdir(parents=True, exist_ok=True)
            change(Image.open(path).convert("RGB")).save(made)
    return tmp_path / "inverted", tmp_path / "upside"


def planned(lab: Lab, sources: tuple[Path, ...], settings: dict[str, Any]) -> Plan:
    return with_companions(lab.plan(**settings, companions__source=list(map(str, sources))))


@WAYS
def test_it_says_what_counts_and_an_interrupted_one_comes_to_the_same_end(
    lab: Lab,
    sources: tuple[Path, Path],
    settings: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("transfergui.core.training.progress_reporter.EVERY", 0.0)
    monkeypatch.setattr(checkpointer, "SAVE_WITHIN", 0.0)
    before = [listed(path) for path in sources]
    plan = planned(lab, sources, settings)
    whole, run = lab.run(plan), lab.run(plan)
    events = list(trainer.train(plan, whole))
    report = reports.load(whole.path).borrowed
    assert report is not None
    assert [source.path for source in report.sources] == list(map(str, sources))
    assert all(0 < source.effective <= source.count == 48 for source in report.sources)
    assert all((source.kept is None) == (settings is WHOLE) for source in report.sources)
    assert all(source.labels and source.labels.total == 48 for source in report.sources)
    assert report.leaving is not None
    assert len(borrowed.table(report).rows) == 2
    codes = {event.code for event in events if isinstance(event, ev.Notice)}
    assert codes & {"borrow.kept", "borrow.effective", "borrow.all"}
    steps = 0
    with_break = trainer.train(plan, run)
    for event in with_break:
        steps += isinstance(event, ev.Progress) and event.stage == "train"
        if steps == 7:
            with_break.close()  # type: ignore[attr-defined]
            break
    list(trainer.train(planning.resume_plan(run), run))
    assert_same(run, whole)
    assert [listed(path) for path in sources] == before  # nothing was written there


def listed(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*"))


def test_a_source_on_a_vanished_disk_is_named(lab: Lab, sources: tuple[Path, Path]) -> None:
    plan = planned(lab, sources, HEAD)
    shutil.rmtree(sources[1])
    with pytest.raises(UserError) as caught:
        loaders.require_beside(plan)
    assert caught.value.code == "companion.unreadable"
    assert str(sources[1]) in str(caught.value)
