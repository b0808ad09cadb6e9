"""Suggestions from the class names alone: offered where a model for it is on this computer, else
what would be needed."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.labelling import word_networks
from transfergui.gui.base import file_dialogs, style
from transfergui.gui.labelling.labelling import LEAST_NAMES, Labelling
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow


class WordsRow(QWidget):
    """See the module. Hidden for examples that no such model knows, and once there is nothing to
    be said.

    Attributes:
        said: what can be done, or which suggestions are shown.
        ask: asks the model.
        choose: asks for the folder of another one.
        comparing: how far it is.
    """

    def __init__(self, labelling: Labelling) -> None:
        super().__init__()
        self._labelling = labelling
        self.said = WrappedLabel(role="caption")
        self.ask = QPushButton(_("Suggest from names"))
        self.choose = QPushButton(_("Choose a folder…"))
        self.comparing = ProgressRow(_("Comparing with the class names"))
        self._build()
        labelling.words.changed.connect(self.refresh)
        labelling.changed.connect(self.refresh)
        labelling.suggestions_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what can be done."""
        words = self._labelling.words
        text = self._sentence()
        self.said.setText(text)
        self.said.setVisible(bool(text))
        begun = words.rows is not None or words.progress is not None
        self.ask.setVisible(bool(text) and not begun and words.network is not None and self._named)
        outranked = words.rows is not None and not self._labelling.suggested.by_words
        self.choose.setVisible(bool(text) and not outranked)
        self.comparing.set_visible(words.progress is not None)
        if words.progress is not None and words.progress[0]:
            self.comparing.show_progress(*words.progress)
        elif words.progress is not None:
            self.comparing.show_waiting(_("Comparing with the class names"))
        self.setVisible(bool(text) or words.progress is not None)

    def ask_for_folder(self) -> None:
        """Ask for the folder of a model."""
        title = _("Choose the folder of a model")
        place = word_networks.place()
        if folder := file_dialogs.ask_folder(self.window(), title, "weights", place):
            self._labelling.words.choose(folder)

    @property
    def _named(self) -> bool:
        """Whether there are classes to tell apart."""
        return len(self._labelling.table.classes) >= LEAST_NAMES

    def _sentence(self) -> str:
        labelling, words = self._labelling, self._labelling.words
        comparison = labelling.suggested.comparison
        if not words.known or not words.looked or words.progress is not None:
            return ""
        if words.trouble is not None:
            return str(words.trouble)
        if labelling.suggested.by_words:  # how well stands above
            return self._of_names()
        if words.rows is not None:
            return comparison.sentence() if comparison is not None else ""
        # what is learned from labels is better than a beginning
        return "" if labelling.suggested.guesses else self._offer()

    def _offer(self) -> str:
        """What names could do, or what that would need."""
        labelling, network = self._labelling, self._labelling.words.network
        if network is not None:
            text = _(
                "The class names alone can give first suggestions, with the model “{model}” on "
                "this computer."
            )
            if not self._named:
                text = _(
                    "Once two classes have names, the model “{model}” on this computer can give "
                    "first suggestions from the names alone."
                )
            return self._of_names() or text.format(model=shown(network.title))
        text = _(
            "First suggestions from the class names alone need a model that compares words with "
            "{noun} ({known}): put its folder into {folder}."
        )
        return text.format(
            noun=_(labelling.modality.many),
            known=", ".join(labelling.words.known),
            folder=shown(word_networks.place()),
        )

    def _of_names(self) -> str:
        """What is to be said of the names, where the model cannot know them; else nothing."""
        network, names = self._labelling.words.network, self._labelling.table.classes
        if network is None or network.knows(names):
            return ""
        text = _("The model “{model}” knows English names only: name the classes in English.")
        if network.family.other_languages:
            text = _(
                "The model “{model}” knows English names only: name the classes in English, or "
                "choose the folder of a SigLIP 2 model."
            )
        return text.format(model=shown(network.title))

    def _build(self) -> None:
        tip = _(
            "The model compares every example with the names. “None of these” is never suggested "
            "so. Suggestions are no labels until you accept them."
        )
        self.ask.setToolTip(style.tip(tip))
        parts = ", ".join(word_networks.PARTS)
        needed = _("The folder must hold {files}. The guide names models and their licences.")
        self.choose.setToolTip(style.tip(needed.format(files=parts)))
        self.ask.clicked.connect(self._labelling.words.begin)
        self.choose.clicked.connect(self.ask_for_folder)
        self.comparing.cancel_button.clicked.connect(self._labelling.words.cancel)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(self.said, 1)
        for button in (self.ask, self.choose):
            button.setProperty("role", "link")
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(row)
        layout.addLayout(self.comparing)
