"""What is shown speaks the field's language: one term per thing, no private idiom.

The words that count stand in WORDING.md and in the glossary of the project. An exception is a text
in which a word has another meaning.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import transfergui
from tests import catalogue

PACKAGE = Path(transfergui.__file__).parent
LONGEST = 24
"""Letters on a button."""

FORBIDDEN = {
    r"by heart": "overfitting",
    r"\bof 100\b": "per cent, with the count beside it",
    r"\bmoments?\b": "epoch",
    r"all the same\b": "anyway, or nothing",
    r"\bmend(s|ed)?\b": "fix",
    r"\bheed": "check, follow",
    r"\bof itself\b|\bby itself\b|\bby themselves\b": "automatically",
    r"\bso far as\b": "as far as",
    r"\b(is|was|are) said\b|\bsaid why\b": "is shown, the reason is",
    r"\b(is|was|are) told\b|\btells of\b": "is shown",
    r"too kind": "too optimistic",
    r"\b(is|was|are) right\b|\bright in\b": "correct",
    r"\bon (your|this) disk\b": "on this computer",
    r"\bcommonest\b": "most common",
    r"what it takes\b|\btaken for\b|\btakes .* for\b": "predicted as",
    r"\bhow sure\b|\bsurer\b|\bsurest\b": "confidence",
    r"\b(?<!neural )networks?\b(?! share)(?!\})": "backbone (pretrained), model (trained)",
    r"\bmistakes?\b": "errors (of a model), bug (of the program)",
    r"\blearnt\b": "trained on, learned",
    r"\bgo(es|ing)? on\b|\bwent on\b": "resume, continue",
    r"\bleash\b|\bPull\b": "L2-SP strength",
    r"Kept? together\b": "group by",
    r"\banswers for\b": "predicts, classifies",
    r"\b[Tt]ake another\b": "choose another",
    r"\btrainings\b": "runs",
    r"\bStop training\b|\bFinish\b": "Stop and keep the best, Pause, Keep training",
    r"\bstray\b|\bscrews?\b|\bdoubtful\b": "unclear",
}
"""What is not written, with what is."""
ALLOWED = ("The first Inception network: small, but old; ResNet-18 is usually better.",)
"""Texts in which a forbidden word means something else."""


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Every text that is shown, with the first file that it is in."""
    found = catalogue.extracted()
    every = (entry for entry in found if entry.id)
    return tuple(
        (text, entry.locations[0][0])
        for entry in every
        for text in ([entry.id] if isinstance(entry.id, str) else entry.id)
    )


def named(wrong: Iterator[tuple[str, str]]) -> str:
    return "\n".join(f"{file}: {text!r}" for text, file in wrong)


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_nothing_private_is_written(pattern: str) -> None:
    found = named(
        (text, file) for text, file in texts() if re.search(pattern, text) and text not in ALLOWED
    )
    assert not found, f"write {FORBIDDEN[pattern]}:\n{found}"


def test_every_exception_is_one() -> None:
    known = {text for text, _file in texts()}
    assert [text for text in ALLOWED if text not in known] == []


def test_no_text_begins_with_a_bare_it() -> None:
    """Its noun would stand three lines away; in a later sentence, it stands just before."""
    found = named((t, file) for t, file in texts() if re.match(r"(It|Its|They|Their)\b", t))
    assert not found, found


def test_per_cent_stands_behind_a_space() -> None:
    found = named((t, file) for t, file in texts() if re.search(r"[\d}]%(?![%(sr])", t))
    assert not found, found


BUTTONS = ("QPushButton", "QToolButton", "ToolButton", "_button", "addButton")


def on_buttons() -> Iterator[tuple[str, str]]:
    """Every text that is written on a button, with its file."""
    for path in sorted((PACKAGE / "gui").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            first = call.args[:1] if ast.unparse(call.func).split(".")[-1] in BUTTONS else []
            named = [k.value for k in call.keywords if k.arg in ("action", "button")]
            for given in (*first, *named):
                match given:
                    case ast.Call(func=ast.Name("_"), args=[ast.Constant(value=str(text)), *_rest]):
                        yield text.replace("&", ""), path.name


def test_buttons_are_short() -> None:
    found = [*on_buttons()]
    assert len(found) > 30  # it finds them
    assert not (wrong := named((t, file) for t, file in found if len(t) > LONGEST)), wrong
