"""What a process tells that is not the first one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.made_runs import make_run
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.processes import rank, seat
from transfergui.core.runs import events as ev
from transfergui.core.training.group import Group

Make = Callable[[int], rank._Rank]


class Store(dict[str, bytes]):
    """As torch's stores, in one process."""

    set = dict.__setitem__
    get = dict.__getitem__

    def add(self, key: str, amount: int) -> int:
        self[key] = str(int(self.setdefault(key, b"0")) + amount).encode()
        return int(self[key])


class Silent(seat.Mouth):
    """Tells a list."""

    def __init__(self) -> None:
        self.told: list[ev.Event] = []

    def say(self, event: ev.Event, recorded: bool) -> None:
        self.told.append(event)


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    run, store = make_run(tmp_path / "run", ("a", "b")), Store()

    def made(number: int) -> rank._Rank:
        monkeypatch.setenv("LOCAL_RANK", str(number))
        monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", "0")
        one = rank._Rank(seat.Seat(str(run.path), 2), Silent())
        one.store = store
        return one

    return made


def test_a_full_disk_ends_all_with_its_sentence(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise UserError("disk.no_temporary", path="/tmp", reason="No space left on device")

    monkeypatch.setattr(files, "temporary_folder", full)
    other = make(1)
    assert other._trained(None) == 0  # type: ignore[arg-type]
    failed = ev.from_line(other.store.get("failed"))
    assert isinstance(failed, ev.Failed) and failed.code == "disk.no_temporary"


def test_different_hardware_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    group = Group()
    rank._agree_on_device(group, "cpu")
    monkeypatch.setattr(group, "gather", lambda kind: [kind, "cuda"])
    with pytest.raises(UserError) as caught:
        rank._agree_on_device(group, "cpu")
    assert caught.value.code == "processes.devices"
    assert caught.value.note.values["devices"] == "cpu, cuda"


def test_a_notice_of_another_process_comes_through_the_first_once(make: Make) -> None:
    first, other = make(0), make(1)
    both = ev.Notice(code="training.nothing_learnt")
    own = ev.Notice(code="memory.halved", values={"size": 2, "pieces": 1})
    for notice in (both, own, own):
        other._exchange(notice)
    first._exchange(both)
    figures = dict.fromkeys(("train_loss", "train_score", "val_loss", "val_score", "lr"), 0.0)
    ended = ev.EpochEnded(epoch=1, phase=0, seconds=1.0, best=False, **figures)
    first._exchange(ended)
    first._exchange(ended)
    assert first.mouth.told == [own]  # type: ignore[attr-defined]
    assert own in list(first.run.events())
