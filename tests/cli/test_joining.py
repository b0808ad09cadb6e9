"""What ``resume RUN --join`` says of a search that is not over."""

import contextlib
from pathlib import Path

import pytest

from tests.core.made_plans import planned
from transfergui.__main__ import main
from transfergui.core.runs.run import Run
from transfergui.core.training import joining


@pytest.mark.parametrize("goes_on", [True, False])
def test_no_model_is_promised_that_is_not_there(
    goes_on: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = planned(strategy="auto")
    run = Run.create(made.recipe, made.split, tmp_path / "run")
    monkeypatch.setattr(joining, "require", lambda run: None)
    monkeypatch.setattr(joining, "join", lambda run, is_over: (each for each in ()))
    with run.claimed() if goes_on else contextlib.nullcontext():
        assert main(["resume", str(run.path), "--join"]) == 0
    last = capsys.readouterr().err.splitlines()[-1]
    assert ("transfergui resume" in last) is not goes_on


@pytest.mark.parametrize("completes", [True, False])
def test_who_was_there_to_the_end_is_told_whether_the_model_is_ready(
    completes: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The first process trains and tests what was chosen after the search is over."""
    made = planned()
    run = Run.create(made.recipe, made.split, tmp_path / "run")
    monkeypatch.setattr(joining, "require", lambda run: None)
    monkeypatch.setattr(joining, "join", lambda run, is_over: (each for each in ()))
    with run.claimed() if completes else contextlib.nullcontext():
        assert main(["resume", str(run.path), "--join"]) == 0
    *_others, over, last = capsys.readouterr().err.splitlines()
    assert over == "The search is over. There was nothing left to train for this process."
    assert ("will be in" in last) is completes
