"""What to know of the chosen model: that its data have problems, or are not those that are open."""

from __future__ import annotations

from pathlib import Path

from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.paths import shown
from transfergui.gui.base import words
from transfergui.gui.networks.model_chooser import ModelChoice
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.session.session import Session

LONGEST = 60
"""Letters of a name; the middle of longer ones is left out."""


class ModelNotice(WrappedLabel):
    """Hidden as long as there is nothing to say.

    Args:
        elsewhere: whether to say that it was trained on other data than those that are open.
    """

    def __init__(self, session: Session, elsewhere: bool = True) -> None:
        super().__init__(role="warning")
        self._session = session
        self._tells_elsewhere = elsewhere
        self._choice: ModelChoice | None = None
        session.dataset_changed.connect(self._follow)
        self.hide()

    def show_choice(self, choice: ModelChoice | None) -> None:
        """Of which run it is; None where it is a file, or none is chosen."""
        self._choice = choice
        self._follow()

    def _follow(self, *_dataset: object) -> None:
        said = []
        if self._choice is not None:
            said += self._elsewhere(self._choice) if self._tells_elsewhere else []
            said += self._choice.doubted.sentences
        self.setText(paragraph(said))
        self.setVisible(bool(said))

    def _elsewhere(self, choice: ModelChoice) -> list[str]:
        opened = self._session.recipe.data.path
        if self._session.dataset is None or not choice.data or choice.data == opened:
            return []
        text = _("This model was trained on “{name}”, not on the open data “{other}”.")
        # two folders may be called alike
        both = [Path(each) for each in (choice.data, opened)]
        alike = both[0].name == both[1].name
        name, other = (words.brief(shown(p if alike else p.name), LONGEST) for p in both)
        return [text.format(name=name, other=other)]
