"""Says that a page shows data other than those that are open."""

from pathlib import Path

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.gui.base import words
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.session.session import Session

LONGEST = 80
"""Letters of a name; the middle of longer ones is left out."""


class OtherDatasetNotice(WrappedLabel):
    """A sentence that is hidden as long as there is nothing to say."""

    def __init__(self, session: Session) -> None:
        super().__init__(role="warning")
        self._session = session
        self._data = ""
        session.dataset_changed.connect(self._follow)
        self.hide()

    def show_data(self, path: str) -> None:
        """Of which data the page is: a folder or a table, of which a folder may hold several; empty
        where it shows nothing."""
        self._data = path
        self._follow()

    def _follow(self, *_dataset: object) -> None:
        opened = self._session.recipe.data.path
        strange = self._session.dataset is not None and self._data not in ("", opened)
        if strange:
            self.setText(_sentence(Path(self._data), Path(opened)))
        self.setVisible(strange)


def _sentence(data: Path, opened: Path) -> str:
    text = _("This page shows a run on “{name}”, but the open data are “{opened}”.")
    # two folders may be called alike
    both = (data.name, opened.name) if data.name != opened.name else (str(data), str(opened))
    name, other = (words.brief(shown(part), LONGEST) for part in both)
    return text.format(name=name, opened=other)
