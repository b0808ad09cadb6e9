"""A language to test with: English with accents, 40 % longer, in brackets.

What is seen without accents cannot be translated; what is cut off would be in German, too. It is
not shipped: ``TRANSFERGUI_LANGUAGE=xx python -m tests.pseudo ARGUMENTS`` is ``transfergui
ARGUMENTS`` in it, and ``tests.screenshots --language xx`` shows the window.
"""

import functools
import gettext
import re
import sys

from transfergui.core.base import i18n

NAME = "xx"
LONGER = 0.4
ACCENTS = str.maketrans(
    "aceinorsuyzACEINORSUYZgltdwhkjbpmvfqxGLTDWHKJBPMVFQX",
    "åçéîñöřšüÿžÅÇÉÎÑÖŘŠÜŸŽĝļţđŵĥķĵƀþɱṽƒɋẋĜĻŢĐŴĤĶĴƁÞṀṼƑɊẊ",
)
KEPT = re.compile(r"(\{[^}]*\}|<[^>]*>|&[a-z]+;|`[^`]*`|--[a-z][\w-]*|%%|%s|%r|%\([^)]*\)[sr])")
"""Places, tags, and what is typed."""


class Pseudo(gettext.NullTranslations):
    """Translates every text."""

    def gettext(self, message: str) -> str:
        return pseudo(message) if message else ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)


@functools.cache
def pseudo(text: str) -> str:
    """``Open`` is ``[Öþéñ··]``."""
    parts = KEPT.split(text)
    plain = "".join(parts[::2])
    parts[::2] = [part.translate(ACCENTS) for part in parts[::2]]
    body = "".join(parts)
    start = len(body) - len(body.lstrip())
    end = len(body.rstrip())
    more = "·" * max(1, round(LONGER * len(plain)) - 2)
    return f"{body[:start]}[{body[start:end]}{more}]{body[end:]}"


def use() -> None:
    """Speak it from now on, until another language is chosen."""
    i18n.use_language(i18n.ENGLISH)
    i18n._translations = Pseudo()


def untranslated(text: str) -> list[str]:
    """The words in ``text`` that were not translated: three plain letters or more."""
    return re.findall(r"(?<![\w/.{-])[A-Za-z]{3,}(?![\w/=}-])", text)


if __name__ == "__main__":
    from transfergui import cli

    use()
    sys.exit(cli.main(sys.argv[1:]))
