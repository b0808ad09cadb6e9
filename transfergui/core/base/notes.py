"""Something to say: a code of a sentence with its values, and how much it matters."""

from typing import Any

import msgspec

from transfergui.core.base import messages
from transfergui.core.base.messages import Level


class Note(msgspec.Struct, frozen=True):
    """Something to say: a code with the values of its sentence.

    Errors and choices have one; problems of a dataset, notices of a training and diagnoses are
    some; what a report says is nothing else.

    Attributes:
        code: of a sentence in :data:`transfergui.core.base.messages.MESSAGES`.
        values: what is filled in, escaped for display; ``noun`` (what the modality calls its
            samples) is translated as well.
    """

    code: str
    values: dict[str, Any] = {}
    level: Level = "info"

    @property
    def is_known(self) -> bool:
        """Whether a note that was read from a file is a sentence of this version."""
        try:
            return bool(self.sentence())
        except (LookupError, TypeError, ValueError, AttributeError):
            return False

    def sentence(self) -> str:
        """The note in the user's language."""
        return messages.sentence(self.code, self._named())

    def reason(self) -> str:
        """The same without the name of the file; see :func:`messages.reason`."""
        return messages.reason(self.code, self._named())

    def _named(self) -> dict[str, Any]:
        return self.values
