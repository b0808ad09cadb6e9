"""``serve``: the address is printed, and Ctrl+C ends it in order."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.core.made_runs import make_run
from transfergui.cli import main, serving


def test_an_address_until_ctrl_c(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path / "run", ("cat", "dog"))
    classes: list[str] = []

    class Asked:
        def wait(self, _seconds: float) -> Any:
            address = capsys.readouterr().out.strip()
            with urllib.request.urlopen(f"{address}model", timeout=10) as answer:
                classes.extend(json.load(answer)["classes"])
            raise KeyboardInterrupt

    monkeypatch.setattr(serving._Ended, "__init__", lambda self: setattr(self, "_asked", Asked()))
    assert main(["serve", str(run.path), "--port", "0"]) == 0
    assert classes == ["cat", "dog"]
    assert "1 request" in capsys.readouterr().err


def test_another_address_needs_a_token(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["serve", str(tmp_path), "--host", "0.0.0.0"]) == 1
    assert "[serve.needs_token]" in capsys.readouterr().err
