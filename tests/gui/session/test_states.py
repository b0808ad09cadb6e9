"""The state, and the wish that waits."""

from transfergui.gui.session.states import State, StateMachine


class Listener:
    def __init__(self) -> None:
        self.states: list[State] = []
        self.said: list[str] = []
        self.closed = 0
        self.machine = StateMachine(self.states.append, self.say, self.close)

    def say(self, panel: str, text: str, level: str) -> None:
        self.said.append(panel)

    def close(self) -> None:
        self.closed += 1


def test_a_state_is_told_once() -> None:
    listener = Listener()
    for _time in range(2):
        listener.machine.enter(State.SCANNING)
    assert listener.states == [State.SCANNING]


def test_a_wish_is_refused_while_training_and_kept_while_stopping() -> None:
    listener, fulfilled = Listener(), list[str]()
    machine = listener.machine
    machine.enter(State.TRAINING)
    assert machine.postponed(lambda: fulfilled.append("refused"), "runs")
    assert listener.said == ["runs"]
    machine.enter(State.STOPPING)
    for name in ("first", "last"):
        assert machine.postponed(lambda name=name: fulfilled.append(name), "runs")
    machine.rest = State.READY
    machine.settle()
    assert machine.state is State.READY
    assert fulfilled == ["last"]
    machine.settle()
    assert fulfilled == ["last"]


def test_what_is_being_closed_takes_no_wish() -> None:
    listener = Listener()
    listener.machine.closing = True
    assert listener.machine.postponed(lambda: None, "runs")
    listener.machine.settle()
    assert listener.closed == 1
