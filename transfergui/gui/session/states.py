"""Where the session stands, what it says, and the one wish that waits until something has ended."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from transfergui.core.base.i18n import _
from transfergui.core.base.messages import Level

Say = Callable[[str, str, Level], object]
"""Says a sentence on a panel: its key, the sentence, how bad it is."""


class State(enum.Enum):
    """Where the session stands; see :mod:`transfergui.gui.session.session`."""

    EMPTY = "empty"
    SCANNING = "scanning"
    READY = "ready"
    TRAINING = "training"
    STOPPING = "stopping"


@dataclass(frozen=True)
class Message:
    """A sentence for one card; an empty text takes the card's earlier message away.

    Attributes:
        level: how bad it is.
        text: the sentence, translated.
        panel: key of the panel that it concerns: ``dataset``, ``backbone``, ``training``,
            ``data``, ``live``, ``results``, ``predict``, ``export`` or ``runs``.
    """

    level: Level
    text: str
    panel: str


class StateMachine:
    """The state, and the wish that is fulfilled when what runs has ended; the last wish counts.

    Args:
        changed: called with every new state.
        say: called where a wish is refused.
        closed: called when nothing runs any more while the session is being closed.

    Attributes:
        rest: the state when nothing runs.
        wish: what is done next, at rest.
        closing: whether the session is being closed: no wish is taken any more.
        leave: leaves what runs, where that goes on by itself: no wish is refused then.
    """

    def __init__(
        self, changed: Callable[[State], object], say: Say, closed: Callable[[], object]
    ) -> None:
        self.state = self.rest = State.EMPTY
        self.closing = False
        self.wish: Callable[[], object] | None = None
        self.leave: Callable[[], object] | None = None
        self._changed, self._say, self._closed = changed, say, closed

    @property
    def training(self) -> bool:
        """Whether a training runs or is being stopped."""
        return self.state in (State.TRAINING, State.STOPPING)

    def enter(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self._changed(state)

    def keep(self, wish: Callable[[], object]) -> None:
        """Fulfil ``wish`` at the next rest."""
        self.wish = wish

    def forget_wish(self) -> None:
        self.wish = None

    def postponed(self, wish: Callable[[], object], panel: str) -> bool:
        """Whether ``wish`` cannot be done now: kept while stopping, refused while training."""
        if self.training and self.leave is not None:
            self.leave()
        if self.state is State.STOPPING:
            self.wish = wish
        elif self.state is State.TRAINING:
            text = _("A training is running. Stop the training first, or wait until it ends.")
            self._say(panel, text, "info")
        return self.training or self.closing

    def settle(self) -> None:
        """Nothing runs any more."""
        self.enter(self.rest)
        if self.closing:
            self._closed()
        wish, self.wish = self.wish, None
        if wish is not None:
            wish()
