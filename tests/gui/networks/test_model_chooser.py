"""Lists of models: the best tested one first, and what is said of each."""

import dataclasses
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from transfergui.core.evaluation.data_checks import Doubted
from transfergui.gui.base import tasks
from transfergui.gui.base.run_figure import RunFigure
from transfergui.gui.networks import better_run
from transfergui.gui.networks.model_chooser import ModelChoice, ModelChooser, ordered
from transfergui.gui.networks.model_notice import ModelNotice
from transfergui.gui.session.session import Session


def reached(accuracy: float) -> RunFigure | None:
    return RunFigure.of({"accuracy": accuracy})


CANCELLED = ModelChoice(Path("c"), "cancelled", data="hands", state="paused, not tested")
GOOD = ModelChoice(Path("g"), "good", data="hands", figure=reached(0.92), state="92 %")
FAIR = ModelChoice(Path("f"), "fair", data="hands", figure=reached(0.8), state="80 %")
OTHER = ModelChoice(Path("o"), "other", data="birds", figure=reached(0.99), state="99 %")


def test_an_untested_model_is_never_first() -> None:
    found = ordered([CANCELLED, OTHER, FAIR, GOOD], CANCELLED.path)
    assert found == [GOOD, FAIR, OTHER, CANCELLED]


def test_the_tested_model_that_is_shown_is_first() -> None:
    assert ordered([OTHER, GOOD, FAIR], FAIR.path) == [FAIR, GOOD, OTHER]
    assert ordered([OTHER, FAIR, GOOD], None) == [OTHER, FAIR, GOOD]  # as they came: newest first


def test_the_list_says_what_is_known_of_each(qtbot: QtBot) -> None:
    chooser = ModelChooser()
    qtbot.addWidget(chooser)
    chooser.fill([CANCELLED, GOOD], CANCELLED.path)
    assert chooser.currentData() == GOOD.path
    titles = [chooser.itemText(at) for at in range(chooser.count())]
    assert titles == ["good · 92 %", "cancelled · paused, not tested"]


def test_a_model_that_is_gone_is_not_replaced_in_silence(qtbot: QtBot) -> None:
    chooser = ModelChooser()
    qtbot.addWidget(chooser)
    chooser.fill([GOOD, FAIR], GOOD.path)
    assert chooser.said_gone() == ""
    chooser.fill([FAIR, OTHER], GOOD.path)
    assert chooser.said_gone() == (
        "“good · 92 %” was deleted or moved. The selected model is now “fair · 80 %”."
    )
    chooser.fill([FAIR, OTHER], None)
    assert chooser.said_gone() == ""


def test_a_better_run_on_the_same_test_set_is_offered(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = {GOOD.path}
    monkeypatch.setattr(better_run, "_same_test", lambda _own, other: other.path in same)
    assert better_run.better_run(FAIR, [CANCELLED, OTHER, FAIR, GOOD]) == (GOOD, False)
    assert better_run.better_run(GOOD, [CANCELLED, OTHER, FAIR, GOOD]) is None
    notice = better_run.BetterRunNotice()
    qtbot.addWidget(notice)
    notice.look(FAIR, [GOOD, FAIR])
    assert tasks.wait_all()
    assert "92 % instead of 80 %" in notice.text.text()
    assert "chance" in notice.text.text()  # neither has predictions to tell by
    with qtbot.waitSignal(notice.wanted) as asked:
        notice.button.click()
    assert asked.args == [GOOD.path]
    same.clear()
    notice.look(FAIR, [GOOD, FAIR])
    assert tasks.wait_all()
    assert notice.isHidden()


def test_after_a_training_its_model_is_taken_although_another_was_chosen(qtbot: QtBot) -> None:
    chooser = ModelChooser()
    qtbot.addWidget(chooser)
    chooser.fill([OTHER, FAIR], FAIR.path)
    chooser.choose(OTHER)
    chooser.fill([GOOD, OTHER, FAIR], GOOD.path)
    assert chooser.currentData() == OTHER.path
    chooser.follow()
    chooser.fill([GOOD, OTHER, FAIR], GOOD.path)
    assert chooser.currentData() == GOOD.path


def test_what_is_wrong_with_the_data_of_a_model_is_said(qtbot: QtBot, session: Session) -> None:
    notice = ModelNotice(session)
    qtbot.addWidget(notice)
    notice.show_choice(GOOD)
    assert notice.isHidden()
    notice.show_choice(dataclasses.replace(GOOD, doubted=Doubted(why="Shortcuts: few.")))
    assert "Shortcuts" in notice.text()
    useless = Doubted(no_use="This model is of no use yet.")
    notice.show_choice(dataclasses.replace(GOOD, doubted=useless))
    assert notice.text() == "This model is of no use yet."
