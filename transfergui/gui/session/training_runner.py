"""One training: its run is made, its thread started and watched, and asked to stop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces import Plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run, Stop
from transfergui.gui.base.tasks import Task
from transfergui.gui.session.trainer_thread import EventSource, TrainerThread

Source = Callable[[Plan, Run], EventSource]


class TrainingRunner(QObject):
    """See the module. One training at a time.

    Args:
        parent: Qt's owner.
        source: makes the events of a training.
        created: called with the run of :meth:`create`.
        refused: called with why it could not be made.
        broken: called after a bug, before or after the thread was started.
        reported: called with every event, which is in the history by then.
        ended: called when the thread has ended.

    Attributes:
        stopping: how the training was asked to end, if it was.
    """

    def __init__(
        self,
        parent: QObject,
        source: Source,
        *,
        created: Callable[[Run], object],
        refused: Callable[[UserError], object],
        broken: Callable[[], object],
        reported: Callable[[ev.Event], object],
        ended: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self.source = source
        self.stopping: Stop | None = None
        self._reported, self._ended = reported, ended
        self._create = Task(self, Run.create, created, refused, broken=broken)
        self._ask = Task(self, Run.request_stop, self._on_asked, failed=self._on_asked)
        self._plan: Plan | None = None
        self._run: Run | None = None
        self._history = History()
        self._thread: TrainerThread | None = None
        self._asked: Stop | None = None
        self._heard = False

    @property
    def running(self) -> bool:
        """Whether there is a thread, whose end must be waited for."""
        return self._thread is not None

    def prepare(self, plan: Plan) -> None:
        """This is what is trained next; what was said of stopping was about another training."""
        self.stopping = None
        self._plan = plan

    def create(self) -> None:
        """Make a new run for what was prepared."""
        assert self._plan is not None
        self._create.start(self._plan.recipe, self._plan.split)

    def launch(self, run: Run, history: History) -> None:
        """Train what was prepared in ``run``, and add what happens to ``history``."""
        assert self._plan is not None
        self._run, self._history = run, history
        self._heard = False
        thread = TrainerThread(self.source(self._plan, run), self)
        thread.reported.connect(self._on_event)
        thread.finished.connect(self._on_thread_ended)
        thread.start()
        self._thread = thread
        self.ask_to_stop()

    def ask_to_stop(self) -> None:
        """Write the wish to stop; one writer at a time, :meth:`_on_asked` repeats what changed."""
        if self.stopping and self._thread and self._run and not self._ask.running:
            self._asked = self.stopping
            self._ask.start(self._run, self.stopping)

    def _on_asked(self, _nothing: UserError | None) -> None:
        """A request that could not be written, before the run was claimed, is repeated then."""
        if self._asked != self.stopping:
            self.ask_to_stop()

    def _on_event(self, event: ev.Event) -> None:
        self._history.add(event)
        if not self._heard:
            self._heard = True
            self._asked = None  # what was asked before, or just now, is cleared by the start
            self.ask_to_stop()
        self._reported(event)

    def _on_thread_ended(self) -> None:
        assert self._thread is not None
        self._thread.wait()  # it says so a moment before it is
        self._thread.deleteLater()
        self._thread = None
        self._ended()
