"""What memory is left, of machine, container and process; and what says that it ran out."""

import errno
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from transfergui.core.base import memory

GIB = 2**30


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No control groups yet, on a machine with 64 GiB."""
    monkeypatch.setattr(memory, "GROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(memory, "OWN_GROUPS", tmp_path / "self")
    monkeypatch.setattr(memory, "_left_to_process", lambda: iter(()))
    monkeypatch.setattr(
        psutil, "virtual_memory", lambda: type("Machine", (), {"available": 64 * GIB})
    )
    return tmp_path / "cgroup"


def write(folder: Path, **contents: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name.replace("__", ".")).write_text(f"{content}\n")


def test_without_a_container_it_is_what_the_machine_has(groups: Path) -> None:
    assert memory.available() == 64 * GIB


def test_a_container_of_the_second_version(groups: Path) -> None:
    memory.OWN_GROUPS.write_text("0::/\n")
    stat = f"anon 5\ninactive_file {GIB}\nactive_file 7"
    write(groups, memory__max=4 * GIB, memory__current=2 * GIB, memory__stat=stat)
    assert memory.available() == 3 * GIB


def test_the_tightest_of_the_groups_above_counts(groups: Path) -> None:
    memory.OWN_GROUPS.write_text("0::/user.slice/app\n")
    write(groups / "user.slice/app", memory__max="max", memory__current=GIB)
    write(groups / "user.slice", memory__max=3 * GIB, memory__current=GIB)
    assert memory.available() == 2 * GIB


def test_a_container_of_the_first_version(groups: Path) -> None:
    memory.OWN_GROUPS.write_text("12:cpu,cpuacct:/docker/1\n5:memory:/docker/1\n0::/docker/1\n")
    contents = {"memory__limit_in_bytes": 2 * GIB, "memory__usage_in_bytes": GIB}
    write(groups / "memory", **contents, memory__stat=f"total_inactive_file {GIB // 2}")
    assert memory.available() == 3 * GIB // 2
    write(groups / "memory", memory__limit_in_bytes=2**63 - 4096)  # none
    assert memory.available() == 64 * GIB


@pytest.mark.parametrize("text", ["", "x", "0::", "0::/../..\n", "\0"])
def test_whatever_the_system_says_there_is_an_answer(groups: Path, text: str) -> None:
    memory.OWN_GROUPS.write_text(text)
    write(groups, memory__max="a lot", memory__current="little")
    assert memory.available() == 64 * GIB


def test_what_is_used_beyond_a_limit_is_none(groups: Path) -> None:
    memory.OWN_GROUPS.write_text("0::/\n")
    write(groups, memory__max=GIB, memory__current=2 * GIB)
    assert memory.available() == 0


LIMITED = """
import resource, psutil
from transfergui.core.base import memory
now = psutil.Process().memory_info().vms
resource.setrlimit(resource.RLIMIT_AS, (now + 300_000_000, now + 300_000_000))
print(memory.available())
try:
    bytearray(400_000_000)
except BaseException as error:
    print(memory.as_user_error(error).code)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others bound it otherwise")
def test_the_limit_of_the_process() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED], capture_output=True, text=True, check=True
    )
    left, code = ended.stdout.split()
    assert 250_000_000 < int(left) <= 300_000_000
    assert code == "memory.out"


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 12 bytes"),
        RuntimeError("MPS backend out of memory"),
        RuntimeError("std::bad_alloc"),
        RuntimeError("can't start new thread"),
        ImportError("libx.so: failed to map segment: Cannot allocate memory"),
    ],
    ids=str,
)
def test_what_says_that_memory_ran_out(error: Exception) -> None:
    assert memory.ran_out(error)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
        ValueError("out of memory"),
        ImportError("No module named x"),
    ],
    ids=str,
)
def test_what_does_not(error: Exception) -> None:
    assert memory.as_user_error(error) is None


def test_a_damaged_file_is_no_lack_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that asks for 50 GB because of a wrong header leaves the memory as it was."""
    file = tmp_path / "x"
    file.write_bytes(b"0" * 1000)
    monkeypatch.setattr(memory, "LITTLE", 2000)
    for left, little in ((1999, True), (4999, True), (5000, False)):
        monkeypatch.setattr(memory, "available", lambda left=left: left)
        assert memory.explains(MemoryError(), file) is little
        assert memory.explains(MemoryError()) is (left < 2000)
    monkeypatch.setattr(memory, "available", lambda: 0)
    assert not memory.explains(ValueError(), file)


def test_figures_for_people() -> None:
    assert memory.gigabytes(1.46e9) == "1.5"
    assert memory.gigabytes(123e6) == "0.12"
