"""Atomic writing: whatever fails, the old file stays, and no half file is left."""

import contextlib
import errno
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from transfergui.core.base import files, paths
from transfergui.core.base.errors import UserError


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
from transfergui.core.base import files, paths
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


def test_what_is_not_written_to_its_end_is_removed(tmp_path: Path) -> None:
    """As where the process ends in the midst of it."""
    (tmp_path / "model.onnx").write_bytes(b"before")
    with contextlib.ExitStack() as stack:
        half = stack.enter_context(files.replacing(tmp_path / "model.onnx"))
        folder = stack.enter_context(files.temporary_folder())
        half.write_bytes(b"half")
        (folder / "part").write_bytes(b"")
        files.remove_unfinished()
        assert not folder.exists()
        assert (tmp_path / "model.onnx").read_bytes() == b"before"
        assert list(tmp_path.iterdir()) == [tmp_path / "model.onnx"]
        half.write_bytes(b"whole")
    assert (tmp_path / "model.onnx").read_bytes() == b"whole"
    (tmp_path / "kept").touch()
    files.remove_unfinished()
    assert len(list(tmp_path.iterdir())) == 2


def test_threads_that_write_one_file_never_tear_it(tmp_path: Path) -> None:
    target = tmp_path / "precision.json"
    contents = [json.dumps([number] * 5000) for number in range(8)]
    files.write_atomic(target, contents[0])

    def write_and_read(content: str) -> int:
        for _ in range(50):
            files.write_atomic(target, content)
            assert target.read_text() in contents
        return 50

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write_and_read, contents)) == 400
    assert leftovers(tmp_path) == []


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    for name in ("x" * 255, "虫" * 85):
        files.write_atomic(tmp_path / name, "x")
        assert (tmp_path / name).read_text() == "x"


@pytest.mark.parametrize(
    ("name", "limit", "cut"),
    [("abc", 3, "abc"), ("abc", 2, "ab"), ("虫虫", 5, "虫"), ("é\udcff", 2, "é"), ("🪲", 3, "")],
)
def test_names_are_cut_between_letters(name: str, limit: int, cut: str) -> None:
    assert files.shortened(name, limit) == cut


needs_pipes = pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these")


@needs_pipes
def test_pipes_and_devices_are_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    link = tmp_path / "link"
    link.symlink_to(os.devnull)
    for special in (tmp_path / "pipe", link, Path(os.devnull)):
        with pytest.raises(OSError, match="not a file"):
            files.write_atomic(special, "x")
        assert files.is_special(special)
    assert not files.is_special(tmp_path)
    assert not files.is_special(tmp_path / "absent")
    assert leftovers(tmp_path) == []


@needs_pipes
def test_an_output_goes_into_a_pipe_or_a_device(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="No such device"):  # nobody reads it: nothing waits
        files.write_output(pipe, b"x")
    command = ["dd", f"if={pipe}", f"of={tmp_path / 'copy'}", "status=none"]
    with subprocess.Popen(command) as reader:
        for _ in range(500):
            with contextlib.suppress(OSError):
                files.write_output(pipe, b"n" * 300_000)  # more than a pipe holds
                break
            time.sleep(0.02)
        assert reader.wait(timeout=30) == 0
    assert (tmp_path / "copy").read_bytes() == b"n" * 300_000
    assert pipe.is_fifo()
    files.write_output(Path(os.devnull), b"x")
    assert Path(os.devnull).is_char_device()
    files.write_output(tmp_path / "file", b"x")
    assert (tmp_path / "file").read_bytes() == b"x"


@needs_pipes
def test_only_ordinary_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for special in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(OSError, match="not a file"):
            files.read_regular(special, 10)
    (tmp_path / "file").write_bytes(b"12345")
    assert files.read_regular(tmp_path / "file", 5) == b"12345"
    with pytest.raises(OSError, match="too large"):
        files.read_regular(tmp_path / "file", 4)


@needs_pipes
@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_in_the_place_of_a_file_is_named(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    """It is neither replaced nor taken for a full disk."""
    make(tmp_path / "best")
    with pytest.raises(OSError, match="not a file") as caught:
        files.write_atomic(tmp_path / "best", b"x")
    told = files.not_written(tmp_path, caught.value)
    assert told.code == "disk.in_the_way"
    assert told.note.values["path"] == str(tmp_path / "best")
    assert [path.name for path in tmp_path.iterdir()] == ["best"]
    full = OSError(errno.ENOSPC, "No space left on device")
    assert files.not_written(tmp_path, full).code == "disk.full"


def test_a_file_in_place_of_a_folder_of_the_cache_is_deleted() -> None:
    (paths.cache_dir() / "a").mkdir(parents=True)
    (paths.cache_dir() / "a" / "b").write_text("x")
    assert files.cache_folder("a", "b", "c").is_dir()


def test_without_a_temporary_folder_there_is_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(dir: Path | None = None) -> str:
        if dir is None:
            raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")
        return made(dir=dir)

    made = tempfile.mkdtemp
    monkeypatch.setattr(tempfile, "mkdtemp", none)
    with files.temporary_folder() as folder:
        assert paths.cache_dir() in folder.parents
        (folder / "x").write_text("x")
    assert not folder.exists()
    monkeypatch.setenv("TRANSFERGUI_CACHE", os.devnull)
    with pytest.raises(UserError) as caught, files.temporary_folder():
        pass
    assert caught.value.code == "disk.no_temporary"


def test_names_that_the_system_cannot_hold_are_called_too_long(tmp_path: Path) -> None:
    for name in ("x" * 300, "/".join(["y" * 200] * 30)):
        with pytest.raises(UserError, match="longer than this system allows") as caught:
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


def test_temporary_files_are_known_by_their_names(tmp_path: Path) -> None:
    with files.replacing(tmp_path / "a\nb.json") as one, files.replacing(tmp_path / "stop") as two:
        for path in (one, two):
            path.write_text("x")
        assert set(files.parts(tmp_path)) == {one, two}
        files.remove_parts(tmp_path, but="stop")
        assert files.parts(tmp_path) == [two]
        one.write_text("x")
    assert files.parts(tmp_path / "nowhere") == []
