"""Choosing a camera, a microphone or a file, turning it on and off, and seeing what it gives."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.capture.feed import Clips, Pictures
from transfergui.core.interfaces.capture import Device
from transfergui.gui.base import file_dialogs, style
from transfergui.gui.capture import multimedia
from transfergui.gui.capture.sources import CameraSource, MicrophoneSource, Source, file_source
from transfergui.gui.capture.views import CameraView, SoundScope
from transfergui.gui.parts.empty_page import EmptyPage

TICK = 40
"""Milliseconds between two pictures that are shown: 25 a second."""
PATIENCE = 5.0
"""Seconds after which it is said that nothing comes."""
BEST = 640, 480
"""Pixels of the picture that is taken unless another size is chosen: models see 224."""
SOURCE_LETTERS = 4
NARROW = 280
"""Pixels of what is said where there is no device: beside it stands what is predicted."""


class DevicePanel(QWidget):
    """See the module. The panel stops by itself when it is hidden.

    Args:
        fail: says why nothing comes any more.

    Attributes:
        wanted: Start was pressed; whoever listens calls :meth:`begin`.
        running_changed: it was begun or has stopped.
        ticked: while it runs, after what came was shown.
        feed: what came; None while nothing runs.
    """

    wanted = Signal()
    running_changed = Signal()
    ticked = Signal()

    def __init__(self, fail: Callable[[UserError], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fail = fail
        self._device: Device | None = None
        self._files: list[Path] = []
        self._source: Source | None = None
        self._began = 0.0
        self._waited = False
        self.feed: Pictures | Clips | None = None
        self.sources = QComboBox()
        self.sizes = QComboBox()
        self.mirror = QCheckBox(_("Mirror"))
        self.switch = QPushButton()
        self.camera, self.scope = CameraView(), SoundScope()
        self._pages = QStackedWidget()
        self._clock = QTimer(self, interval=TICK)
        self._build()
        self._connect()
        self._dress()

    # -- what it is about

    @property
    def device(self) -> Device | None:
        return self._device

    @property
    def running(self) -> bool:
        return self._source is not None

    def use(self, device: Device) -> None:
        """Offer devices of this kind, and stop what is on."""
        if self._device is not None and device.key == self._device.key:
            return
        self.stop()
        first, self._device, self._files = self._device is None, device, []
        if first:
            multimedia.watch(self, self.refresh)
        self.camera.show_picture(None)
        self.scope.show_sound(None)
        self.refresh()

    def play(self, path: Path) -> None:
        """Choose a video or a sound instead of a device."""
        if path not in self._files:
            self._files.append(path)
        self.refresh(path)

    def refresh(self, choose: Path | None = None) -> None:
        """List what is connected; what was chosen stays so where it is still there."""
        if self._device is None:
            return
        before = choose or self.sources.currentData()
        self.sources.blockSignals(True)
        self.sources.clear()
        for device in multimedia.devices(self._device):
            self.sources.addItem(device.description(), device)
        for path in self._files:
            self.sources.addItem(path.name, path)
        self.sources.addItem(_("Play a file…"), None)
        places = range(self.sources.count() - 1)  # without the last, which is no source
        at = next((n for n in places if self.sources.itemData(n) == before), 0)
        self.sources.setCurrentIndex(at)
        self.sources.blockSignals(False)
        self._follow()

    # -- running

    def begin(self, seconds: float = 0.0) -> None:
        """Turn the chosen device on, once the system allows it.

        Args:
            seconds: of a clip of sound.
        """
        self.stop()
        chosen = self.sources.currentData()
        if self._device is None or chosen is None:
            return
        if isinstance(chosen, Path):
            self._start(chosen, seconds)
        else:
            answered = functools.partial(self._permitted, chosen, seconds)
            multimedia.ask_permission(self, self._device, answered)

    def _permitted(self, chosen: Any, seconds: float, permitted: bool) -> None:
        assert self._device is not None
        if permitted:
            self._start(chosen, seconds)
        else:
            self._fail(multimedia.denied(self._device))

    def _start(self, chosen: Any, seconds: float) -> None:
        assert self._device is not None
        camera = self._device.key == "camera"
        feed: Pictures | Clips = Pictures() if camera else Clips(seconds)
        if isinstance(chosen, Path):
            source = file_source(self._device, chosen, feed, self)
        elif camera:
            source = CameraSource(chosen, self.sizes.currentData(), feed, self)
        else:
            source = MicrophoneSource(chosen, feed, self)
        source.failed.connect(self._failed)
        self.feed, self._source = feed, source
        self._began, self._waited = time.monotonic(), False
        source.start()
        self._clock.start()
        self._dress()
        self.running_changed.emit()

    def stop(self) -> None:
        """Turn it off."""
        if self._source is None:
            return
        source, self._source = self._source, None
        self._clock.stop()
        source.stop()
        source.deleteLater()
        self.feed = None
        self._dress()
        self.running_changed.emit()

    def _failed(self, error: UserError) -> None:
        self.stop()
        self.refresh()
        self._fail(error)

    def _tick(self) -> None:
        feed, came = self.feed, False
        if isinstance(feed, Pictures):
            came = feed.shown is not None
            self.camera.show_picture(feed.shown)
        elif feed is not None:
            came = feed.ring is not None
            self.scope.show_sound(feed)
        if not came and not self._waited and time.monotonic() - self._began > PATIENCE:
            self._waited = True
            name = self.sources.currentText()
            self._fail(UserError("capture.nothing_comes", name=name, seconds=int(PATIENCE)))
        self.ticked.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # the window was not merely put aside
            self.stop()

    # -- building

    def _build(self) -> None:
        self.sources.setAccessibleName(_("Device"))
        self.sources.setMinimumWidth(1)
        self.sources.setMinimumContentsLength(SOURCE_LETTERS)
        self.sources.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.sizes.setAccessibleName(_("Picture size of the camera"))
        self.sizes.setToolTip(_("Picture size of the camera"))
        self.mirror.setChecked(True)
        self.mirror.setToolTip(
            style.tip(
                _(
                    "Show the picture as in a mirror. Predictions and recorded pictures are not "
                    "mirrored."
                )
            )
        )
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(self.sources, 1)
        row.addWidget(self.sizes)
        row.addWidget(self.mirror)
        row.addWidget(self.switch)
        self._nothing = EmptyPage(
            "picture", _("No device"), _("Connect a device, or play a file."), _("Play a file…")
        )
        self._nothing.text.setFixedWidth(NARROW)
        for page in (self.camera, self.scope, self._nothing):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(row)
        layout.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.sources.activated.connect(lambda _at: self._choose())
        self.sources.currentIndexChanged.connect(lambda _at: self._follow())
        self.mirror.toggled.connect(self._mirror)
        self.switch.clicked.connect(lambda _checked=False: self._toggle())
        self._nothing.button.clicked.connect(lambda _checked=False: self.ask_file())
        self._clock.timeout.connect(self._tick)
        style.theme.changed.connect(self._dress)

    def _toggle(self) -> None:
        if self.running:
            self.stop()
        else:
            self.wanted.emit()

    def _choose(self) -> None:
        """Something else was chosen: what is on is turned off."""
        again = self.running
        self.stop()
        if self.sources.currentData() is None:
            self.ask_file()
        elif again:
            self.wanted.emit()

    def ask_file(self) -> None:
        """Ask for a video or a sound to be played."""
        assert self._device is not None
        kinds = _("{kind} ({patterns});;All files (*)").format(
            kind=_("Videos") if self._device.key == "camera" else _("Sounds"),
            patterns=" ".join(self._device.patterns),
        )
        if file := file_dialogs.ask_file(self, _("Play a file"), "predict", kinds):
            self.play(file)
            self.wanted.emit()
        else:
            self.refresh()

    def _mirror(self, mirrored: bool) -> None:
        self.camera.mirrored = mirrored
        self.camera.update()

    def _follow(self) -> None:
        """What can be chosen of what is chosen."""
        device, chosen = self._device, self.sources.currentData()
        if device is None:
            return
        camera = device.key == "camera"
        self.mirror.setVisible(camera)
        self._list_sizes(chosen if camera else None)
        obstacle = multimedia.obstacle(device)
        if chosen is None and obstacle is not None:
            self._nothing.show_icon("picture" if camera else "wave")
            self._nothing.text.setText(str(obstacle))
            self._pages.setCurrentWidget(self._nothing)
        else:
            self._pages.setCurrentWidget(self.camera if camera else self.scope)
        self.switch.setEnabled(chosen is not None)
        self._dress()

    def _list_sizes(self, chosen: Any) -> None:
        """The sizes of a camera's pictures; the one nearest to :data:`BEST` is taken."""
        self.sizes.clear()
        if chosen is not None and not isinstance(chosen, Path):
            for form in best_formats(chosen.videoFormats()):
                size = form.resolution()
                self.sizes.addItem(f"{size.width()} × {size.height()}", form)
            gaps = [
                abs(form.resolution().width() - BEST[0]) + abs(form.resolution().height() - BEST[1])
                for form in map(self.sizes.itemData, range(self.sizes.count()))
            ]
            if gaps:
                self.sizes.setCurrentIndex(gaps.index(min(gaps)))
        self.sizes.setVisible(self.sizes.count() > 1)

    def _dress(self) -> None:
        self.switch.setText(_("Stop") if self.running else _("Start"))
        self.switch.setIcon(
            style.icon("stop", "text") if self.running else style.icon("play", "on_accent")
        )
        role = "" if self.running or not self.switch.isEnabled() else "primary"
        if self.switch.property("role") != role:
            self.switch.setProperty("role", role)
            self.switch.style().unpolish(self.switch)
            self.switch.style().polish(self.switch)


def best_formats(forms: list[Any]) -> list[Any]:
    """Of each size of picture the format with the most pictures a second, the largest first."""
    found: dict[tuple[int, int], Any] = {}
    for form in forms:
        size = form.resolution().width(), form.resolution().height()
        if size not in found or form.maxFrameRate() > found[size].maxFrameRate():
            found[size] = form
    return [found[size] for size in sorted(found, reverse=True)]
