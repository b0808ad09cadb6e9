"""One of the other data: a small card."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.app.companions import LABELS_UNUSED
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list, ngettext, paragraph
from transfergui.core.base.messages import for_window
from transfergui.core.base.paths import shown
from transfergui.core.data.companions import ROLES, Companion, Place, Role, TheirClass
from transfergui.core.data.dataset import Problem
from transfergui.core.data.split import counts_of
from transfergui.gui.base import desktop, style, words
from transfergui.gui.base.words import Noun
from transfergui.gui.panels import class_matching
from transfergui.gui.panels.alike_line import AlikeLine
from transfergui.gui.panels.choosing_other_data import (
    accept_folder,
    dropped,
    fill,
)
from transfergui.gui.panels.class_matching import ClassMatching
from transfergui.gui.panels.companion_use import CompanionUse
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.link_line import LinkLine
from transfergui.gui.parts.scroll_column import keep_seen
from transfergui.gui.samples.sample_strip import SampleStrip
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session

OTHER_CLASSES = "companion.other_classes"
NAMED = 3
"""Pairs of classes that are named."""
UNSORTED = ("data.unsorted", "shards.unlabelled", "companion.unsorted")
"""Codes of labelled data in which no classes were found."""
UNLABELLED: Mapping[Role, Role] = {"check": "target", "source": "unlabelled"}
"""What such data can be used for."""
CHECKS = (20, 30, 50, 100, 200)
"""So many labelled samples of a group may check; at most half of it."""


class CompanionCard(QFrame):
    """One of the other data: what they are for, their name and number, what was left out and why.

    Attributes:
        chosen: other data are wanted in their place: role, path and the path of these.
    """

    chosen = Signal(object, object, str)

    def __init__(self, place: Place, session: Session) -> None:
        super().__init__()
        role, self._path = self._place = place
        self._own = place not in session.recipe.companions.places()
        self.setProperty("role", "card")
        self.setAccessibleName(_(ROLES[role].title))
        self._role, self._session = role, session
        self._icons: dict[QToolButton, str] = {}
        self.remove = self._tool("close", _("Remove"), self._remove)
        self.title = WrappedLabel(role="caption")
        self.title.setToolTip(style.tip(_(ROLES[role].summary)))
        self.name = ElidedLabel(role="title")
        self.count = QLabel()
        self.count.setProperty("role", "caption")
        self.strip = SampleStrip()
        self.left_out = QPushButton(_told(()))
        self.left_out.setProperty("role", "link")
        self.left_out.setCheckable(True)
        self.left_out.toggled.connect(self._unfold)
        self.problems = WrappedLabel(role="caption")
        self.unused = WrappedLabel(role="caption")
        self.error = WrappedLabel(role="danger")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Reading the data"))
        self.cancel = QPushButton(_("Cancel"))
        self.again = QPushButton(_("Choose again"))
        self.unsorted = QPushButton(_("Use as unlabelled"))
        self.unsorted.clicked.connect(lambda _checked=False: self._use_as_unlabelled())
        self.use = CompanionUse(role, session)
        self.alike = AlikeLine(session)
        self.labels = QPushButton(_("Use some labels to check"))
        self.classes = LinkLine(_("Match classes…"))
        self.classes.button.clicked.connect(self._ask_for_classes)
        self._build()
        self._dress()
        style.theme.changed.connect(self._dress)

    def allow(self, changing: bool) -> None:
        """Whether other data may be chosen now."""
        self.setAcceptDrops(changing and not self._own)
        for button in (
            self.remove,
            self.again,
            self.unsorted,
            self.cancel,
            self.labels,
            self.classes.button,
        ):
            button.setEnabled(changing)
        for action in self.another:
            action.setEnabled(changing)

    def refresh(self) -> None:
        """Show the data as far as they are read."""
        reader = self._session.companions
        found, error = reader.companions.get(self._place), reader.errors.get(self._place)
        reading = reader.running and found is None  # what is known stays while it is gone through
        self.title.setText(self._title())
        self._show_reading(reading)
        self._show_error(None if reading else error)
        self._show_found(None if reading or error else found)
        self._offer_classes(reading)

    # -- building

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(style.GAP)
        head.addWidget(self.title, 1)
        self.another: list[QAction] = []
        if not self._own:
            head.addWidget(self._folder())
        head.addWidget(self.remove)
        name = QHBoxLayout()
        name.setSpacing(style.INSIDE)
        name.addWidget(self.name, 1)
        name.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.INSIDE, style.GAP, style.INSIDE, style.GAP)
        layout.setSpacing(style.GAP)
        layout.addLayout(head)
        layout.addLayout(name)
        if self._own:
            layout.addWidget(self._of_own_data())
        layout.addWidget(self.strip)
        layout.addWidget(self.labels, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.unused)
        layout.addWidget(self.use)
        layout.addWidget(self.alike)
        layout.addWidget(self.left_out)
        layout.addWidget(self.problems)
        layout.addWidget(self.error)
        layout.addWidget(self.classes)
        layout.addLayout(self._ways_out())
        layout.addLayout(self._progress())
        self.problems.hide()
        self.name.setText(shown(self._path if self._own else Path(self._path).name))
        self.name.setToolTip(style.tip(shown(self._path)))
        self.labels.setProperty("role", "link")
        self.labels.setToolTip(
            style.tip(
                _(
                    "Predictions for them are compared with their labels at the end. The model is "
                    "never trained on them."
                )
            )
        )
        self.labels.setMenu(QMenu(self))

    def _ways_out(self) -> QHBoxLayout:
        """What can be done where the data could not be used."""
        menu = QMenu(self)
        fill(menu, self, self._choose)
        menu.addSeparator()
        menu.addAction(_("Read again"), self._session.project.read_companions_again)
        self.again.setMenu(menu)
        row = QHBoxLayout()
        row.addWidget(self.again)
        row.addWidget(self.unsorted)
        row.addStretch(1)
        return row

    def _progress(self) -> QHBoxLayout:
        """How far the reading is."""
        self.cancel.setToolTip(_("Stop reading and leave these data out."))
        self.cancel.clicked.connect(self._remove)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        return row

    def _of_own_data(self) -> QWidget:
        line = WrappedLabel(role="caption")
        if self._role == "check":
            text = _("Part of your own data; the model is not trained on them.")
        else:
            text = _(
                "Part of your own data. They are in none of training, validation and test, and "
                "their labels are not used."
            )
        line.setText(text)
        return line

    def _folder(self) -> QToolButton:
        """Opens the folder, or asks for another one in its place."""
        button = self._tool("folder", _("Folder"), lambda: None)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.addAction(_("Open folder"), self._reveal)
        menu.addSeparator()
        texts = _("Choose another folder…"), _("Choose another file…")
        self.another = fill(menu, self, self._choose, texts)
        button.setMenu(menu)
        return button

    def _title(self) -> str:
        return ROLES[self._role].of(registry.modality(self._session.recipe.modality).many)

    def _tool(self, icon: str, text: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.clicked.connect(act)
        self._icons[button] = icon
        return button

    def _dress(self, *_what: object) -> None:
        for button, icon in self._icons.items():
            button.setIcon(style.icon(icon, "muted"))

    # -- states

    def _show_reading(self, reading: bool) -> None:
        for part in (self.bar, self.cancel):
            part.setVisible(reading)
        if reading:
            count = self._session.companions.counts.get(self._place, 0)
            text = _("{count} files so far…").format(count=words.number(count))
            self.count.setText(text if count > 1 else _("Reading the data…"))

    def _show_error(self, error: UserError | None) -> None:
        for part in (self.error, self.again):
            part.setVisible(error is not None)
        role = UNLABELLED.get(self._role)
        free = role is not None and role not in dict(self._session.recipe.others())
        self.unsorted.setVisible(free and error is not None and error.code in UNSORTED)
        if error is not None:
            self.error.setText(for_window(str(error)))
            self.count.setText("")

    def _show_found(self, found: Companion | None) -> None:
        self.strip.setVisible(found is not None)
        every = found.problems if found is not None else ()
        unused = [each.sentence() for each in every if each.code == LABELS_UNUSED]
        self.unused.setText(paragraph(unused))
        self.unused.setVisible(bool(unused))
        problems = tuple(
            each for each in every if each.code != LABELS_UNUSED and not _is_matchable(each, found)
        )
        self.left_out.setVisible(bool(problems))
        self.problems.setVisible(bool(problems) and self.left_out.isChecked())
        reader = self._session.companions
        self.use.show_use(found is not None, self._place in reader.errors and not reader.running)
        self._offer_labels(found)
        self.alike.show_data(found)
        if found is None:
            return
        modality = registry.modality(self._session.recipe.modality)
        self.count.setText(words.amount(modality, len(found.samples), found.files))
        plan = self._session.companions.plan
        if plan is not None and plan.modality is modality:
            self.strip.fill(found.samples, Path(found.root), modality, plan.input)
        self.left_out.setText(_told(problems))
        self.problems.setText("\n".join(_lines(problems)))

    def _offer_labels(self, found: Companion | None) -> None:
        """Of a group of one's own data, how many of its labels may check."""
        count = len(found.samples) if found is not None else 0
        checks = [each for each in CHECKS if 2 * each <= count]
        taken = "check" in dict(self._session.recipe.others())
        free = self._own and self._role == "target" and not taken
        self.labels.setVisible(free and bool(checks))
        menu = self.labels.menu()
        menu.clear()
        noun = Noun.of(registry.modality(self._session.recipe.modality))
        for number in checks:
            use = functools.partial(edits.check_with_group, self._session, number)
            menu.addAction(noun.amount(number), use)

    def _their_classes(self) -> tuple[tuple[TheirClass, ...], str]:
        """The classes of the other data, and the folder that their examples are relative to."""
        reader = self._session.companions
        found, error = reader.companions.get(self._place), reader.errors.get(self._place)
        if error is not None:
            values = error.note.values
            return values.get("classes", ()), values.get("root", "")
        return (found.classes, found.root) if found is not None else ((), "")

    def _offer_classes(self, reading: bool) -> None:
        """Let the user say which classes they are, where that is not known of all."""
        there, _root = self._their_classes()
        split, said = self._session.split, self._session.recipe.companions.classes
        if reading or not there or split is None:
            self.classes.hide()
            return
        unknown = class_matching.unmatched(there, split.classes, said)
        found = self._session.companions.companions.get(self._place)
        problems = found.problems if found is not None else ()
        lines = [each.sentence() for each in problems if each.code == OTHER_CLASSES]
        if likely := class_matching.likely(there, split.classes, said):
            pairs = [f"“{shown(name)}” = “{shown(own)}”" for name, own in likely.items()]
            lines.append(_("Probably the same: {pairs}.").format(pairs=comma_list(pairs[:NAMED])))
        self.classes.text.setText(paragraph(lines))
        self.classes.setVisible(bool(unknown) or any(each.name in said for each in there))

    def _ask_for_classes(self) -> None:
        session = self._session
        there, root = self._their_classes()
        split = session.split
        if split is None or not there:
            return
        names = {each.name for each in there}
        modality, plan = registry.modality(session.recipe.modality), session.plan
        ClassMatching(
            self,
            there,
            Path(root),
            split.classes,
            (modality, plan.input if plan is not None else modality.input_options()),
            session.recipe.companions.classes,
            lambda said: edits.match_classes(session, names, said),
        ).open()

    def _unfold(self, shown: bool) -> None:
        self.problems.setVisible(shown)
        keep_seen(self)

    # -- what the buttons do

    def _remove(self) -> None:
        edits.leave_out_beside(self._session, self._place)

    def _choose(self, path: Path) -> None:
        self.chosen.emit(self._role, path, self._path)

    def _use_as_unlabelled(self) -> None:
        if (role := UNLABELLED.get(self._role)) is not None:
            edits.use_otherwise(self._session, self._place, role)

    def _reveal(self) -> None:
        path = Path(self._path)
        if path.is_dir():
            desktop.open_folder(path)
        else:
            desktop.show_in_folder(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        accept_folder(event, True)
        if event.isAccepted():
            several = ROLES[self._role].several
            text = _("Drop here to add it beside") if several else _("Drop here to replace it")
            self.title.setText(text)
            self._light(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._light(False)
        self.title.setText(self._title())

    def dropEvent(self, event: QDropEvent) -> None:
        """Beside it, where there may be several, else in its place."""
        self._light(False)
        self.title.setText(self._title())
        if (path := dropped(event)) is None:
            return
        instead = "" if ROLES[self._role].several else self._path
        self.chosen.emit(self._role, path, instead)

    def _light(self, on: bool) -> None:
        """Show that what is dragged may be dropped here."""
        self.setProperty("dropping", on)
        self.style().unpolish(self)
        self.style().polish(self)


def _is_matchable(problem: Problem, found: Companion | None) -> bool:
    """Whether it is said beside the button that matches classes."""
    return problem.code == OTHER_CLASSES and found is not None and bool(found.classes)


def _told(problems: tuple[Problem, ...]) -> str:
    """How many samples were left out, or else how many problems there are."""
    count = sum(int(each.values.get("count", 1)) for each in problems if each.left_out)
    if not count:
        return words.problems_and_notes(*counts_of(problems))
    return ngettext("{count} left out", "{count} left out", count).format(count=words.number(count))


def _lines(problems: tuple[Problem, ...]) -> list[str]:
    """The first problem of each kind, with how many more there are of it."""
    kinds: dict[str, list[Problem]] = {}
    for each in problems:
        kinds.setdefault(each.code, []).append(each)
    lines = []
    for alike in kinds.values():
        more = len(alike) - 1
        text = ngettext("and {count} more like it", "and {count} more like it", more)
        others = [text.format(count=words.number(more))] if more else []
        lines.append(" ".join([_line(alike[0]), *(f"({other})" for other in others)]))
    return lines


def _line(problem: Problem) -> str:
    """With the name of the file, where it is about one."""
    sentence = problem.sentence()
    name = Path(problem.path).name
    if "count" in problem.values or not name or name in sentence:
        return sentence
    return f"{shown(name)}: {sentence}"
