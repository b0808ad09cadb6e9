"""How well backbones and own models suit: asked for in the chooser, cancelled, sorted."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from transfergui.core import registry
from transfergui.core.app import suitability
from transfergui.core.app.suitability import Candidate, Suitability
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.data import split as splitting
from transfergui.core.figures.closeness import Closeness
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.training.ranking import Ranked
from transfergui.gui.base import tasks
from transfergui.gui.networks.backbone_chooser import BackboneChooser
from transfergui.gui.networks.backbone_model import NEAR, PROBED

SCORES = {"tgnet": 0.7, "alexnet": 0.8}


@pytest.fixture
def chooser(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tiny_pictures: Callable[..., Path],
) -> Iterator[BackboneChooser]:
    (tmp_path / "alexnet.pth").write_bytes(b"weights")
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(tmp_path))
    recipe = Recipe().replace(data__path=str(tiny_pictures(tmp_path / "pictures")))
    modality = registry.modality("image")
    plan = resolve(recipe, splitting.split(modality.scan(recipe.data), recipe.split, 0))
    chooser = BackboneChooser(modality, "tgnet", str(tmp_path), plan=plan)
    qtbot.addWidget(chooser)
    chooser.show()
    assert tasks.wait_all()
    yield chooser
    chooser.reject()
    assert tasks.wait_all()


def of(candidate: Candidate) -> Suitability:
    if candidate.named == "tgnet":
        near = Closeness(word="alike", distance=0.1, low=0.0, high=0.3, energy=0.0, count=90)
    else:
        near = None
    score = SCORES.get(candidate.named)
    network = Ranked(key=candidate.named, title="", score=score, logme=0.5, hscore=1.0, n=9)
    why = None if near else Note("suit.no_data", {})
    return Suitability(candidate=candidate, closeness=near, not_compared=why, network=network)


def cell(chooser: BackboneChooser, row: int, column: int) -> str:
    return str(chooser.filter.index(row, column).data())


def test_the_nearest_comes_first_with_a_word_and_its_figures(
    chooser: BackboneChooser, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def compare(_plan: Plan, wanted: Sequence[Candidate], tell: object) -> Iterator[Suitability]:
        tried.extend(each.named for each in wanted)
        yield from map(of, wanted)

    monkeypatch.setattr(suitability, "compare", compare)
    assert chooser.table.isColumnHidden(NEAR) and chooser.table.isColumnHidden(PROBED)
    chooser.suitability.ask.click()
    assert tasks.wait_all()
    assert set(tried) >= {"tgnet", "alexnet"} and "vgg16" not in tried
    assert chooser.shown()[:2] == ["tgnet", "alexnet"]
    assert (cell(chooser, 0, NEAR), cell(chooser, 0, PROBED)) == ("much alike", "70.0 %")
    assert (cell(chooser, 1, NEAR), cell(chooser, 1, PROBED)) == ("–", "80.0 %")
    assert not chooser.table.isColumnHidden(NEAR)
    chooser.only_here.setChecked(False)
    assert "vgg16" in chooser.shown()


def test_what_is_done_is_kept_when_it_is_cancelled(
    chooser: BackboneChooser, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    going_on = threading.Event()

    def compare(
        _plan: Plan, wanted: Sequence[Candidate], tell: Callable[[int, int], None]
    ) -> Iterator[Suitability]:
        yield of(Candidate("backbone", "alexnet"))
        going_on.set()
        while True:
            tell(1, 2)

    monkeypatch.setattr(suitability, "compare", compare)
    chooser.suitability.ask.click()
    qtbot.waitUntil(going_on.is_set)
    chooser.suitability.progress.cancel_button.click()
    assert tasks.wait_all()
    assert chooser.suitability.ask.isVisible()
    assert chooser.table.isColumnHidden(NEAR) and not chooser.table.isColumnHidden(PROBED)
    assert chooser.shown()[0] == "alexnet"


def test_why_nothing_can_be_compared_is_said(
    chooser: BackboneChooser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compare(*_args: object) -> Iterator[Suitability]:
        raise UserError("suit.no_network", noun="pictures")

    monkeypatch.setattr(suitability, "compare", compare)
    chooser.suitability.ask.click()
    assert tasks.wait_all()
    assert "cannot be compared" in chooser.suitability.text.text()
