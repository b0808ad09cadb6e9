"""The tab “Checks”: real checks of small pictures, and what is done about what they find."""

import shutil
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from tests.gui.conftest import open_data, rest
from transfergui.core.base.notes import Note
from transfergui.core.checks.check import Action, Finding, Flagged
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.gui.checks import faces
from transfergui.gui.checks.examination import Stage
from transfergui.gui.panels.data import DataStage
from transfergui.gui.session.session import Session


@pytest.fixture
def stage(qtbot: QtBot, session: Session, tmp_path: Path) -> DataStage:
    folder = make_tiny_pictures(tmp_path / "pictures", classes=2, per_class=12, size=32)
    shutil.copy(folder / "class_0" / "00.png", folder / "class_0" / "copy.png")
    made = DataStage(session)
    qtbot.addWidget(made)
    open_data(qtbot, session, folder)
    rest(qtbot, session)
    session.change(session.recipe.replace(backbone="tgnet"), "Set up")
    rest(qtbot, session)
    return made


def test_copies_are_shown_and_excluded(qtbot: QtBot, stage: DataStage, session: Session) -> None:
    tab = stage.checks
    stage.show()
    page = next(page for page in tab.pages if page.check.key == "near_duplicates")
    assert tab.button.text() == "Check the data"
    tab.button.click()
    qtbot.waitUntil(lambda: tab.examination.stage is Stage.DONE, timeout=60_000)
    rest(qtbot, session)
    assert "Checked: 25 pictures" in tab.status.text()
    assert {"class_0/00.png", "class_0/copy.png"} <= set(page.grid.thumbnails.paths)
    exclude = page.buttons["Exclude copies"]
    assert exclude.isEnabled()
    exclude.click()
    rest(qtbot, session)
    assert "class_0/copy.png" in session.recipe.data.exclude
    assert not exclude.isEnabled() and "no copies left" in exclude.toolTip()
    assert tab.examination.outdated and "changed since" in tab.status.text()
    session.undo_stack.undo()
    rest(qtbot, session)
    page.buttons["Keep in one set"].click()
    rest(qtbot, session)
    assert {"class_0/00.png", "class_0/copy.png"} <= session.recipe.data.together.keys()


def test_a_leak_is_offered_to_be_closed(qtbot: QtBot, stage: DataStage, session: Session) -> None:
    checks = stage.checks.examination
    pair = Flagged("class_0/00.png", ("class_0/01.png",))
    note = Note("check.near_duplicates_leak", {"count": 1, "n": 1, "noun": "pictures"}, "warning")
    checks.plan = checks._wanted = session.plan
    checks._finish({"near_duplicates": Finding("near_duplicates", (note,), (pair,))})
    assert stage.leak.action.text() == "Keep in one set" and not stage.leak.isHidden()
    stage.leak.other.click()
    assert stage.tabs.currentWidget() is stage.checks and stage.leak.isHidden()
    stage.checks.pages[0].buttons["Keep in one set"].click()
    rest(qtbot, session)
    assert session.recipe.data.together == dict.fromkeys(
        ("class_0/00.png", "class_0/01.png"), "class_0/00.png"
    )
    assert stage.leak.isHidden()


def split(method: str = "split.random") -> Split:
    train = (Sample("a", 0), Sample("b", 0), Sample("x", 1))
    return Split("/", "image", ("0", "1"), train, (Sample("c", 0),), (Sample("d", 1),), 0, method)


def test_of_copies_the_tested_one_stays() -> None:
    assert faces.copies([["a", "b", "c"], ["x", "d"]], split()) == ["a", "b", "x"]
    assert faces.copies([["a", "d"]], split()) == []  # of two classes: nobody knows which is right
    assert faces.copies([["gone", "a"]], split()) == []


def test_what_the_user_divided_is_not_divided_anew(stage: DataStage, session: Session) -> None:
    assert session.split is not None and session.split.test
    first, *_rest = session.split.test
    found = Finding(
        "near_duplicates", flagged=(Flagged(session.split.train[0].path, (first.path,)),)
    )
    assert faces.KEEP.obstacle(session, found) == ""
    own = msgspec.structs.replace(first, split="test")
    session.project.split = msgspec.structs.replace(session.split, test=(own,))
    assert "Exclude the copies instead" in faces.KEEP.obstacle(session, found)


def test_groups_are_named_with_their_set() -> None:
    found = Finding("near_duplicates", flagged=(Flagged("a", ("c",)), Flagged("x", ("d",))))
    face = faces.face("near_duplicates")
    assert face.captions is not None
    captions = face.captions(found, split())
    assert captions["c"] == "c\nGroup 1 · validation"
    assert captions["d"] == "d\nGroup 2 · test"
    assert faces.face("another").actions == ()


def test_a_proposed_setting_is_used_and_bad_examples_are_excluded(
    qtbot: QtBot, stage: DataStage, session: Session
) -> None:
    narrow = Finding("framing", actions=(Action("input.fit", "pad"),))
    (use,) = faces.face("framing").actions
    assert use.obstacle(session, Finding("framing")) != ""
    assert use.obstacle(session, narrow) == ""
    use.do(session, narrow)
    rest(qtbot, session)
    assert session.recipe.input["fit"] == "pad"
    assert "already" in use.obstacle(session, narrow)
    session.undo_stack.undo()
    rest(qtbot, session)
    assert "fit" not in session.recipe.input
    bad = Finding("quality", flagged=(Flagged("class_0/01.png"),))
    (exclude,) = faces.face("quality").actions
    exclude.do(session, bad)
    rest(qtbot, session)
    assert session.recipe.data.exclude == ("class_0/01.png",)
    assert exclude.obstacle(session, bad) != ""
