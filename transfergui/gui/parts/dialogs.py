"""Questions that must be answered before the program continues, or something would be lost."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QMessageBox,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import Question
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.runs.run import Run, Stop
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.session.training_runner import Ending

STOP = "ask_to_stop"
"""Name of the question how to end a training."""
LEAVE_EXPORT = "ask_to_leave_export"
"""Name of the question whether to close amid an export."""


def ask_to_stop(
    parent: QWidget,
    answered: Callable[[Stop], object],
    ending: Ending,
    closing: bool = False,
    leave: Callable[[], object] | None = None,
) -> None:
    """Ask how to end the training; ``answered`` is called unless it shall continue.

    Asking while the question is open does nothing. It closes when the training has ended, see
    :func:`forget_stop_question`.

    Args:
        ending: what would become of the training now.
        leave: follows it no longer, where another process or computer trains it.
    """
    title = _("Close while training?") if closing else _("Stop the training?")
    box = question_box(parent, STOP, title)
    if box is None:
        return
    role = QMessageBox.ButtonRole
    answers: dict[QPushButton, Stop] = {}
    if not ending.unlabelled:
        answers[box.addButton(_("Stop and keep the best"), role.AcceptRole)] = "finish"
    answers[box.addButton(_("Pause"), role.DestructiveRole)] = "cancel"
    box.setText(_stop_text(ending))
    left = None
    if (ending.others or ending.elsewhere) and leave is not None:
        left = box.addButton(_("Stop following"), role.AcceptRole)
    go_on = box.addButton(_("Keep training"), role.RejectRole)
    box.setDefaultButton(go_on)
    box.setEscapeButton(go_on)

    def answer() -> None:
        if left is not None and leave is not None and box.clickedButton() is left:
            leave()
        for button, how in answers.items():
            if box.clickedButton() is button:
                answered(how)

    box.finished.connect(answer)
    box.open()


def _stop_text(ending: Ending) -> str:
    text = _(
        "“Stop and keep the best” ends the training and tests the best epoch so far. “Pause” "
        "keeps everything, so that the run can be resumed later."
    )
    if ending.searching:
        text = _(
            "“Stop and keep the best” ends the search and tests the best model so far. “Pause” "
            "keeps everything, so that the run can be resumed later."
        )
    if ending.unlabelled:
        text = _(
            "The model is still learning without labels, so it cannot predict your classes yet. "
            "“Pause” keeps what it has learned, so that the run can be resumed later."
        )
    elif ending.empty:
        text = _(
            "Nothing has been learned yet, so there is no model to keep: “Stop and keep the best” "
            "and “Pause” both end the training now. The run can be resumed later."
        )
    if ending.others:
        other = _(
            "Another process trains this run, and is asked to end. “Stop following” ends only what "
            "is shown here."
        )
        return paragraph((text, other))
    if ending.elsewhere:
        other = _(
            "“Stop following” ends only what is shown here; the training continues on the other "
            "computer."
        )
        return paragraph((text, other))
    return text


def ask_to_leave_export(parent: QWidget, answered: Callable[[], object]) -> None:
    """Ask whether to close although a model is being exported; ``answered`` is called if so.

    Asking while the question is open does nothing.
    """
    box = question_box(parent, LEAVE_EXPORT, _("Close while exporting?"))
    if box is None:
        return
    box.setText(_("A model is being exported. If the window is closed now, no file is written."))
    leave = box.addButton(_("Close without export"), QMessageBox.ButtonRole.DestructiveRole)
    go_on = box.addButton(_("Keep exporting"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(go_on)
    box.setEscapeButton(go_on)
    box.finished.connect(lambda: box.clickedButton() is leave and answered())
    box.open()


def forget_export_question(parent: QWidget) -> None:
    """Close that question, unanswered: the export has ended."""
    _forget(parent, LEAVE_EXPORT)


def forget_stop_question(parent: QWidget) -> None:
    """Close the question how to end a training, unanswered: nothing runs any more."""
    _forget(parent, STOP)


def ask_to_resume(parent: QWidget, run: Run, answered: Callable[[], object]) -> None:
    """Ask whether to resume a run although its data have changed."""
    box = question_box(parent, "ask_to_resume", _("Resume with changed data?"))
    if box is None:
        return
    box.setText(
        _(
            "Files were added, removed or changed since the run “{name}” was started. Training "
            "resumes with the files that it started with and that still exist. The result can "
            "no longer be reproduced exactly."
        ).format(name=run.path.name)
    )
    resume = box.addButton(_("Resume"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.finished.connect(lambda: box.clickedButton() is resume and answered())
    box.open()


class DataQuestionDialog(QDialog):
    """One question about data that can be understood in several ways, with the guess chosen.

    Args:
        answered: called with the value that was chosen, unless the dialog is cancelled.

    Attributes:
        buttons: by the value of each choice; several can be pressed where the question allows it.
    """

    WIDTH = 560
    """Pixels; sentences wrap."""
    HEIGHT = 320
    """Pixels at most for the choices; more of them scroll."""

    def __init__(
        self, parent: QWidget, question: Question, answered: Callable[[str], object]
    ) -> None:
        super().__init__(parent.window())
        self.setWindowTitle(_("How should these data be read?"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._question = question
        self.buttons: dict[str, QAbstractButton] = {}
        said = WrappedLabel()
        said.setText(str(question))
        self.meaning = WrappedLabel(role="caption")
        self.meaning.setVisible(bool(question.join))
        later = WrappedLabel(role="caption")
        later.setText(_("You can change this later under “How your data are read”."))
        choices = self._choices(question)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.open_button = box.addButton(_("Open"), QDialogButtonBox.ButtonRole.AcceptRole)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.AROUND, style.AROUND, style.AROUND, style.BETWEEN)
        layout.setSpacing(style.BETWEEN)
        for part in (said, _scrolled(choices, self.WIDTH, self.HEIGHT), self.meaning, later, box):
            layout.addWidget(part)
        self._judge()
        self.setMinimumWidth(self.WIDTH)
        self.resize(self.WIDTH, layout.heightForWidth(self.WIDTH))
        self.accepted.connect(lambda: answered(self.chosen))

    @property
    def chosen(self) -> str:
        """The value whose button is pressed, or several, joined; empty where none is."""
        pressed = [value for value, button in self.buttons.items() if button.isChecked()]
        return self._question.join.join(pressed)

    def _judge(self) -> None:
        """Say what several choices mean; with none, nothing can be opened."""
        count = sum(button.isChecked() for button in self.buttons.values())
        none, one = _("Choose at least one column."), _("One column is predicted.")
        several = _("Each column is a separate question. One model predicts all of them.")
        self.meaning.setText((none, one, several)[min(count, 2)])
        self.open_button.setEnabled(count > 0)
        self.open_button.setToolTip("" if count else none)

    def _choices(self, question: Question) -> QWidget:
        """A button beside a sentence for each answer: a button's own text cannot wrap."""
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(style.INSIDE)
        grid.setVerticalSpacing(style.INSIDE)
        grid.setColumnStretch(1, 1)
        group = QButtonGroup(holder)
        group.setExclusive(not question.join)
        guessed = question.chosen(question.guess)
        for row, (value, meaning) in enumerate(question.choices.items()):
            likely = value in guessed and 1 == len(guessed) < len(question.choices)
            text = _("{meaning} (most likely)") if likely else "{meaning}"
            text = text.format(meaning=meaning)
            button = self.buttons[value] = QCheckBox() if question.join else QRadioButton()
            button.setAccessibleName(text)
            button.setChecked(value in guessed)
            group.addButton(button)
            sentence = _ClickableLabel(button)
            sentence.setText(text)
            sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(sentence, row, 1)
        self.buttons[guessed[0]].setFocus()
        group.buttonToggled.connect(lambda *_pressed: self._judge())
        return holder


