"""What goes where, before it does: folders with their files, and what stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from transfergui.core.acting.steps import Act, Step
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import shown
from transfergui.gui.base import style, words

MOST = 500
"""So many files of a folder are listed."""


class PlanTree(QTreeWidget):
    """See the module."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(2)
        self.setHeaderLabels([_("Folder or file"), _("Becomes")])
        self.setAccessibleName(_("Preview"))
        self.setUniformRowHeights(True)
        self.setStyleSheet(f"QTreeView::item {{ padding: {style.GAP // 2}px 0; }}")
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        header = self.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)

    def show_plan(self, act: Act) -> None:
        """Show what is planned; one folder alone is shown open."""
        self.clear()
        groups: dict[str, list[tuple[str, str]]] = {}
        for step in act.steps:
            groups.setdefault(_place(step, act), []).append(_change(step))
        order = [name for name in act.folders if name in groups]
        for name in (*order, *(name for name in groups if name not in act.folders)):
            changes = groups[name]
            self._add(name, _count(act, name, len(changes)), changes)
        if act.left:
            told = [(Path(each.path).name, each.reason()) for each in act.left]
            text = ngettext("{count} file", "{count} files", len(told))
            item = self._add(_("Stays as it is"), text.format(count=words.number(len(told))), told)
            item.setForeground(0, style.colour("warning"))
        only = self.topLevelItem(0)
        if only is not None and self.topLevelItemCount() == 1:
            only.setExpanded(True)
        self.header().resizeSection(0, max(220, self.viewport().width() // 2))

    def _add(self, name: str, count: str, changes: Iterable[tuple[str, str]]) -> QTreeWidgetItem:
        item = QTreeWidgetItem([shown(name), count])
        self.addTopLevelItem(item)
        rows = list(changes)
        for before, after in rows[:MOST]:
            child = QTreeWidgetItem([shown(before), shown(after)])
            child.setToolTip(1, style.tip(after))
            item.addChild(child)
        if len(rows) > MOST:
            text = _("… and {count} more").format(count=words.number(len(rows) - MOST))
            item.addChild(QTreeWidgetItem([text]))
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsSelectable)
        return item


def _place(step: Step, act: Act) -> str:
    """The folder of a step, as short as it is clear."""
    folder = Path(step.target).parent
    if act.to and folder.is_relative_to(act.to) and folder != Path(act.to):
        return str(folder.relative_to(act.to))
    return str(folder)


def _change(step: Step) -> tuple[str, str]:
    new = Path(step.target).name
    return (Path(step.source).name if step.source else new, new if step.source else _("new file"))


def _count(act: Act, name: str, steps: int) -> str:
    count = act.folders.get(name, steps)
    return ngettext("{count} file", "{count} files", count).format(count=words.number(count))
