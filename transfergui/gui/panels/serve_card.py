"""A card that serves a model on this computer, until it is stopped or the window is closed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.serving.server import Server
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import desktop, style
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.parts.labels import WrappedLabel

SECONDS = 1000
"""Milliseconds between two looks at how many requests there were."""
PATIENCE = 0.3
"""Seconds that the window waits for a prediction that is being made."""


class ServeCard(QFrame):
    """Off until its button is pressed; only programs of this computer reach the model.

    Attributes:
        server: None while nothing is served.
        started: it is served from now on, and its address is shown.
    """

    started = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.server: Server | None = None
        self._path: Path | None = None
        self._load = Task(self, _loaded, self._start, self._fail)
        self._timer = QTimer(self, interval=SECONDS)
        self._timer.timeout.connect(self._count)
        self.button = QPushButton()
        self.place = QWidget()
        self.address = QLineEdit(readOnly=True)
        self.open_button = QPushButton(_("Open page"))
        self.copy_button = QPushButton(_("Copy address"))
        self.said = WrappedLabel()
        self._build()
        self._follow()
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    def take(self, path: Path | None) -> None:
        """Serve this model when the button is pressed; one that is served stays."""
        self._path = path
        self._follow()

    def take_over(self, former: ServeCard) -> None:
        """Go on where the page in another language was."""
        self.server, former.server = former.server, None
        former.stop()
        self._count()
        self._follow()

    def press(self) -> None:
        """Begin, or stop."""
        if self._load.running or self.server is not None:
            self.stop()
            self.said.setText("")
        elif self._path is not None:
            self.said.setText(_("Loading the model…"))
            self._load.start(self._path)
        self._follow()

    def stop(self) -> None:
        """Serve nothing any more."""
        self._load.cancel()
        self._timer.stop()
        if self.server is not None:
            self.server.stop(PATIENCE)
            self.server = None
        self._follow()

    def _build(self) -> None:
        self.setProperty("role", "card")
        title = QLabel(_("Serve on this computer"))
        title.setProperty("role", "title")
        self.setAccessibleName(title.text())
        summary = QLabel(
            _(
                "Use the model in a browser and from other programs on this computer: a page to "
                "drop files on, and JSON. Other computers cannot reach the model. The guide "
                "describes how programs use it."
            ),
            wordWrap=True,
        )
        self.button.setFixedWidth(112)
        self.button.clicked.connect(self.press)
        self.address.setAccessibleName(_("Address"))
        self.open_button.clicked.connect(lambda: desktop.open_link(self.address.text()))
        self.copy_button.clicked.connect(lambda: desktop.copy(self.address.text()))
        row = QHBoxLayout(self.place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.INSIDE)
        row.addWidget(self.address, 1)
        row.addWidget(self.copy_button)
        row.addWidget(self.open_button)
        column = QVBoxLayout()
        column.setSpacing(style.GAP)
        for widget in (title, summary):
            column.addWidget(widget)
        column.addWidget(self.place)
        column.addWidget(self.said)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.AROUND)
        layout.addLayout(column, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    def _follow(self) -> None:
        serving = self.server is not None
        self.button.setText(_("Stop") if serving or self._load.running else _("Serve"))
        self.button.setAccessibleName(_("Stop serving") if serving else _("Serve on this computer"))
        self.button.setEnabled(serving or self._load.running or self._path is not None)
        self.address.setText("" if self.server is None else self.server.address)
        self.place.setVisible(serving)
        self.said.setVisible(bool(self.said.text()))

    def _start(self, model: TrainedModel) -> None:
        try:
            self.server = Server(model)
        except UserError as error:
            if error.code != "serve.port_taken":
                self._fail(error)
                return
            self.server = Server(model, port=0)
        self._count()
        self._timer.start()
        self._follow()
        self.started.emit()

    def _count(self) -> None:
        if self.server is None:
            return
        count, name = self.server.answered, self.server.service.model.name
        text = ngettext(
            "“{name}” is being served: {count} request so far.",
            "“{name}” is being served: {count} requests so far.",
            count,
        )
        self.said.setText(text.format(name=name, count=count))

    def _fail(self, error: UserError) -> None:
        self.said.setText(str(error))
        self._follow()


def _loaded(path: Path) -> TrainedModel:
    warm_up()
    return TrainedModel.load(path)
