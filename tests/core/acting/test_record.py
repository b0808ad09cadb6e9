"""A record that was damaged: what it still says holds, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.core.acting.made_acts import contents, made, planned
from transfergui.core.acting.carry_out import carry_on, carry_out
from transfergui.core.acting.record import Record, read
from transfergui.core.acting.undo import undo

BAD: list[dict[str, Any]] = [
    {"done": 0, "target": "/a", "size": float("inf"), "modified": 0, "digest": ""},
    {"done": 0, "target": "/a", "size": 1 << 70, "modified": 0, "digest": ""},
    {"done": [0], "target": "/a", "size": 1, "modified": 0, "digest": ""},
    {"plan": float("inf"), "kind": "copy", "target": "/a", "source": "/b"},
    {"plan": 0, "kind": "copy", "target": "/a\0", "source": "/b"},
    {"plan": 0, "kind": "move", "target": "/a", "source": ""},
    {"begin": 0, "target": ""},
    {"begin": 0, "target": "below/a"},
    {"begin": 0, "target": "/\ud800"},
    {"folder": "/a\0"},
    {"folder": 7},
]


@pytest.mark.parametrize("bad", BAD, ids=repr)
def test_a_line_that_says_nothing_is_passed_over(tmp_path: Path, bad: dict[str, Any]) -> None:
    predictions = made(tmp_path / "in", {"1.jpg": "a"})
    before = contents(tmp_path)
    act = planned(predictions, tmp_path / "out", how="move")
    with Record.create(act.to) as record:
        carry_out(act, record)
    good = read(record.path)
    line = json.dumps(bad).replace("Infinity", "1e999")
    record.path.write_text(record.path.read_text() + line + "\n")
    assert read(record.path) == good
    with Record.open(record.path) as again:
        assert undo(again).left == []
    assert contents(tmp_path) == before


def test_a_step_whose_line_is_damaged_is_no_other_step(tmp_path: Path) -> None:
    act = planned(made(tmp_path / "in", {"1.jpg": "a", "2.jpg": "b"}), tmp_path / "out")
    with Record.create(act.to) as record:
        record.plan(act.steps)
    text = record.path.read_text().replace('"plan": 0', '"plan": 1e999')
    record.path.write_text(text)
    with Record.open(record.path) as again:
        assert again.plan(act.steps[:1]) == [2]
        assert carry_on(again).done == 2
    assert len(contents(tmp_path / "out")) == 2
