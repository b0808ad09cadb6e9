"""Hearing a recording that is labelled, or seeing a picture or a text large, by one key."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base.tasks import Task
from transfergui.gui.labelling.work import Opened
from transfergui.gui.samples import renderers
from transfergui.gui.samples.audio_player import AudioPlayer


class ExamplePlayer(QObject):
    """See the module.

    Attributes:
        player: of the sound.
        path: of what is played; empty while nothing is.
        changed: something else is played now, or nothing.
        look_wanted: an example that cannot be heard is to be seen; with its path.
    """

    changed = Signal()
    look_wanted = Signal(object)

    def __init__(self, parent: QObject, opened: Opened) -> None:
        super().__init__(parent)
        self._opened = opened
        self._wanted = self.path = ""
        self.player = AudioPlayer(self)
        self.player.ended.connect(self._on_ended)
        self._read = Task(self, opened.decode, self._on_read, self._on_not_read)

    def toggle(self, path: str) -> None:
        """Play an example, or be silent where it is played."""
        playing = self.path
        self.player.stop()
        if playing != path:
            self._wanted = path
            self._read.start(self._opened.root / path, True)

    def _on_read(self, preview: Preview) -> None:
        sound = renderers.sound_of(preview)
        if sound is None or self.player.obstacle:  # the large view says why it is silent
            self.look_wanted.emit(self._wanted)
            return
        self.player.play(sound)
        self.path = self._wanted
        self.changed.emit()

    def _on_not_read(self, _error: UserError) -> None:
        self.look_wanted.emit(self._wanted)  # there it is said why

    def _on_ended(self) -> None:
        self.path = ""
        self.changed.emit()
