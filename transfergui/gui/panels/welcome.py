"""What is seen before anything is open: what belongs here, and three ways to it."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.i18n import _
from transfergui.core.paths import shown
from transfergui.gui import style, words
from transfergui.gui.session import Session, State
from transfergui.gui.widgets.empty_page import Paragraph

WIDTH = 480


class Welcome(QWidget):
    """Two pages: ways in, and how far the first scan is.

    Attributes:
        folder_wanted, file_wanted, sample_wanted: a button was pressed.
        path_chosen: a recent folder was chosen.
    """

    folder_wanted = Signal()
    file_wanted = Signal()
    sample_wanted = Signal()
    path_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._picture = QLabel()
        self.folder = _button(_("Open folder…"), self.folder_wanted, "primary")
        self.file = _button(_("Open zip or table…"), self.file_wanted)
        self.sample = _button(_("Try a sample"), self.sample_wanted)
        self.recent = QVBoxLayout()
        self.count = QLabel()
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.clicked.connect(session.cancel_scan)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_ways())
        self._pages.addWidget(self._make_progress())
        layout = QVBoxLayout(self)
        layout.addWidget(self._pages)
        session.state_changed.connect(self._show_state)
        session.scan_progressed.connect(self._show_count)
        style.theme.changed.connect(self._dress)
        self._dress()

    def show_recent(self, paths: Iterable[Path]) -> None:
        """Offer what was opened lately."""
        while (item := self.recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for path in list(paths)[:4]:
            button = QPushButton(shown(path.name) or shown(path))
            button.setProperty("role", "link")
            button.setToolTip(shown(path))
            button.clicked.connect(lambda checked=False, p=path: self.path_chosen.emit(p))
            self.recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def _make_ways(self) -> QWidget:
        heading = QLabel(_("Drop a folder of pictures here"))
        heading.setProperty("role", "heading")
        text = Paragraph(
            _(
                "Inside it, one folder for each class, named after what its pictures show: "
                "“beetles/ladybird”, “beetles/stag beetle” … Twenty pictures of each are a good "
                "start. They are only read, never changed, and stay on this computer."
            ),
            WIDTH,
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(style.INSIDE)
        for button in (self.folder, self.file, self.sample):
            buttons.addWidget(button)
        page = QWidget()
        layout = _centred(page, (self._picture, heading, text))
        layout.insertLayout(4, buttons)
        layout.insertLayout(5, self.recent)
        layout.setAlignment(buttons, Qt.AlignmentFlag.AlignHCenter)
        return page

    def _make_progress(self) -> QWidget:
        heading = QLabel(_("Looking through the folder"))
        heading.setProperty("role", "heading")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(WIDTH)
        bar.setAccessibleName(heading.text())
        page = QWidget()
        _centred(page, (heading, bar, self.count, self.cancel))
        return page

    def _show_state(self, state: State) -> None:
        scanning = state is State.SCANNING
        self._pages.setCurrentIndex(int(scanning))
        if scanning:
            self.count.setText("")

    def _show_count(self, count: int) -> None:
        self.count.setText(_("{count} files seen").format(count=words.number(count)))

    def _dress(self) -> None:
        self._picture.setPixmap(style.pixmap("folder", 48, "muted"))


def _centred(page: QWidget, parts: Iterable[QWidget]) -> QVBoxLayout:
    layout = QVBoxLayout(page)
    layout.setSpacing(style.BETWEEN)
    layout.addStretch(2)
    for part in parts:
        layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
    layout.addStretch(3)
    return layout


def _button(text: str, signal: object, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", role)
    button.clicked.connect(signal)
    return button
