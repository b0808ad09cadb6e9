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
        self._root: Path | None = None
        session.dataset_changed.connect(self._follow)
        self.hide()

    def show_root(self, root: Path | None) -> None:
        """Of which data the page is; None where it shows nothing."""
        self._root = root
        self._follow()

    def _follow(self, *_dataset: object) -> None:
        dataset, root = self._session.dataset, self._root
        strange = dataset is not None and root is not None and root != dataset.root
        if dataset is not None and root is not None and strange:
            self.setText(_sentence(root, dataset.source))
        self.setVisible(strange)


def _sentence(root: Path, opened: Path) -> str:
    text = _("This page shows a run on “{name}”, but the open data are “{opened}”.")
    # two folders may be called alike
    both = (root.name, opened.name) if root.name != opened.name else (str(root), str(opened))
    name, other = (words.brief(shown(part), LONGEST) for part in both)
    return text.format(name=name, opened=other)
