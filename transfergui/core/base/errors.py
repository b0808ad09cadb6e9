"""The one exception that is shown to the user as a sentence; everything else is a bug."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from transfergui.core.base.messages import MESSAGES, sentence

if TYPE_CHECKING:
    from transfergui.core.base.notes import Note


class UserError(Exception):
    """Something the user can mend: a note, made of a code and the values of its sentence.

    It is translated when shown, so that scripts, tests and event files see codes.

    Raises:
        KeyError: when ``code`` has no sentence; a test calls every code.
    """

    def __init__(self, code: str, **values: Any) -> None:
        if code not in MESSAGES:
            raise KeyError(code)
        super().__init__(code, values)
        self.code = code
        self._values = values

    def __str__(self) -> str:
        return sentence(self.code, self._values)

    @property
    def note(self) -> Note:
        """What is said; made when asked for: what is missing may be the library that it needs."""
        from transfergui.core.base.notes import Note

        return Note(self.code, self._values, "error")


class Question(UserError):  # noqa: N818 - it is one, not an error
    """Data that can be understood in several ways: the user must say which is meant.

    The window asks and scans again with the answer; the command line names the setting and ends.

    Attributes:
        setting: path of the setting in the recipe that holds the answer: ``data.options.layout``.
        choices: each value that it may have, with a sentence in the user's language that says
            what the value means.
        guess: the likeliest answer.
        join: what stands between several values that are chosen together; empty where one is.
        several: the choices that may be chosen together.
        together: what that means, as a sentence.
        sets: some choices that belong together, joined, with what they mean.
        certain: whether the guess is the only answer that makes sense: it is taken, and said.
    """

    def __init__(
        self, code: str, *, setting: str, choices: Mapping[str, str], guess: str, **values: Any
    ) -> None:
        assert guess in choices
        super().__init__(code, **values)
        self.setting = setting
        self.choices = dict(choices)
        self.guess = guess
        self.join = self.together = ""
        self.several: tuple[str, ...] = ()
        self.sets: dict[str, str] = {}
        self.certain = False

    def or_several(
        self, join: str, together: str, names: Sequence[str], likely: bool = False
    ) -> Question:
        """This question, where several choices may be chosen.

        Args:
            names: the choices that may be chosen together.
            likely: whether all of them are the likeliest answer.
        """
        self.join, self.together, self.several = join, together, tuple(names)
        if likely:
            self.guess = join.join(self.several)
        return self

    def or_sets(self, sets: Mapping[str, str], likely: bool = False) -> Question:
        """This question, where some choices together are an answer of their own.

        Args:
            likely: whether the first of these is the likeliest answer.
        """
        self.sets = {answer: text for answer, text in sets.items() if self.join}
        if likely and self.sets:
            self.guess = next(iter(self.sets))
        return self

    @property
    def answers(self) -> dict[str, str]:
        """Each choice with what it means, and all of them together where that is an answer."""
        if not self.join:
            return self.choices
        return self.choices | {self.join.join(self.several): self.together} | self.sets

    def chosen(self, answer: str) -> list[str]:
        """The choices of which ``answer`` is made."""
        return [answer] if answer in self.choices else answer.split(self.join)


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