class _ClickableLabel(WrappedLabel):
    """Text that belongs to a button: a click on it is one on the button."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__()
        self._button = button

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._button.click()
        self._button.setFocus()


def _scrolled(choices: QWidget, width: int, height: int) -> QWidget:
    """``choices``, or an area in which they scroll where they are higher than ``height``."""
    layout = choices.layout()
    assert layout is not None
    if layout.heightForWidth(width - 2 * style.AROUND) <= height:
        return choices
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFixedHeight(height)
    area.setWidget(choices)
    return area


def ask_about_data(parent: QWidget, question: Question, answered: Callable[[str], object]) -> None:
    """Ask how data should be understood; ``answered`` is called unless it is cancelled.

    A question about other data that is still open is closed.
    """
    forget_data_questions(parent)
    DataQuestionDialog(parent, question, answered).open()


def forget_data_questions(parent: QWidget) -> None:
    """Close questions about data that nobody has answered."""
    for dialog in parent.window().findChildren(DataQuestionDialog):
        if dialog.isVisible():
            dialog.reject()


def _forget(parent: QWidget, name: str) -> None:
    box = parent.window().findChild(QMessageBox, name)
    if box is not None:
        box.reject()


def question_box(parent: QWidget, name: str, title: str) -> QMessageBox | None:
    """A question that deletes itself, or None while the same one is open."""
    if parent.window().findChild(QMessageBox, name) is not None:
        return None
    box = QMessageBox(parent.window())
    box.setObjectName(name)
    box.setWindowTitle(title)
    box.setIcon(QMessageBox.Icon.Question)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
