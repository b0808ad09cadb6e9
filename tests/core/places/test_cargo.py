"""What leaves the computer, and the paths that it has over there."""

import dataclasses
import json
from pathlib import Path

import msgspec
import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.data.companions import Companion
from transfergui.core.data.dataset import Sample
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import cargo


def test_data_and_published_weights(tmp_path: Path, plan: Plan) -> None:
    whole = cargo.of(plan)
    assert len(whole.data) == sum(plan.split.sizes().values())
    assert whole.data_bytes == sum(piece.source.stat().st_size for piece in whole.data)
    assert whole.weights == ()  # they come with the program
    assert {piece.target for piece in whole.data} == {
        f"files{piece.source}" for piece in whole.data
    }


def test_a_table_a_test_folder_and_other_data(plan: Plan) -> None:
    """Parts of one file are one file; the way up out of the folder is followed."""
    samples = (Sample("talk.wav#0", 0, 10), Sample("talk.wav#500", 1, 10), Sample("../t/b", 0, 5))
    beside = Companion("target", "/other", "/other", (Sample("c", -1, 7),))
    divided = msgspec.structs.replace(
        plan.split, root="/data/set", train=samples, val=(), test=(), companions=(beside,)
    )
    plan = dataclasses.replace(plan, split=divided)
    whole = cargo.of(plan)
    assert [str(piece.source) for piece in whole.data] == [
        "/data/set/talk.wav",
        "/data/t/b",
        "/other/c",
    ]
    assert whole.data_bytes == 22
    hashes = dict.fromkeys((piece.source for piece in whole.data), "h")
    made = cargo.manifest(plan, "/there", whole, hashes)
    tree = json.loads(made.split)
    assert tree["root"] == "/there/files/data/set"
    assert tree["companions"][0]["root"] == "/there/files/other"
    assert made.files["files/data/t/b"] == "h"


def test_a_run_as_backbone_is_sent_without_what_no_training_reads(tmp_path: Path) -> None:
    run = tmp_path / "first"
    (run / "checkpoints").mkdir(parents=True)
    for name in ("recipe.json", "checkpoints/best.safetensors", "checkpoints/last.pt", "log.txt"):
        (run / name).write_text("{}")
    names = {path.relative_to(run).as_posix() for path in cargo._files_of(run)}
    assert names == {"recipe.json", "checkpoints/best.safetensors"}


def hashes(whole: cargo.Cargo) -> dict[Path, str]:
    reading = cargo.hashes(whole)
    while True:
        try:
            next(reading)
        except StopIteration as end:
            return dict(end.value)


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    gone = cargo.Cargo(1, (cargo.Piece(tmp_path / "a.png", "a"),), (), 1, 0)
    with pytest.raises(UserError) as raised:
        hashes(gone)
    assert raised.value.code == "place.file_gone"


def test_hashes_are_remembered_until_a_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")
    whole = cargo.Cargo(1, (cargo.Piece(path, "a"),), (), 1, 0)
    first = hashes(whole)
    assert hashes(whole) == first
    path.write_bytes(b"22")
    assert hashes(whole) != first
