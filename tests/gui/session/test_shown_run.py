"""The run that is shown: it is named anew only where it is the one, and nothing runs."""

from pathlib import Path

from tests.gui import finished
from transfergui.core.runs.history import History
from transfergui.gui.session.session import Session
from transfergui.gui.session.shown_run import ShownRun
from transfergui.gui.session.states import State, StateMachine


def test_only_the_shown_run_is_named_anew(ready: Session, tmp_path: Path) -> None:
    assert ready.plan is not None
    states = StateMachine(lambda _state: None, lambda *_said: None, lambda: None)
    shown = ShownRun(ready, states, lambda *_said: None)
    run = finished.finished_run(ready.plan)
    shown.set(run, History())
    told: list[object] = []
    shown.run_changed.connect(told.append)
    shown.tell_renamed(tmp_path)
    assert told == []
    shown.tell_renamed(run.path)
    assert told == [run]
    states.enter(State.TRAINING)
    shown.tell_renamed(run.path)
    assert told == [run]
