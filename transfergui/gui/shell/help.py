"""Help inside the window: the way in four steps, the keys, and every term."""

import html

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from transfergui.core.base.i18n import N_, _
from transfergui.gui.base import style
from transfergui.gui.parts.term_label import TERMS
from transfergui.gui.samples.sample_viewer import KEYS

STEPS = (
    N_(
        "<b>Open</b> a folder that holds one folder for each class, named after it. Have a look "
        "at what was found, and at the problems, if any are listed. Labels that you change and "
        "examples that you exclude are saved as corrections; your files stay as they are. Data "
        "that you open again under File, Open recent, have the settings and corrections of last "
        "time. Press Enter on an example to see it large."
    ),
    N_(
        "<b>Choose</b> a backbone, or keep the one that is chosen: it is small, fast, and good "
        "for a start."
    ),
    N_(
        "Press <b>Train</b> and watch. Training may be stopped at any time; what was learnt is "
        "kept, even when the computer is switched off."
    ),
    N_(
        "Look at the <b>Results</b>: they were measured on examples that were never learnt from. "
        "Then try your own under <b>Predict</b>, and take the model away under <b>Export</b>."
    ),
)


class HelpDialog(QDialog):
    """Opened by F1; stays open beside the window.

    Args:
        parent: the window.
        keys: (what it does, the keys) of every command that has some.
    """

    def __init__(self, parent: QWidget, keys: list[tuple[str, str]]) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Help"))
        self.resize(620, 640)
        text = QTextBrowser()
        text.setAccessibleName(_("Help"))
        text.setHtml(_page(keys))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.addWidget(text)
        layout.addWidget(buttons)


def _page(keys: list[tuple[str, str]]) -> str:
    steps = "".join(f"<li>{_(step)}</li>" for step in STEPS)
    rows = _rows(keys)
    native = QKeySequence.SequenceFormat.NativeText
    viewer = _rows([(_(k.text), QKeySequence(k.keys[0]).toString(native)) for k in KEYS])
    terms = "".join(
        f"<p><b>{html.escape(_(title))}.</b> {html.escape(_(text))}</p>"
        for title, text in sorted(TERMS.values(), key=lambda term: _(term[0]))
    )
    parts = (
        (_("Four steps"), f"<ol>{steps}</ol>"),
        (_("Keys"), f"<table>{rows}</table>"),
        (_("Keys while an example is seen large"), f"<table>{viewer}</table>"),
        (_("Words"), terms),
    )
    return "".join(f"<h3>{html.escape(title)}</h3>{body}" for title, body in parts)


def _rows(keys: list[tuple[str, str]]) -> str:
    return "".join(
        f"<tr><td><b>{html.escape(key)}</b>&nbsp;&nbsp;</td><td>{html.escape(what)}</td></tr>"
        for what, key in keys
    )
