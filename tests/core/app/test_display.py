"""Whether a window can be opened here."""

import socket
import sys

import pytest

from transfergui.core.app import display

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone")


@linux
@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({}, "there is no display"),
        ({"DISPLAY": ""}, "there is no display"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "nonsense"),
    ],
    ids=str,
)
def test_display_problems(
    environment: dict[str, str], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert problem in (display.display_problem() or "")


@linux
def test_offscreen_is_a_display() -> None:
    assert display.display_problem() is None


@linux
@pytest.mark.parametrize("value", [":987", "localhost:987", "nonsense", ":x.0"])
def test_a_display_that_does_not_answer(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", value)
    assert value in (display._x_problem() or "")


@linux
def test_a_display_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        monkeypatch.setenv("DISPLAY", f"127.0.0.1:{server.getsockname()[1] - 6000}.0")
        assert display._x_problem() is None
