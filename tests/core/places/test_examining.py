"""A place is examined step by step; what answers there may be older."""

import sys
from pathlib import Path

import pytest

from tests.core.places.made import lab
from tests.standin_ssh import StandIn
from transfergui.core.places import examining

ANSWERS = """
import json, sys
from transfergui.core.places import frames
told = sys.stdout.buffer
frames.write(told, {"transfergui": "0", "protocol": frames.PROTOCOL, "folder": "/there"})
sizes = {"kept": 1, "free": 2}
while (asked := frames.read(sys.stdin.buffer)) is not None:
    old, part = OLD, asked.fields.get("part")
    fields = sizes if old or part == "disk" else {}
    rows = [{"topic": "devices", "name": "cpu", "value": "2"}] if old or part != "disk" else []
    frames.write(told, fields, json.dumps(rows).encode())
"""


@pytest.mark.parametrize("old", [False, True])
def test_every_step_is_told(old: bool, standin: StandIn, tmp_path: Path) -> None:
    script = tmp_path / "answers.py"
    script.write_text(ANSWERS.replace("OLD", str(old)))
    steps = list[str]()
    place = lab(program=f"echo Welcome; {sys.executable} {script} #")
    found = examining.examine(place, step=steps.append)
    assert steps == ["connect", "start", "libraries", *([] if old else ["disk"])]
    assert (found.kept, found.free) == (1, 2)
    assert [row.name for row in found.findings] == ["cpu"]
