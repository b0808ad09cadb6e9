"""The weights of one network: where they are, and how to get them with and without a network."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.interfaces.networks import Backbone, WeightState
from transfergui.core.networks import weights
from transfergui.gui.base import desktop, style, words
from transfergui.gui.base.tasks import Task

IN_A_SENTENCE: dict[WeightState, str] = {
    "built-in": N_("Weights: built in"),
    "on disk": N_("Weights: on this computer"),
    "download": N_("Weights: to download ({size})"),
    "missing": N_("The built-in weights are missing. Install TransferGUI again."),
}
DOWNLOAD = N_("Download")
OFFER = N_("{title} is usually more accurate."), N_("Download {size}")
"""A network that would be better than the chosen one: the sentence and the button."""
FEWER = N_("With {title}, fewer labels are usually enough."), N_("Download {size}")
"""The same, while labels are given."""
NEED = N_("{title} has to be downloaded."), N_("Download {size}")
"""A network that is needed beside the chosen one, likewise."""


class WeightsDownload(QWidget):
    """One line: the state of the weights and a button; a bar with Cancel while they come.

    A download that runs stays on show, whatever network is looked at meanwhile.
    """

    arrived = Signal(object)
    """Path of the file that was downloaded."""
    failed = Signal(object)
    """The :class:`UserError` that says why it was not."""
    busy_changed = Signal(object)
    """Whether a download runs."""
    _others: ClassVar[weakref.WeakSet[WeightsDownload]] = weakref.WeakSet()
    """All that there are, this one too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backbone: Backbone | None = None
        self._fetched = ""
        self._others.add(self)
        self._state: WeightState = "download"
        self._weights_dir: str | None = None
        self._wording: tuple[str, str] | None = None
        self._task = Task(self, _download, self._on_done, self._on_failed, self._on_progress)
        self.text = QLabel()
        self.start = QPushButton(_(DOWNLOAD))
        self.start.setToolTip(_("Download the pretrained weights from the internet, once."))
        self.bar = QProgressBar()
        self.amount = QLabel()
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setToolTip(
            _("The part that has arrived is kept. A later download continues from there.")
        )
        self._idle = _row(self.text, self.start)
        self._busy = _row(self.bar, self.amount, self.cancel)
        self._build()

    @property
    def busy(self) -> bool:
        return self._task.running

    def fetches(self, backbone: Backbone) -> bool:
        """Whether it is downloading ``backbone`` now."""
        return shiboken6.isValid(self) and self.busy and self._fetched == backbone.key

    @property
    def key(self) -> str:
        """Of the network that is shown, empty before the first."""
        return self._backbone.key if self._backbone else ""

    def show_weights(
        self, backbone: Backbone, state: WeightState, weights_dir: str | None = None
    ) -> None:
        """Say where the weights of ``backbone`` are and offer to download them."""
        self._look_at(backbone, state, weights_dir)

    def offer(self, backbone: Backbone, weights_dir: str | None = None) -> None:
        """Say that ``backbone``, which is not here, would be better, and offer to download it."""
        self._look_at(backbone, "download", weights_dir, OFFER)

    def save_labels(self, backbone: Backbone) -> None:
        """Say that ``backbone``, which is not here, would need fewer labels, and offer to download
        it."""
        self._look_at(backbone, "download", None, FEWER)

    def need(self, backbone: Backbone, weights_dir: str | None = None) -> None:
        """Say that ``backbone``, which is not here, is needed too, and offer to download it."""
        self._look_at(backbone, "download", weights_dir, NEED)

    def _look_at(
        self,
        backbone: Backbone,
        state: WeightState,
        weights_dir: str | None,
        wording: tuple[str, str] | None = None,
    ) -> None:
        self._backbone, self._state, self._weights_dir = backbone, state, weights_dir
        self._wording = wording
        self.start.setEnabled(True)
        if not self.busy:
            self._show_idle()

    def begin(self) -> None:
        """Start the download of the network that is shown, unless that comes already: two cards
        may show the same one."""
        backbone = self._backbone
        assert backbone is not None
        if any(other.fetches(backbone) for other in list(self._others)):
            self.text.setText(_("{title} is being downloaded.").format(title=backbone.title))
            return
        self._fetched = backbone.key
        self.bar.setValue(0)
        self.bar.setAccessibleName(_("Downloading {title}").format(title=backbone.title))
        self.amount.setText("…")
        self._show_row(self._busy)
        self._task.start(backbone, weights.folder(self._weights_dir))
        self.busy_changed.emit(True)

    def stop(self) -> None:
        """End the download; what has arrived is kept."""
        if self.busy:
            self._task.cancel()
            self._end()

    def _build(self) -> None:
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.bar.setTextVisible(False)
        self.amount.setProperty("role", "caption")
        self.start.clicked.connect(self.begin)
        self.start.setEnabled(False)  # until it is known of which network
        self.cancel.clicked.connect(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._idle)
        layout.addWidget(self._busy)
        self._show_row(self._idle)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _show_idle(self) -> None:
        backbone = self._backbone
        if backbone is not None:
            text, button = self._wording or (IN_A_SENTENCE[self._state], DOWNLOAD)
            values = {"size": words.size(backbone.download_bytes), "title": backbone.title}
            self.text.setText(_(text).format(**values))
            self.start.setText(_(button).format(**values))
            self.start.setVisible(self._state == "download")
        self._show_row(self._idle)

    def _show_row(self, wanted: QWidget) -> None:
        for row in (self._idle, self._busy):
            row.setVisible(row is wanted)

    def _on_progress(self, progress: tuple[int, int]) -> None:
        done, total = progress
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * done / total) if total else 0)
        self.amount.setText(
            _("{done} of {total}").format(done=words.size(done), total=words.size(total))
        )

    def _on_done(self, path: Path) -> None:
        self._end()
        self.arrived.emit(path)

    def _on_failed(self, error: UserError) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self._show_idle()
        self.busy_changed.emit(False)


