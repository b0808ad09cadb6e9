"""The language of the window: Qt's own texts and figures in it, and the window anew in another.

Every text of a window is made when its widgets are. In another language all widgets are made
anew, on the same session: what is open, a training that runs and the steps of undo stay.
"""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from transfergui.core.base import i18n
from transfergui.core.base.i18n import N_, _
from transfergui.gui.base import file_dialogs, tasks
from transfergui.gui.base.settings import Settings
from transfergui.gui.session.session import Session
from transfergui.gui.shell.main_window import MainWindow

NAMES = {"": N_("Follow the s&ystem"), "en": "English", "zh_CN": "简体中文"}
"""What the languages are called, each in itself; the empty one is the system's."""
LOOK_AGAIN = 200
"""Milliseconds between two looks whether background work has ended."""
LONG = 5
"""So many looks later it is said that the change waits."""


def use(app: QApplication, language: str = "") -> None:
    """Speak a language from now on: texts, figures and dates, and Qt's own buttons.

    Args:
        language: a locale name; that of the system where empty.
    """
    i18n.use_language(language or i18n.system_language(QLocale.system().name()))
    system, chosen = QLocale.system(), QLocale(i18n.language())
    QLocale.setDefault(system if system.language() == chosen.language() else chosen)
    _translate_qt(app)


def _translate_qt(app: QApplication) -> None:
    """Qt's own buttons in the language of the rest: English where that is not translated."""
    for former in app.findChildren(QTranslator):
        app.removeTranslator(former)
        former.deleteLater()
    if not i18n.is_translated():
        return
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator = QTranslator(app)
    if translator.load(QLocale(i18n.language()), "qtbase", "_", folder):
        app.installTranslator(translator)
    app.installTranslator(file_dialogs.Texts(app))


class Windows:
    """The window that is open, and the one that takes its place in another language.

    Args:
        app: whose language is changed.
        session: what every one of them shows.
        settings: what they remember.

    Attributes:
        current: the window that is open.
    """

    def __init__(self, app: QApplication, session: Session, settings: Settings) -> None:
        self._app = app
        self._session, self._settings = session, settings
        self._looks = 0
        self.current = self._make()

    def leave(self) -> None:
        """See :meth:`MainWindow.leave`."""
        self.current.leave()

    def use_language(self, language: str) -> None:
        """Remember a language and speak it, as soon as nothing runs in the background but a
        training: results of what the old window began would find nobody."""
        self._settings.remembered.language = language
        self.current.saver.save()
        self._looks = 0
        self._change_when_idle()

    def _change_when_idle(self) -> None:
        if tasks.idle():
            self._change()
            return
        self._looks += 1
        if self._looks == LONG:
            waits = _("The language changes as soon as the work in the background has ended.")
            self._session.say(self.current.stage.key, waits, "info")
        QTimer.singleShot(LOOK_AGAIN, self._change_when_idle)

    def _change(self) -> None:
        if self.current.closed:
            return
        use(self._app, self._settings.remembered.language)
        former, self.current = self.current, self._make()
        self.current.take_over(former)
        self.current.show()
        former.hide()
        former.deleteLater()

    def _make(self) -> MainWindow:
        window = MainWindow(self._session, self._settings)
        window.menus.add_languages(NAMES, self._settings.remembered.language, self.use_language)
        return window
