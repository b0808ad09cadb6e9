"""The right side of the window: six tabs, built when first shown, that follow the work."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.runs import events as ev
from transfergui.gui.base import style
from transfergui.gui.panels import STAGES, PanelEntry
from transfergui.gui.parts.help_button import HelpButton
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State

ICON = 18
"""Side of a tab's icon in pixels."""
BESIDE = 36
"""Pixels beside the tabs in which there is room for the “?”."""


class _Corner(QWidget):
    """What stands beside the tabs; as wide as it may be at most."""

    def sizeHint(self) -> QSize:
        return super().sizeHint().boundedTo(self.maximumSize())  # Qt asks nothing else


class StageTabs(QTabWidget):
    """Moves by itself to what matters now, unless the user went elsewhere.

    Args:
        session: what is followed.
        welcome: shown in the place of the first stage until there is a dataset.

    Attributes:
        built: a stage was made: (key, widget).
        help_wanted: the “?” was pressed; with the key of the stage that is shown.
        over_changed: something is laid over the first stage, or no longer.
    """

    built = Signal(object, object)
    help_wanted = Signal(object)
    over_changed = Signal()

    def __init__(self, session: Session, welcome: QWidget) -> None:
        super().__init__()
        self._session = session
        self._was = session.state
        self._stages: dict[str, QWidget] = {}
        self._hosts = {row.key: QStackedWidget() for row in STAGES}
        self._over: QWidget | None = None
        self._pages: dict[QWidget, QWidget] = {}
        self._new: set[str] = set()
        self._ring = -1
        self.setDocumentMode(True)
        self.setIconSize(QSize(ICON, ICON))
        self.tabBar().setDrawBase(False)
        self.tabBar().setAccessibleName(_("Stages"))
        for row in STAGES:
            self.addTab(self._hosts[row.key], _(row.title))
        self._hosts["data"].addWidget(welcome)
        self._make_corner()
        self._dress()
        self.currentChanged.connect(self._build_current)
        session.state_changed.connect(self._follow)
        session.dataset_changed.connect(self._build_current)
        session.resume_refused.connect(self._show_refusal)
        session.event_arrived.connect(self._show_progress)
        style.theme.changed.connect(self._dress)

    def _make_corner(self) -> None:
        """The “?” of the stage that is shown, with room for what the window says beside it."""
        self._help = HelpButton(_(STAGES[0].title))
        self._help.clicked.connect(lambda: self.help_wanted.emit(self.key))
        self._corner = QHBoxLayout()
        self._corner.setContentsMargins(0, 0, style.INSIDE, 0)
        self._corner.setSpacing(0)
        self._corner.addWidget(self._help, 0, Qt.AlignmentFlag.AlignVCenter)
        holder = _Corner()
        holder.setLayout(self._corner)
        self.setCornerWidget(holder)

    def add_to_corner(self, widget: QWidget) -> None:
        """Show something beside the tabs, before the “?”."""
        widget.setMinimumHeight(self.tabBar().sizeHint().height())
        self._corner.insertWidget(0, widget)

    @property
    def key(self) -> str:
        """Of the stage that is shown."""
        return STAGES[self.currentIndex()].key

    @property
    def current(self) -> QWidget | None:
        """The stage that is shown; None while it is not built."""
        return self._stages.get(self.key)

    @property
    def over(self) -> QWidget | None:
        """What is laid over the first stage, while that is shown."""
        return self._over if self.currentIndex() == 0 else None

    def lay_over(self, widget: QWidget | None) -> None:
        """Show something in the place of the first stage; None to show the stage again."""
        host, first = self._hosts[STAGES[0].key], STAGES[0].key
        if self._over is widget:
            return
        if self._over is not None:
            page = self._pages.pop(self._over)
            self._over.setParent(None)
            host.removeWidget(page)
            page.deleteLater()
            host.setCurrentIndex(1 if first in self._stages else 0)  # the first is the welcome
        self._over = widget
        if widget is not None:
            self._show_page(host, widget)
            widget.show()
        self.over_changed.emit()

    def take_off(self, widget: QWidget) -> None:
        """Show the first stage again, if this is laid over it; also while another is shown."""
        if self._over is widget:
            self.lay_over(None)

    def show_stage(self, key: str) -> None:
        """Bring a stage to the front."""
        self.setCurrentIndex(next(i for i, row in enumerate(STAGES) if row.key == key))

    def _go(self, place: str) -> None:
        """To a stage, or to a part of it: ``data/checks``."""
        key, _slash, part = place.partition("/")
        self.show_stage(key)
        stage = self.current
        if part and stage is not None and hasattr(stage, "show_part"):
            stage.show_part(part)

    def enter(self, key: str) -> None:
        """Bring a stage to the front and put the focus on the first thing in it."""
        self.show_stage(key)
        page = self.currentWidget()
        assert page is not None
        within = page.nextInFocusChain()
        while within not in (page, None) and not _takes_focus(within, page):
            within = within.nextInFocusChain()
        found = self.tabBar() if within in (page, None) else within
        found.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def widget_of(self, key: str) -> QWidget:
        """The stage itself, built if it was not yet."""
        return self._stages.get(key) or self._build(self._row(key))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share()
        super().resizeEvent(event)

    def _share(self) -> None:
        """What stands beside the tabs gets what they leave: else Qt lays arrows over the last."""
        if (corner := self.cornerWidget()) is not None:
            left = self.width() - self.tabBar().sizeHint().width()
            corner.setMaximumWidth(left if left >= BESIDE else 0)

    def take_over(self, former: StageTabs) -> None:
        """Show the same page, and what is only kept in pages: predictions, what is chosen."""
        self.show_stage(former.key)
        self._build_current()  # also where it is the first
        for key, stage in former._stages.items():
            if hasattr(stage, "take_over"):
                self.widget_of(key).take_over(stage)  # type: ignore[attr-defined]

    # -- following

    def _follow(self, state: State) -> None:
        was, self._was = self._was, state
        if state is State.SCANNING:
            self.show_stage("data")
        elif state is State.TRAINING:
            self.show_stage("live")
        elif was in (State.TRAINING, State.STOPPING) and state is not State.STOPPING:
            self._show_end()

    def _show_refusal(self, panel: str) -> None:
        """Back to the button that was pressed, where it is said why; cards are always seen."""
        if panel in self._hosts:
            self.show_stage(panel)

    def _show_end(self) -> None:
        """To the results, if the user is still looking at the training; else a mark on the tab."""
        self._ring = -1
        outcome = self._session.history.outcome
        if isinstance(outcome, ev.Finished) and outcome.outcome != "cancelled":
            self._new.add("results")
            if self.key == "live":
                self.show_stage("results")
        self._dress()

    def _show_progress(self, event: ev.Event) -> None:
        history = self._session.history
        if isinstance(event, ev.Progress) and history.started is not None:
            ring = math.floor(24 * history.share)
            if ring != self._ring:  # drawn in whole steps only
                self._ring = ring
                self._dress()

    # -- building

    def _build_current(self) -> None:
        row = STAGES[self.currentIndex()]
        self._new.discard(row.key)
        self._help.set_about(_(row.title))
        self._dress()
        if row.key != "data" or self._session.dataset is not None:
            self.widget_of(row.key)

    def _build(self, row: PanelEntry) -> QWidget:
        stage = self._stages[row.key] = row.build(self._session)
        host = self._hosts[row.key]
        self._show_page(host, stage)
        if hasattr(stage, "go"):
            stage.go.connect(self._go)
        self.built.emit(row.key, stage)
        return stage

    def _show_page(self, host: QStackedWidget, widget: QWidget) -> None:
        """Show a widget with what is left free around it."""
        page = self._pages[widget] = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(style.BETWEEN, style.BETWEEN - style.GAP, style.BETWEEN, 0)
        layout.addWidget(widget)
        host.addWidget(page)
        host.setCurrentWidget(page)

    def _row(self, key: str) -> PanelEntry:
        return next(row for row in STAGES if row.key == key)

    # -- drawing

    def _dress(self) -> None:
        for index, row in enumerate(STAGES):
            self.setTabIcon(index, self._icon(row))

    def _icon(self, row: PanelEntry) -> QIcon:
        if row.key == "live" and self._ring >= 0 and self._session.training:
            return _ring_icon(self._ring / 24)
        return style.icon(row.icon, "accent" if row.key in self._new else "muted")


def _takes_focus(widget: QWidget, page: QWidget) -> bool:
    return (
        page.isAncestorOf(widget)
        and widget.isVisibleTo(page)
        and widget.isEnabled()
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    )


def _ring_icon(share: float) -> QIcon:
    """A ring, closed as far as the work is done."""
    pixmap = QPixmap(QSize(ICON, ICON) * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(2.5, 2.5, ICON - 5, ICON - 5)
    painter.setPen(QPen(style.colour("border"), 2.5))
    painter.drawEllipse(box)
    painter.setPen(QPen(style.colour("accent"), 2.5))
    painter.drawArc(box, 90 * 16, round(-360 * 16 * share))
    painter.end()
    return QIcon(pixmap)