def _download(backbone: Backbone, folder: Path, report: Callable[[tuple[int, int]], None]) -> Path:
    return weights.download(backbone, folder, lambda done, total: report((done, total)))


class ManualDownload(QWidget):
    """How to bring the weights without this computer's network: address, file name, folder."""

    looked_again = Signal()
    """The user says that the file is there now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = Path()
        self.url = _ReadOnlyField(_("Address"))
        self.name = _ReadOnlyField(_("File name"))
        self.folder = _ReadOnlyField(_("Folder"))
        self.copy = QPushButton(_("Copy"))
        self.copy.setToolTip(
            _("Copy the address to open it on a computer with an internet connection.")
        )
        self.copy.setAccessibleName(_("Copy the address"))
        self.copy.clicked.connect(lambda: desktop.copy(self.url.text()))
        self.browse = QPushButton(_("Open"))
        self.browse.setToolTip(_("Open this folder in the file manager."))
        self.browse.setAccessibleName(_("Open the folder"))
        self.browse.clicked.connect(lambda: desktop.open_folder(self._folder))
        self._build()

    def _build(self) -> None:
        how = QLabel(
            _(
                "Without an internet connection: download the file on another computer, then "
                "copy it into the folder."
            )
        )
        how.setWordWrap(True)
        again = QPushButton(_("Check again"))
        again.clicked.connect(self.looked_again)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(how)
        layout.addLayout(self._make_grid())
        layout.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)

    def _make_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(style.GAP)
        rows = (
            (_("Address"), self.url, self.copy),
            (_("File name"), self.name, None),
            (_("Folder"), self.folder, self.browse),
        )
        for row, (title, field, button) in enumerate(rows):
            label = QLabel(title)
            label.setProperty("role", "caption")
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            if button is not None:
                grid.addWidget(button, row, 2)
        return grid

    def show_backbone(self, backbone: Backbone, weights_dir: str | None) -> None:
        self._folder = weights.folder(weights_dir)
        self.url.set(backbone.weights_url or "")
        self.name.set(weights.file_name(backbone))
        self.folder.set(shown(self._folder))


class _ReadOnlyField(QLineEdit):
    """A text to read and copy."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(title)

    def set(self, text: str) -> None:
        self.setText(text)
        self.setToolTip(text)
        self.setCursorPosition(0)


def _row(*parts: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(style.INSIDE)
    for part in parts:
        layout.addWidget(part)
    return row
