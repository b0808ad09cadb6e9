"""The one exception that is shown to the user as a sentence; everything else is a bug."""

import contextlib
from collections.abc import Iterator
from typing import Any

from transfergui.core import messages


class UserError(Exception):
    """Something the user can mend: a code and the values of its sentence.

    The sentence is looked up in :data:`transfergui.core.messages.MESSAGES` and
    translated when shown, so that scripts, tests and event files see codes.

    Raises:
        KeyError: when ``code`` has no sentence; a test calls every code.
    """

    def __init__(self, code: str, **values: Any) -> None:
        messages.template(code)
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return messages.sentence(self.code, self.values)


@contextlib.contextmanager
def naming_missing_parts() -> Iterator[None]:
    """Around what needs a library that somebody may have left out or lost.

    Raises:
        UserError: ``part.missing``: one is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name in ("", "transfergui"):
            raise
        raise UserError("part.missing", name=name) from error
