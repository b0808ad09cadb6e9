"""How the help of the command line looks, and what Python's argparse says, in any language."""

import argparse
import re
from typing import Any, NoReturn

from transfergui.cli import console, setting_names
from transfergui.core.base.i18n import N_, _, ngettext

OF_ARGPARSE = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("ignored explicit argument %r"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
)
"""What Python's argparse says itself."""


NAMED = re.compile(r"^( +\S.*?)( {3,})(?=\S)", re.MULTILINE)
"""What a line of the help is about, and the space up to what it says."""


def _aligned(found: re.Match[str]) -> str:
    """With less space after Chinese letters, which are two columns wide."""
    wide = console.columns_of(found[1]) - len(found[1])
    return found[1] + " " * max(2, len(found[2]) - wide)


class _Formatter(argparse.HelpFormatter):
    """Breaks lines where Chinese may be broken, too."""

    def format_help(self) -> str:
        """With the colon of the language after each heading."""
        text = super().format_help()
        for heading in (_("positional arguments"), _("options")):
            text = text.replace(f"{heading}:\n", _("{heading}:").format(heading=heading) + "\n")
        return NAMED.sub(_aligned, text)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return console.wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in console.wrapped(text, width - len(indent)))


class WithSettings(_Formatter):
    """Leaves the list of settings as it is."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "".join(indent + line for line in text.splitlines(keepends=True))


class Parser(argparse.ArgumentParser):
    """Says of a flag that there is not which setting may be meant.

    Attributes:
        commands: the names of those that there are.
    """

    commands: frozenset[str] = frozenset()

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Formatter, **options})

    def error(self, message: str) -> NoReturn:
        super().error(message + setting_names.meant(message))


def translate_argparse() -> None:
    """Its words in the language of the rest: it would look them up in a catalogue of its own."""
    argparse._ = _  # type: ignore[attr-defined]
    argparse.ngettext = ngettext  # type: ignore[attr-defined]
