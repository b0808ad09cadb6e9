"""What is printed: aligned, escaped, and one JSON document."""

import errno
import io
import json
import sys

import pytest

from transfergui.cli import console
from transfergui.core.base.errors import UserError


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    console.table([("cat", 12_000), ("甲虫", 5), ("a\nb", None)], ("class", "count"))
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["class   count", "cat    12,000", "甲虫        5", "a\\nb        –"]


def test_a_column_of_numbers_may_begin_with_none(capsys: pytest.CaptureFixture[str]) -> None:
    console.table([("own", None), ("cat", 5.25)], ("class", "figure"))
    assert capsys.readouterr().out.splitlines()[1:] == ["own         –", "cat      5.25"]


def test_an_empty_table(capsys: pytest.CaptureFixture[str]) -> None:
    console.table([], ("class", "count"))
    assert capsys.readouterr().out == "class  count\n"
    console.table([])
    assert capsys.readouterr().out == ""


def test_document_is_ascii_json(capsys: pytest.CaptureFixture[str]) -> None:
    tree = {"path": "é\udcff", "n": [1, None, 2.5]}
    console.document(tree)
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == tree
    console.document({"low": float("nan"), "ends": (float("inf"), 1.0)})
    assert json.loads(capsys.readouterr().out) == {"low": None, "ends": [None, 1.0]}


@pytest.mark.parametrize(
    ("answer", "yes"), [("y\n", True), ("Yes\n", True), ("\n", False), ("", False)]
)
def test_only_yes_is_yes(
    answer: str, yes: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console.sys, "stdin", __import__("io").StringIO(answer))
    assert console.ask("Download?") is yes
    out, err = capsys.readouterr()
    assert (out, err) == ("", "Download? [y/N] ")


class Broken(io.StringIO):
    """A closed terminal, a full disk, a pipe that nobody reads."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def write(self, text: str) -> int:
        raise self._error


ERRORS = [
    OSError(errno.EIO, "Input/output error"),
    OSError(errno.ENOSPC, "No space left on device"),
    BrokenPipeError(errno.EPIPE, "Broken pipe"),
    ValueError("I/O operation on closed file"),
]


@pytest.mark.parametrize("error", ERRORS, ids=str)
def test_where_nobody_reads_errors_nothing_ends(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", Broken(error))
    console.say("x")
    assert not console.errors.isatty()
    monkeypatch.setattr(sys, "stderr", None)
    console.say("x")
    assert not console.errors.isatty()


def test_a_result_that_cannot_be_printed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "forget_reader", lambda: None)
    monkeypatch.setattr(sys, "stdout", Broken(ERRORS[1]))
    with pytest.raises(UserError, match="No space left") as caught:
        console.result("x")
    assert caught.value.code == "cli.not_written"
    monkeypatch.setattr(sys, "stdout", Broken(ERRORS[2]))
    with pytest.raises(BrokenPipeError):
        console.result("x")
