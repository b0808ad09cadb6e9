"""Over there: whether a launch line can be begun. Nothing of it is run."""

from __future__ import annotations

import re
import shlex
import subprocess

WORD = re.compile(r"[\w./~+-]+")
"""A first word that is a program, not something that the shell works out."""
GIVEN = re.compile(r"\w+=.*")
"""A variable that is set for the program after it."""
SECONDS = 10


def examined(line: str) -> dict[str, str]:
    """What is wrong with a launch line: ``syntax``, what the shell says, or ``missing``, the
    program that it begins with and that is not there. Empty where nothing is known to be."""
    try:
        if said := _said_by("-n", "-c", line):
            return {"syntax": said}
        word = _first_word(line)
        command = f"command -v {word} >/dev/null || echo missing"
        return {"missing": word} if word and _said_by("-c", command) else {}
    except (OSError, subprocess.SubprocessError):
        return {}


def _said_by(*arguments: str) -> str:
    """The last line that a shell tells."""
    command = ["sh", *arguments]
    found = subprocess.run(
        command, check=False, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL
    )
    lines = (found.stdout + found.stderr).decode("utf-8", "replace").split("\n")
    return next((each.strip() for each in reversed(lines) if each.strip()), "")


def _first_word(line: str) -> str:
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return ""
    word = next((each for each in words if not GIVEN.fullmatch(each)), "")
    return word if WORD.fullmatch(word) else ""
