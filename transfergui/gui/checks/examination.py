"""The checks of the open data, in the background, never while a training runs."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.base.progress import Tell
from transfergui.core.checks.check import Check
from transfergui.core.checks.registry import Outcome
from transfergui.core.interfaces.plan import Plan
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State

QUICK = 15.0
"""Seconds that checks may take which begin by themselves."""
SETTLED = 2000
"""Milliseconds without a change of the settings after which they do."""

Outcomes = dict[str, Outcome]
"""What each check found, or why it cannot be done, by its key."""


class Stage(enum.Enum):
    """Where the checks stand."""

    WAITING = "waiting"
    """They have not begun, or what they found is of data that have changed since."""
    RUNNING = "running"
    PAUSED = "paused"
    """A training runs; they begin anew after it."""
    STOPPED = "stopped"
    """By the user."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Step:
    """How far the checks are.

    Attributes:
        check: the key of the one that is done; empty while features are computed.
        total: 0 where it is not known.
        outcomes: of the checks that are done.
    """

    check: str = ""
    done: int = 0
    total: int = 0
    outcomes: Outcomes | None = None


class Examination(QObject):
    """See the module. The attributes are there to read.

    Args:
        parent: Qt's owner.

    Attributes:
        stage, step: where they stand, and how far the present one is.
        began: when the present step of it began, as :func:`time.monotonic` says.
        outcomes: what was found so far, or for data that have changed since.
        plan: the settings that ``outcomes`` belong to.
        error: why they could not be done.
        seconds: about how long they take; None where that is not known.
    """

    changed = Signal()
    progressed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.stage = Stage.WAITING
        self.step = Step()
        self.began = 0.0
        self.outcomes: Outcomes = {}
        self.plan: Plan | None = None
        self.error: UserError | None = None
        self.seconds: float | None = None
        self._wanted: Plan | None = None
        self._work = Task(self, _examine, self._finish, self._fail, self._show, self._break)
        self._price = Task(self, _price, self._on_price, lambda _error: None)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED)
        self._settled.timeout.connect(self._consider)
        session.plan_changed.connect(self._follow_plan)
        session.state_changed.connect(self._follow_state)
        self._follow_plan(session.plan)

    @property
    def outdated(self) -> bool:
        """Whether the outcomes are of other data, or of another backbone."""
        return bool(self.outcomes) and not _same(self.plan, self._session.plan)

    @property
    def possible(self) -> bool:
        """Whether the checks can begin now."""
        return self._session.plan is not None and self._session.state is State.READY

    def start(self) -> None:
        """Begin, or begin anew."""
        plan = self._session.plan
        if plan is None or not self.possible:
            return
        if self.plan is None or self.plan.split.root != plan.split.root:
            self.outcomes = {}
        self._price.cancel()
        self._settled.stop()
        self._wanted, self.error = plan, None
        self.step, self.began = Step(), time.monotonic()
        self._enter(Stage.RUNNING)
        self._work.start(plan)

    def stop(self) -> None:
        """End them; what was found stays."""
        if self.stage is Stage.RUNNING:
            self._work.cancel()
            self._enter(Stage.STOPPED)

    # -- following the session

    def _follow_plan(self, plan: Plan | None) -> None:
        if plan is None:  # other data are read: what is known is not of these
            self.changed.emit()
            return
        if _same(self._wanted, plan):
            return
        self.seconds = None
        self._work.cancel()
        self._price.cancel()
        if self.plan is not None and self.plan.split.root != plan.split.root:
            self.outcomes, self.plan = {}, None
        self._wanted = None
        self._enter(Stage.WAITING)
        self._settled.start()

    def _follow_state(self, state: State) -> None:
        if state in (State.TRAINING, State.STOPPING, State.SCANNING):
            self._price.cancel()
            self._settled.stop()
            if self.stage is Stage.RUNNING:
                self._work.cancel()
                self._enter(Stage.PAUSED)
        elif state is State.READY:
            if self.stage is Stage.PAUSED:
                self.start()
            elif self.stage is Stage.WAITING:
                self._settled.start()
        self.changed.emit()

    def _consider(self) -> None:
        """Begin, if that is quick; else find out how long it takes."""
        if self.possible and self.stage is Stage.WAITING:
            self._price.start(self._session.plan)

    def _on_price(self, seconds: float) -> None:
        self.seconds = seconds
        if seconds <= QUICK and self.stage is Stage.WAITING:
            self.start()
        else:
            self.changed.emit()

    # -- what comes from the worker

    def _show(self, step: Step) -> None:
        last = self.step
        if (step.check, step.total) != (last.check, last.total) or step.done < last.done:
            self.began = time.monotonic()  # of this step of it, by which the rest is estimated
        self.step = step
        if step.outcomes:
            self._take(step.outcomes)
        self.progressed.emit()

    def _take(self, outcomes: Outcomes) -> None:
        """Replace what is known of each check; what is still to come stays as it was."""
        fresh = {key: each for key, each in outcomes.items() if self.outcomes.get(key) is not each}
        if fresh:
            self.outcomes = self.outcomes | fresh
            self.changed.emit()

    def _finish(self, outcomes: Outcomes) -> None:
        self.plan, self.outcomes = self._wanted, outcomes
        self._enter(Stage.DONE)
        self._session.data_checked.emit()

    def _fail(self, error: UserError) -> None:
        self.error = error
        self._enter(Stage.FAILED)

    def _break(self) -> None:
        """A bug was reported."""
        self._enter(Stage.STOPPED)

    def _enter(self, stage: Stage) -> None:
        self.stage = stage
        self.changed.emit()


def _same(one: Plan | None, other: Plan | None) -> bool:
    """Whether the checks of two plans find the same."""
    if one is None or other is None:
        return False
    return one is other or _looked_at(one) == _looked_at(other)


def _looked_at(plan: Plan) -> tuple[Any, ...]:
    return plan.split, plan.backbone.key, plan.input, plan.weights


# -- in a worker thread


def _examine(plan: Plan, report: Callable[[Step], None]) -> Outcomes:
    warm_up()
    from transfergui.core.checks.kept import keep
    from transfergui.core.checks.material import material_of
    from transfergui.core.checks.registry import examine

    found: Outcomes = {}

    def telling(key: str) -> Tell:
        return lambda done, total: report(Step(key, done, total, dict(found)))

    def of_check(check: Check) -> Tell:
        tell = telling(check.key)
        tell(0, 0)
        return tell

    material = material_of(plan, telling(""))
    for check, outcome in examine(material, of_check):
        found[check.key] = outcome
    keep(plan, found)
    return found


def _price(plan: Plan, report: Callable[[float], None]) -> float:
    warm_up()
    from transfergui.core.checks.cost import expected_seconds

    return expected_seconds(plan, QUICK, lambda done, total: report(0.0))
