"""Atomic writing: whatever fails, the old file stays, and no half file is left."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from transfergui.core import files
from transfergui.core.errors import UserError


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.endswith(".part"))


def test_write_makes_folders_and_replaces(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.txt"
    files.write_atomic(target, "first")
    files.write_atomic(target, b"second")
    assert target.read_bytes() == b"second"
    assert leftovers(target.parent) == []


def test_text_keeps_undecodable_bytes(tmp_path: Path) -> None:
    files.write_atomic(tmp_path / "x", "é\udcff")
    assert (tmp_path / "x").read_bytes() == "é".encode() + b"\xff"


def test_a_failing_writer_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "model"
    target.write_text("old")

    def half(stream) -> None:
        stream.write(b"half of it")
        raise RuntimeError("torch says so on a full disk")

    with pytest.raises(RuntimeError):
        files.write_atomic_with(target, half)
    assert target.read_text() == "old"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("call", ["fsync", "open", "replace"])
def test_every_failing_call_leaves_the_old_file(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "recipe.json"
    target.write_text("old")

    def fail(*args: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    owner = os if call == "fsync" else Path
    with monkeypatch.context() as patch:
        patch.setattr(owner, call, fail)
        with pytest.raises(OSError, match="No space left"):
            files.write_atomic(target, "new")
    assert target.read_text() == "old"
    assert leftovers(tmp_path) == []


QUOTA = """
import resource, sys
from pathlib import Path
from transfergui.core import files
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    files.write_atomic(Path(sys.argv[1]), b"n" * 5000)
except OSError as error:
    print("refused", error.errno)
"""


def test_a_quota_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "checkpoint"
    target.write_text("old")
    command = [sys.executable, "-c", QUOTA, str(target)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.split() == ["refused", str(errno.EFBIG)]
    assert target.read_text() == "old"
    assert leftovers(tmp_path) == []


def test_replacing_gives_a_name_beside_the_target(tmp_path: Path) -> None:
    with files.replacing(tmp_path / "net.safetensors") as temporary:
        assert temporary.parent == tmp_path
        temporary.write_bytes(b"x")
    assert (tmp_path / "net.safetensors").read_bytes() == b"x"


def test_names_that_the_system_cannot_hold_are_called_too_long(tmp_path: Path) -> None:
    for name in ("x" * 300, "/".join(["y" * 200] * 30)):
        with pytest.raises(UserError, match="longer name than this system allows") as caught:
            files.nameable(tmp_path / name)
        assert caught.value.code == "path.too_long"
    for path in (tmp_path / "absent", tmp_path / "nul\0", tmp_path):
        assert files.nameable(path) == path


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": {"b": 1, "b": 1}}'])
def test_repeated_keys_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="twice"):
        files.parse_json(text)


@pytest.mark.parametrize("text", ["NaN", "[-Infinity]", "[Infinity]"])
def test_numbers_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        files.parse_json(text)


def test_ordinary_json_is_read() -> None:
    tree = {"a": [1, 2.5, None, True, "é\udcff"], "b": {"a": {}}}
    assert files.parse_json(json.dumps(tree)) == tree
