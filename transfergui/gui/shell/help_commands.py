"""The guide, the explanation of what has the focus, and what the window says about the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMessageBox, QTableView, QWhatsThis, QWidget

from transfergui import __version__
from transfergui.core.base.i18n import _
from transfergui.core.exporters.exporter import in_terminal
from transfergui.core.registry import kinds
from transfergui.gui.base import errors
from transfergui.gui.guide import pages
from transfergui.gui.guide.window import GuideWindow
from transfergui.gui.parts.card import Card
from transfergui.gui.samples.sample_viewer import KEYS as VIEWER_KEYS
from transfergui.gui.session.session import Session
from transfergui.gui.shell.stage import StageTabs

EXAMPLE = "beetles"
"""The name of the data in the examples of the guide, and of models that were trained on them."""
OF_DATA = ("transfergui scan", "transfergui check", "transfergui rank", "transfergui train")
"""Commands behind which the data stand: of a table, with the ending of its file."""
EXAMPLE_CLASSES = ("ladybird", "stag")
"""Their classes."""
EXAMPLE_RUN = "RUN"


@runtime_checkable
class HasGuide(Protocol):
    """A page over the stages that a page of the guide is about: ``guide``, its key."""

    guide: str


class HelpCommands(QObject):
    """See the module.

    Args:
        window: above which they are shown.
        keys: returns what each command does, and its keys.

    Attributes:
        guide: None until it was asked for.
    """

    def __init__(
        self,
        window: QWidget,
        session: Session,
        stage: StageTabs,
        keys: Callable[[], list[tuple[str, str]]],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._stage, self._keys = window, session, stage, keys
        self.guide: GuideWindow | None = None
        stage.help_wanted.connect(self.show_about_panel)

    def show_help(self) -> None:
        """Open the guide at the page of the card or stage that has the focus."""
        self.show_about_panel(self._panel())

    def show_about_panel(self, key: str) -> None:
        """Open the guide at the page of a card or stage.

        The first page stands for data that are not open yet.
        """
        begun = self._session.dataset is not None or self._session.run is not None
        if key == "data" and (over := self._stage.over) is not None:
            self.show_page(over.guide if isinstance(over, HasGuide) else pages.LABELLING)
            return
        welcome = key == "data" and not begun
        self.show_page(pages.FIRST if welcome else pages.OF_PANELS.get(key, pages.FIRST))

    def show_page(self, key: str) -> None:
        """Open the guide at a page."""
        if self.guide is None:
            self.guide = GuideWindow(self._window, self._shortcuts(), self._names)
        self.guide.show_page(key)
        self.guide.show()
        self.guide.raise_()
        self.guide.activateWindow()

    def show_places(self) -> None:
        self.show_page(pages.PLACES)

    def show_keys(self) -> None:
        self.show_page(pages.KEYS)

    def show_glossary(self) -> None:
        self.show_page(pages.GLOSSARY)

    def explain(self) -> None:
        """Show the explanation of the field, term or column that has the focus."""
        widget = QApplication.focusWidget()
        if widget is not None:
            text = explanation(widget) or _("There is no explanation for this. F1 opens the guide.")
            place = widget.mapToGlobal(QPoint(0, widget.height()))
            QWhatsThis.showText(place, text, widget)

    def show_about(self) -> None:
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(_("About TransferGUI"))
        box.setText(f"TransferGUI {__version__}")
        box.setInformativeText(
            _(
                "Fine-tunes pretrained backbones on your own {kinds}. Your data stay on this "
                "computer.\n\n{environment}"
            ).format(kinds=kinds(), environment=errors.environment())
        )
        box.open()

    def _panel(self) -> str:
        """The key of the card that has the focus, else of the stage that is shown."""
        widget = QApplication.focusWidget()
        while widget is not None and not isinstance(widget, Card):
            widget = widget.parentWidget()
        if isinstance(widget, Card):
            return widget.key
        return self._stage.key

    def _shortcuts(self) -> str:
        native = QKeySequence.SequenceFormat.NativeText
        viewer = [(_(k.text), QKeySequence(k.keys[0]).toString(native)) for k in VIEWER_KEYS]
        texts = (_("In the window"), self._keys()), (_("While an example is shown large"), viewer)
        return pages.shortcuts([*texts, (_("In the guide"), _guide_keys())])

    def _names(self) -> Mapping[str, str]:
        """The user's own names for those in the examples: of the open run, or the open data."""
        session, names = self._session, dict[str, str]()
        if session.run is not None:
            names[EXAMPLE_RUN] = in_terminal(session.run.path)
        dataset = session.dataset
        if dataset is not None:
            source = Path(dataset.source)
            names[EXAMPLE] = in_terminal(source.stem if source.is_file() else source.name)
            for command in OF_DATA:
                names[f"{command} {EXAMPLE}"] = f"{command} {in_terminal(source.name)}"
            classes = dataset.targets.names or dataset.classes
            names.update(zip(EXAMPLE_CLASSES, classes, strict=False))
        return names


def _guide_keys() -> list[tuple[str, str]]:
    native = QKeySequence.SequenceFormat.NativeText
    standard = QKeySequence.StandardKey
    rows = ((_("Search the guide"), standard.Find), (_("Back"), standard.Back))
    named = [(text, QKeySequence(key).toString(native)) for text, key in rows]
    return [*named, (_("Next hit"), QKeySequence("Return").toString(native))]


def explanation(widget: QWidget) -> str:
    """Of a field or term, or of the column of a table that the keyboard is in."""
    if isinstance(widget, QTableView):
        column = max(widget.currentIndex().column(), 0)
        role = Qt.ItemDataRole.WhatsThisRole
        return str(widget.model().headerData(column, Qt.Orientation.Horizontal, role) or "")
    return widget.whatsThis() or widget.accessibleDescription()
