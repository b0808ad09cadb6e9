"""What Qt calls back is guarded once, here: model data, painting, events, filters, size hints.

An exception in an override of one of Qt's virtual methods does not end there: PySide hands it to
whatever Python called Qt last, in the middle of something else, or leaves a painter open in a
widget that is being painted, which ends the process. So every override in a class of this program
is wrapped when the class is made: the exception is reported as the bug that it is, and Qt gets what
its own class would answer. Slots and timers end in :func:`transfergui.gui.base.errors.install`.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

OURS = "transfergui."
MARK = "__guarded__"
NOTHING: dict[str, Any] = {"rowCount": 0, "columnCount": 0, "data": None, "run": None}
"""What is answered where Qt's own class has no answer, or (``QThread.run``) does not return."""


def install() -> None:
    """From now on, wrap the overrides of every class of this program that is made."""
    QObject.__init_subclass__ = classmethod(_on_class_made)  # type: ignore[assignment]


def overrides(made: type) -> list[str]:
    """The methods that ``made`` itself overrides of Qt, but for setters: their callers are ours."""
    bases = [base for base in made.__mro__[1:] if base.__module__.startswith("PySide6.")]
    return [
        name
        for name, value in vars(made).items()
        if isinstance(value, types.FunctionType)
        and not name.startswith(("_", "set"))
        and any(callable(getattr(base, name, None)) for base in bases)
    ]


def _on_class_made(made: type, **named: Any) -> None:
    super(QObject, made).__init_subclass__(**named)  # type: ignore[misc]
    if made.__module__.startswith(OURS):
        for name in overrides(made):
            setattr(made, name, guarded(made, name, vars(made)[name]))


def guarded(made: type, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, which is ``name`` of the class ``made``; whatever it raises is reported."""

    @functools.wraps(function)
    def call(self: Any, *args: Any, **named: Any) -> Any:
        try:
            return function(self, *args, **named)
        except Exception as error:
            _report(error)
        # not in the handler: the traceback keeps a painter alive that must end before Qt's begins
        return _answer_of_qt(made, self, name, args)

    setattr(call, MARK, True)
    return call


def _answer_of_qt(made: type, self: Any, name: str, args: tuple[Any, ...]) -> Any:
    if name in NOTHING:
        return NOTHING[name]
    try:
        return getattr(super(made, self), name)(*args)
    except Exception:  # the object is gone
        return None


def _report(error: Exception) -> None:
    from transfergui.gui.base import errors

    errors.report_bug(error)
