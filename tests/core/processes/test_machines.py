"""Two computers, which are network namespaces of this one: needs root."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.processes.test_launch import SETTINGS
from tests.core.training.conftest import Lab
from transfergui.core.base import python
from transfergui.core.base.errors import UserError
from transfergui.core.processes.seat import Machines
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run

ADDRESS, PORT = "10.77.41.1", 29541
NAMES = ("tg41a", "tg41b")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@pytest.fixture
def spaces() -> Iterator[tuple[str, str]]:
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root on Linux")
    try:
        for name in NAMES:
            _ip("netns", "add", name)
        _ip("link", "add", "v0", "netns", NAMES[0], "type", "veth", "peer", "v1", "netns", NAMES[1])
        for number, name in enumerate(NAMES):
            _ip("-n", name, "addr", "add", f"10.77.41.{number + 1}/24", "dev", f"v{number}")
            _ip("-n", name, "link", "set", f"v{number}", "up")
            _ip("-n", name, "link", "set", "lo", "up")
        yield NAMES
    except subprocess.CalledProcessError:
        pytest.skip("no network namespaces here")
    finally:
        for name in NAMES:
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


@pytest.mark.slow
def test_two_computers_train_one_run(lab: Lab, tmp_path: Path, spaces: tuple[str, str]) -> None:
    """The second one needs to be told no data."""
    made = lab.plan(**SETTINGS)
    run = Run.create(made.recipe, made.split, tmp_path / "run")
    more = ["--nnodes", "2", "--rendezvous", f"{ADDRESS}:{PORT}", "--node-rank"]
    commands = (["resume", str(run.path), *more, "0"], ["train", *more, "1"])
    started = [
        subprocess.Popen(
            ["ip", "netns", "exec", name, *python.command("-m", "transfergui", *command)],
            env=python.environment() | {"TRANSFERGUI_HOME": str(tmp_path / name)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for name, command in zip(spaces, commands, strict=True)
    ]
    said = [process.communicate(timeout=300)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    assert isinstance(list(run.events())[-1], ev.Finished)
    epochs = [[line for line in text.splitlines() if line.startswith("epoch")] for text in said]
    assert epochs[0] == epochs[1] and epochs[0]


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(UserError) as caught:
        Machines(2, 1, "nowhere").seat("", 1)
    assert caught.value.code == "processes.endpoint"
