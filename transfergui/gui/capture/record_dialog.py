"""Recording examples of classes with a camera or a microphone, into a folder of the user's."""

from __future__ import annotations

import functools
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import suffix
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.capture import existing
from transfergui.core.capture.bursts import ClipBurst, PictureBurst
from transfergui.core.capture.feed import Clips, Pictures
from transfergui.core.capture.recorder import Burst, Recorder
from transfergui.core.interfaces.plan import Modality
from transfergui.gui.base import style, tasks
from transfergui.gui.capture.class_list import KEYED, ClassList
from transfergui.gui.capture.device_panel import DevicePanel
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel

SIZE = (960, 640)
COLUMN = 320
"""Pixels of the classes and the settings."""
POLL = 20
"""Milliseconds between two looks whether an example is due."""
RATE, RATES = 5, (1, 15)
"""Pictures a second: usually, and from which to which."""
CLIP, CLIPS = 1.0, (0.2, 30.0)
"""Seconds of a clip, likewise."""
COUNTDOWNS = (0, 1, 10)
"""Seconds before a recording that starts by itself."""
LASTS = (1, 5, 60)
"""Seconds of a recording that starts by itself: the least, usually, the most."""


class RecordDialog(QDialog):
    """See the module.

    Args:
        root: the folder of the classes.
        kind: key of what is recorded first.
        seconds: of a clip of sound, as a model wants it.

    Attributes:
        opened: with the folder, to be opened as data.
    """

    opened = Signal(object)

    def __init__(self, parent: QWidget, root: Path, kind: str, seconds: float = CLIP) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Record examples"))
        self.root = root
        self._recorder: Recorder | None = None
        self._burst: PictureBurst | ClipBurst | None = None
        self._before: dict[str, int] = {}
        self._hinted = True
        self._starts = self._ends = 0.0  # of a recording with a countdown; 0 where there is none
        self.kinds = QComboBox()
        self.panel = DevicePanel(self._fail)
        self.classes = ClassList()
        self.rate, self.length = QSpinBox(), QDoubleSpinBox()
        self.countdown, self.lasts = QSpinBox(), QSpinBox()
        self.hold = QPushButton()
        self.undo = QPushButton(_("Undo last recording"))
        self.open_data = QPushButton(_("Open as data"))
        self.said = WrappedLabel(role="caption")
        self._clock = QTimer(self, interval=POLL)
        self._build(seconds)
        self._connect()
        self.kinds.setCurrentIndex(max(0, self.kinds.findData(kind)))
        self._use()
        self.resize(*SIZE)

    # -- what is recorded

    @property
    def modality(self) -> Modality:
        return registry.modality(self.kinds.currentData())

    @property
    def recording(self) -> bool:
        return self._burst is not None

    def _use(self) -> None:
        """Another kind of examples was chosen."""
        self._end()
        self._close_recorder()
        device = self.modality.device
        assert device is not None
        self._recorder = Recorder(device, self.root)
        self.panel.use(device)
        sounds = device.key == "microphone"
        for number in range(2):
            self._settings[0][number].setVisible(not sounds)
            self._settings[1][number].setVisible(sounds)
        tasks.run(self, functools.partial(_look, self.root, self.modality), self._know)

    def _know(self, found: tuple[dict[str, int], str]) -> None:
        counts, kind = found
        if kind not in ("", self.modality.key):
            text = _(
                "This folder contains {others} already. Record {noun} into a folder of their own."
            )
            noun, others = _(self.modality.many), _(registry.modality(kind).many)
            self._say(text.format(noun=noun, others=others))
        added = {name: 0 for name in self.classes.names if name not in counts}
        self._before = counts | added
        self._count()

    def _count(self) -> None:
        """Show how many examples there are; a class may have been added meanwhile."""
        recorder = self._recorder
        assert recorder is not None
        names = dict.fromkeys((*self._before, *self.classes.names))
        self.classes.fill({n: self._before.get(n, 0) + recorder.count(n) for n in names})

    # -- recording

    def press(self) -> None:
        """The button or a key is held, or was pressed where there is a countdown."""
        if self._starts:  # a second press ends it
            self._end()
        elif not self.recording and self._possible():
            wait = self.countdown.value()
            if wait:
                self._starts = time.monotonic() + wait
            else:
                self._begin()
            self._clock.start()
            self._follow()

    def release(self) -> None:
        """It is no longer held."""
        if self._burst is not None and not self._starts:
            self._burst.release()

    def _possible(self) -> bool:
        return self.panel.running and bool(self.classes.current) and self._recorder is not None

    def _begin(self) -> None:
        feed, name, recorder = self.panel.feed, self.classes.current, self._recorder
        assert recorder is not None
        if isinstance(feed, Pictures):
            self._burst = PictureBurst(recorder, feed, name, self.rate.value())
        elif feed is not None:
            self._burst = ClipBurst(recorder, feed, name)
        self._mark("")
        self._follow()

    def _tick(self) -> None:
        now = time.monotonic()
        if self._starts and self._burst is None:
            left = self._starts - now
            self._mark(str(int(left) + 1))
            if left <= 0:
                self._ends = now + self.lasts.value()
                self._begin()
        if self._burst is not None:
            before = self._burst.taken
            self._burst.poll(now)
            if self._burst.taken != before:
                self._follow()
            if self._ends and now >= self._ends:
                self._burst.release()
            recorder = self._recorder
            if self._burst.done or (recorder is not None and recorder.problem is not None):
                self._end()

    def _end(self) -> None:
        """Nothing more is taken."""
        burst, self._burst = self._burst, None
        self._clock.stop()
        self._starts = self._ends = 0.0
        self._mark("")
        if burst is not None and self._recorder is not None:
            burst.release()
            self._finishing.start()
        self._follow()

    def _finish(self) -> None:
        """Once everything is written: say so, or why not."""
        recorder = self._recorder
        if recorder is None or recorder.waiting:
            return
        self._finishing.stop()
        self._count()
        if recorder.problem is not None:
            self._fail(recorder.problem)
        elif recorder.bursts:
            last = recorder.bursts[-1]
            text = ngettext(
                "{count} example of “{name}” was saved.",
                "{count} examples of “{name}” were saved.",
                len(last.files),
            )
            self._say(text.format(count=len(last.files), name=shown(last.name)))
        self._follow()

    def _mark(self, words: str) -> None:
        for view in (self.panel.camera, self.panel.scope):
            view.words, view.recording = words, self._burst is not None
            view.update()

    # -- undoing

    def undo_last(self) -> None:
        """Delete the files of the last burst."""
        if self._recorder is not None and not self.recording and self.undo.isEnabled():
            self.undo.setEnabled(False)
            tasks.run(self, self._recorder.undo, self._show_undone)

    def _show_undone(self, found: tuple[Burst, list[Path]] | None) -> None:
        if found is not None:
            burst, kept = found
            gone = len(burst.files) - len(kept)
            text = ngettext(
                "{count} example of “{name}” was deleted.",
                "{count} examples of “{name}” were deleted.",
                gone,
            ).format(count=gone, name=shown(burst.name))
            if kept:
                changed = _("Kept, because they were changed since: {names}.")
                names = ", ".join(path.name for path in kept[:3]) + (", …" if kept[3:] else "")
                text = f"{text} {changed.format(names=names)}"
                self._before[burst.name] = self._before.get(burst.name, 0) + len(kept)
            self._say(text)
        self._count()
        self._follow()

    # -- building

    def _build(self, seconds: float) -> None:
        for modality in registry.MODALITIES:
            if modality.device is not None:
                self.kinds.addItem(_(modality.title), modality.key)
        self.kinds.setAccessibleName(_("What is recorded"))
        where = ElidedLabel()
        where.setText(
            _("New examples are saved into {folder}").format(folder=shown(str(self.root)))
        )
        head = QHBoxLayout()
        head.setSpacing(style.INSIDE)
        head.addWidget(self.kinds)
        head.addWidget(where, 1)
        _set_up(self.rate, *RATES, RATE, _("a second"))
        _set_up(self.length, *CLIPS, seconds, "s")
        self.length.setSingleStep(0.5)
        _set_up(self.countdown, COUNTDOWNS[0], COUNTDOWNS[2], 0, "s")
        self.countdown.setSpecialValueText(_("Off"))
        _set_up(self.lasts, LASTS[0], LASTS[2], LASTS[1], "s")
        self.hold.setProperty("role", "primary")
        for button in (self.hold, self.undo, self.open_data):
            button.setAutoDefault(False)
        column = QWidget()
        column.setFixedWidth(COLUMN)
        side = QVBoxLayout(column)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(style.INSIDE)
        side.addWidget(self.classes, 1)
        side.addLayout(self._make_settings())
        side.addWidget(self.hold)
        side.addWidget(self.undo)
        middle = QHBoxLayout()
        middle.setSpacing(style.BETWEEN)
        middle.addWidget(self.panel, 1)
        middle.addWidget(column)
        close = QPushButton(_("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(lambda _checked=False: self.close())
        foot = QHBoxLayout()
        foot.setSpacing(style.INSIDE)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.open_data)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(head)
        layout.addLayout(middle, 1)
        layout.addLayout(foot)

    def _make_settings(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(style.INSIDE)
        rows = (
            (_("&Pictures"), self.rate),
            (_("Clip &length"), self.length),
            (_("&Countdown"), self.countdown),
            (_("Then &record for"), self.lasts),
        )
        self._settings: list[tuple[QLabel, QWidget]] = []
        for number, (text, field) in enumerate(rows):
            label = QLabel(text)
            label.setBuddy(field)
            grid.addWidget(label, number, 0)
            grid.addWidget(field, number, 1)
            self._settings.append((label, field))
        grid.setColumnStretch(0, 1)
        self.countdown.setToolTip(
            style.tip(
                _(
                    "Off: recording lasts as long as you hold the button. Otherwise one press "
                    "starts the countdown, and recording stops automatically."
                )
            )
        )
        return grid

    def _connect(self) -> None:
        self._finishing = QTimer(self, interval=POLL)
        self._finishing.timeout.connect(self._finish)
        self._clock.timeout.connect(self._tick)
        self.classes.list.installEventFilter(self)
        self.kinds.activated.connect(lambda _at: self._use())
        self.panel.wanted.connect(self._turn_on)
        self.panel.running_changed.connect(self._device_changed)
        self.length.valueChanged.connect(lambda _value: self._begin_again())
        self.countdown.valueChanged.connect(lambda _value: self._follow())
        self.classes.chosen.connect(self._follow)
        self.hold.pressed.connect(self.press)
        self.hold.released.connect(self.release)
        self.undo.clicked.connect(lambda _checked=False: self.undo_last())
        self.open_data.clicked.connect(lambda _checked=False: self._open())
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        shortcut.activated.connect(self.undo_last)

    def _turn_on(self) -> None:
        self._hinted = True  # what was said before is done with
        self.panel.begin(self.length.value())

    def _begin_again(self) -> None:
        """Clips have another length."""
        if self.panel.running and isinstance(self.panel.feed, Clips):
            self.panel.begin(self.length.value())

    def _device_changed(self) -> None:
        if not self.panel.running and (self.recording or self._starts):
            self._end()
        self._follow()

    def _follow(self) -> None:
        """What can be done now."""
        name, timed = self.classes.current, self.countdown.value() > 0
        for part in self._settings[3]:
            part.setVisible(timed)
        if self._starts or self.recording:
            text = _("Stop recording") if self._starts else _("Recording: {count}")
            text = text.format(count=self._burst.taken if self._burst is not None else 0)
        elif timed:
            text = _("Record “{name}”") if name else _("Record")
        else:
            text = _("Hold to record “{name}”") if name else _("Hold to record")
        width = COLUMN - 2 * style.AROUND
        text = text.format(name=shown(name))
        middle = Qt.TextElideMode.ElideMiddle
        self.hold.setText(self.hold.fontMetrics().elidedText(text, middle, width))
        possible = self._possible()
        self.hold.setEnabled(possible)
        why = _("Hold the space bar, or the number of a class, to record examples of it.")
        if not self.classes.current:
            why = _("Add a class first.")
        elif not self.panel.running:
            why = _("Press Start to turn the device on first.")
        self.hold.setToolTip(style.tip(why))
        self.hold.setAccessibleDescription(why)
        if not self.recording and self._hinted:
            self._say(why, hint=True)
        recorder = self._recorder
        some = recorder is not None and any(burst.files for burst in recorder.bursts)
        self.undo.setEnabled(some and not self.recording)
        self.open_data.setEnabled(self.classes.total > 0)

    def _say(self, text: str, hint: bool = False) -> None:
        """Show a sentence; a hint gives way to the next one."""
        self._hinted = hint
        self.said.setText(text)

    def _fail(self, error: UserError) -> None:
        self._say(str(error))

    # -- keys, and the end

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list of classes leaves the keys that record to the dialog."""
        if isinstance(event, QKeyEvent) and (_number(event) or event.key() == Qt.Key.Key_Space):
            if event.type() == QEvent.Type.KeyPress:
                self.keyPressEvent(event)
                return True
            if event.type() == QEvent.Type.KeyRelease:
                self.keyReleaseEvent(event)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number, space = _number(event), event.key() == Qt.Key.Key_Space
        if not number and not space:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() and (
            space or (not self.recording and self.classes.choose(number))
        ):
            self.press()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.release()
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.release()  # nobody tells of a key that is released elsewhere

    def _open(self) -> None:
        self._end()
        self._close_recorder()
        self.opened.emit(self.root)
        self.close()

    def _close_recorder(self) -> None:
        if self._recorder is not None:
            self._recorder.close()

    def done(self, result: int) -> None:
        self._end()
        self.panel.stop()
        self._close_recorder()
        super().done(result)


def _set_up(
    field: QSpinBox | QDoubleSpinBox, low: float, high: float, value: float, unit: str
) -> None:
    if isinstance(field, QSpinBox):
        field.setRange(int(low), int(high))
        field.setValue(int(value))
    else:
        field.setDecimals(1)
        field.setRange(low, high)
        field.setValue(value)
    field.setSuffix(suffix(unit))


def _look(root: Path, modality: Modality) -> tuple[dict[str, int], str]:
    """How many examples of this kind each class has, and of which kind there are the most."""
    return existing.counts(root, modality), existing.most_frequent(root)


def _number(event: QKeyEvent) -> int:
    """1 to 9 where that key was pressed, else 0."""
    number = event.key() - Qt.Key.Key_0
    return number if 1 <= number <= KEYED else 0
