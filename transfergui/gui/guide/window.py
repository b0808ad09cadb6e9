"""The guide beside the window: pages at the left, one of them at the right, search above."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _, ngettext
from transfergui.gui.base import desktop, style, words
from transfergui.gui.guide import pages, render
from transfergui.gui.guide.browser import GuideBrowser
from transfergui.gui.guide.pages import Page
from transfergui.gui.guide.search import search
from transfergui.gui.guide.search import words as words_of

SIZE, LEAST = QSize(1000, 760), QSize(952, 480)
"""How large the window is, and at the least: the text has its column, pictures fit."""
LIST = 264
"""Width of the list of pages in pixels."""
PAUSE = 150
"""Milliseconds after a key before the pages are searched."""


@dataclass
class Place:
    """Where somebody was: a page, and how far it was scrolled."""

    key: str
    scrolled: int = 0


class GuideWindow(QDialog):
    """See the module.

    Args:
        parent: the window, beside which the guide stays open.
        shortcuts: the page of keys, as Markdown.
        names: returns which words of the examples are replaced by the user's own.

    Attributes:
        browser: shows the page.
        field: to search in all pages.
        list: of the pages; while something is searched, of those that have it.
    """

    def __init__(
        self, parent: QWidget, shortcuts: str, names: Callable[[], Mapping[str, str]]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Guide"))
        self.resize(SIZE)
        self.setMinimumSize(LEAST)
        self._names = names
        self._pages = {key: pages.load(key, shortcuts) for key in pages.ORDER}
        self._past: list[Place] = []
        self._future: list[Place] = []
        self._here = Place(pages.FIRST)
        self.browser = GuideBrowser()
        self.browser.wanted.connect(self.follow)
        self._make_list()
        self._lay_out()
        for keys, do in (
            (QKeySequence.StandardKey.Back, self.back),
            (QKeySequence.StandardKey.Forward, self.forward),
            (QKeySequence.StandardKey.Find, self._look),
        ):
            QShortcut(QKeySequence(keys), self, do)
        style.theme.changed.connect(self._dress)
        self._fill_list()
        self._draw()
        self._dress()

    # -- building

    def _make_list(self) -> None:
        self.field = QLineEdit(placeholderText=_("Search the guide"), clearButtonEnabled=True)
        self.field.setAccessibleName(_("Search the guide"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Pages"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.said = QLabel()
        self.said.setProperty("role", "caption")
        self.said.setWordWrap(True)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._search)
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.field.returnPressed.connect(self._step)
        self.list.currentItemChanged.connect(self._choose)
        self._back = self._arrow("chevron-left", _("Back"), self.back)
        self._forward = self._arrow("chevron-right", _("Forward"), self.forward)

    def _arrow(self, icon: str, name: str, do: Callable[[], None]) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setProperty("icon_name", icon)
        button.clicked.connect(do)
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(style.GAP)
        top.addWidget(self._back)
        top.addWidget(self._forward)
        top.addWidget(self.field, 1)
        left = QVBoxLayout()
        left.setContentsMargins(style.INSIDE, style.BETWEEN, style.INSIDE, style.INSIDE)
        left.setSpacing(style.INSIDE)
        left.addLayout(top)
        left.addWidget(self.said)
        left.addWidget(self.list, 1)
        side = QWidget()
        side.setFixedWidth(LIST)
        side.setLayout(left)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addWidget(self.browser, 1)

    # -- moving

    def show_page(self, key: str) -> None:
        """Bring a page to the front; without such a page the first one."""
        page, anchor = urldefrag(key)
        self._go(page if page in self._pages else pages.FIRST, anchor)
        self.browser.setFocus()

    def follow(self, target: str) -> None:
        """Follow a link of a page: to another page, within it, or out of the program."""
        if target.startswith(("http://", "https://")):
            desktop.open_link(target)
            return
        file, anchor = urldefrag(unquote(target))
        key = file.removesuffix(".md") or self._here.key
        if key not in self._pages and file.endswith(".md"):
            self._add_document(key, file)
        if key in self._pages:
            self._go(key, anchor)

    def _add_document(self, key: str, file: str) -> None:
        """Take in a document beside the guide, such as the card of a built-in backbone."""
        path = (self._pages[self._here.key].folder / file).resolve()
        if path.is_file():
            self._pages[key] = Page(key, path.read_text(encoding="utf-8"), path.parent)

    def back(self) -> None:
        """To the page before."""
        self._move(self._past, self._future)

    def forward(self) -> None:
        """To the page that was left by :meth:`back`."""
        self._move(self._future, self._past)

    def _move(self, taken: list[Place], left: list[Place]) -> None:
        if taken:
            left.append(self._now())
            self._here = taken.pop()
            self._draw()
            self.browser.verticalScrollBar().setValue(self._here.scrolled)

    def _go(self, key: str, anchor: str = "") -> None:
        if key != self._here.key or anchor:
            self._past.append(self._now())
            self._future.clear()
        if key != self._here.key:
            self._here = Place(key)
        self._draw()
        if anchor:
            self.browser.scrollToAnchor(anchor)

    def _now(self) -> Place:
        return Place(self._here.key, self.browser.verticalScrollBar().value())

    # -- drawing

    def _draw(self) -> None:
        page = self._pages[self._here.key]
        names = self._names()
        text = page.text
        if render.is_filled(text, names):
            said = _("The examples on this page use the names of your open data.")
            title, _end, rest = text.partition("\n")
            text = f"{title}\n\n> {said}\n{rest}"
        body = render.to_html(text, style.tokens(), render.COLUMN, names)
        self.browser.show_page(body, page.folder)
        self.browser.mark(words_of(self.field.text()))
        self._select(page.key)
        self._back.setEnabled(bool(self._past))
        self._forward.setEnabled(bool(self._future))

    def _dress(self) -> None:
        for button in (self._back, self._forward):
            button.setIcon(style.icon(button.property("icon_name"), "text"))
        self.browser.dress()
        scrolled = self.browser.verticalScrollBar().value()
        self._draw()
        self.browser.verticalScrollBar().setValue(scrolled)

    # -- the list, and the search

    def _fill_list(self) -> None:
        self.list.clear()
        self.said.hide()
        for title, keys in pages.SECTIONS:
            heading = QListWidgetItem(_(title))
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setFont(style.font(style.SMALL, bold=True))
            heading.setSizeHint(QSize(0, 30))
            self.list.addItem(heading)
            for key in keys:
                self._add(self._pages[key])

    def _add(self, page: Page, hits: int = 0) -> None:
        text = f"{page.title}  ({words.number(hits)})" if hits else page.title
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, page.key)
        item.setToolTip(style.tip(page.title))
        item.setSizeHint(QSize(0, 26))
        self.list.addItem(item)

    def _search(self) -> None:
        query = self.field.text().strip()
        blocked = self.list.blockSignals(True)
        if query:
            self._show_found(query)
        else:
            self._fill_list()
        self.list.blockSignals(blocked)
        self._draw()

    def _show_found(self, query: str) -> None:
        found = search(self._pages.values(), query)
        self.list.clear()
        for one in found:
            self._add(one.page, one.hits)
        pages_found = ngettext("{count} page", "{count} pages", len(found))
        advice = _("No page has these words. Try a single word such as “accuracy”.")
        said = pages_found.format(count=words.number(len(found))) if found else advice
        if not found:
            self._fill_list()
        self.said.setText(said)
        self.said.show()
        if found and all(one.page.key != self._here.key for one in found):
            self._past.append(self._now())
            self._future.clear()
            self._here = Place(found[0].page.key)

    def _select(self, key: str) -> None:
        blocked = self.list.blockSignals(True)
        self.list.setCurrentRow(-1)
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == key:
                self.list.setCurrentRow(row)
        self.list.blockSignals(blocked)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and (key := item.data(Qt.ItemDataRole.UserRole)):
            self._go(key)

    def _step(self) -> None:
        """To the next hit, with Shift to the one before."""
        shift = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self.browser.step(-1 if shift else 1)

    def _look(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc ends a search, then closes."""
        if event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
        else:
            super().keyPressEvent(event)
