"""``place``, and ``train --on``."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from tests.conftest import make_tiny_pictures
from tests.standin_ssh import StandIn
from transfergui.cli import main
from transfergui.cli import places as commands
from transfergui.core.base.notes import Note
from transfergui.core.places import assignment as assignments
from transfergui.core.places import cleaning, stopping
from transfergui.core.places.examining import Examined, Found
from transfergui.core.places.keeping import Amount, Kept, Training
from transfergui.core.places.stopping import Running
from transfergui.core.runs.run import Run

PROGRAM = f"{shlex.quote(sys.executable)} -P -m transfergui"


def test_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["place", "list"]) == 0
    assert main(["place", "add", "lab", "me@other"]) == 0
    assert "Changed" not in capsys.readouterr().err
    assert main(["place", "add", "lab", "me@lab", "--folder", "/data/tg"]) == 0
    assert "Changed lab" in capsys.readouterr().err
    assert main(["place", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["name"], row["host"], row["folder"]) == ("lab", "me@lab", "/data/tg")
    assert main(["place", "remove", "lab"]) == 0
    assert main(["place", "remove", "lab"]) == 1
    assert "[place.none]" in capsys.readouterr().err
    assert main(["train", "data", "--on", "lab"]) == 1
    assert "[place.none]" in capsys.readouterr().err
    several = ["--nnodes", "2", "--node-rank", "0", "--rendezvous", "127.0.0.1:29511"]
    assert main(["train", "data", "--on", "lab", *several]) == 1
    assert "[place.machines]" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["sbatch", "sky", "dstack"])
def test_files_for_other_programs(name: str, tmp_path: Path) -> None:
    main(["place", "add", "lab", "lab", "--program", "/opt/tg"])
    file = tmp_path / "job"
    assert main(["place", "export", "lab", "--format", name, "--out", str(file)]) == 0
    text = file.read_text()
    assert "resume run --download" in text
    assert ("/opt/tg train" in text) == (name == "sbatch")


def test_what_the_doctor_found_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (Found("versions", "torch", "gone", "broken", "pip install torch"),)
    note = Note("place.versions", {"name": "lab", "names": "torch 2 / 1"}, "warning")
    found = Examined("/there", 1_200_000_000, 10**9, rows, (note,))
    monkeypatch.setattr(commands, "examine", lambda place, step: found)
    main(["place", "add", "lab", "lab"])
    assert main(["place", "doctor", "lab"]) == 1
    told = capsys.readouterr()
    assert "1.2 GB" in told.out and "torch: pip install torch" in told.out
    assert "torch 2 / 1" in told.err and "[doctor.broken]" in told.err
    optional = Found("versions", "cuda", "too large", "note", "pip uninstall cuda")
    missing = Note("place.no_program", {"name": "lab", "launch": "x", "program": "x"}, "error")
    found = Examined("/there", 0, 10**9, (optional,), ())
    assert main(["place", "doctor", "lab"]) == 0
    told = capsys.readouterr()
    assert "cuda: pip uninstall cuda" in told.out and "Optional" in told.err
    assert told.err.splitlines()[-1].startswith("Ready")
    found = Examined("/there", 0, 10**9, (), (missing,))
    assert main(["place", "doctor", "lab"]) == 1
    assert "[place.not_ready]" in capsys.readouterr().err


def test_cleaning_up_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    amount, done = Amount(2_000_000, 500_000), list[bool]()
    kept = Kept((), ("beetles",), (), amount, amount, amount)
    monkeypatch.setattr(cleaning, "kept", lambda place: kept)
    monkeypatch.setattr(cleaning, "clean", lambda place, all: done.append(all) or 6_000_000)
    main(["place", "add", "lab", "lab"])
    assert main(["place", "clean", "lab"]) == 1
    told = capsys.readouterr()
    assert "500 KB" in told.out and "beetles" in told.err
    assert "[place.clean_not_asked]" in told.err and not done
    assert main(["place", "clean", "lab", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unfinished"] == ["beetles"]
    assert main(["place", "clean", "lab", "--all", "--yes"]) == 0
    assert "6.0 MB" in capsys.readouterr().err and done == [True]
    kept = Kept(("beetles",), (), (), amount, amount, amount)
    assert main(["place", "clean", "lab", "--yes"]) == 1
    assert "[place.clean_running]" in capsys.readouterr().err and done == [True]


def test_what_trains_there_is_listed_and_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped = list[str]()
    found = [Running(Training("beetles.00000000", "beetles", 0.0), "trash")]
    monkeypatch.setattr(stopping, "running", lambda place: found)
    monkeypatch.setattr(stopping, "pause", lambda place, job: stopped.append(job))
    main(["place", "add", "lab", "lab"])
    assert main(["place", "runs", "lab"]) == 0
    told = capsys.readouterr().out
    assert "beetles.00000000" in told and "deleted on this computer" in told
    assert main(["place", "runs", "lab", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["owner"] == "trash"
    assert main(["place", "stop", "lab", "beetles"]) == 1
    assert "[place.stop_not_asked]" in capsys.readouterr().err and not stopped
    assert main(["place", "stop", "lab", "moths", "--yes"]) == 1
    assert "[place.no_training]" in capsys.readouterr().err and not stopped
    assert main(["place", "stop", "lab", "beetles", "--yes"]) == 0
    assert stopped == ["beetles.00000000"]


def test_a_training_elsewhere_is_begun_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The launch line is mended between the two; what was sent is there."""
    standin = StandIn(tmp_path / "standin")
    standin.use(monkeypatch)
    data = make_tiny_pictures(tmp_path / "pictures", per_class=8)
    add = ["place", "add", "lab", "lab", "--program", PROGRAM, "--launch"]
    main([*add, "no-such-program {run}"])
    run = tmp_path / "run"
    train = ["train", str(data), "--backbone", "tgnet", "--epochs", "1", "--out", str(run)]
    assert main([*train, "--on", "lab"]) == 1
    told = capsys.readouterr()
    assert told.out.strip() == str(run)
    assert "Needed on lab: " in told.err and "Sent to lab: " in told.err
    assert "no-such-program" in told.err and "[place.launch_failed]" in told.err
    found = assignments.of(Run(run))
    assert found is not None and found.begun and not found.brought
    assert main(["stop", str(run)]) == 1
    assert "[place.idle]" in capsys.readouterr().err
    event = '{"event": "Finished", "outcome": "cancelled", "epochs": 0, "best_epoch": null, '
    event += '"seconds": 1}'
    main([*add, f"echo {shlex.quote(event)} >> {{run}}/events.jsonl"])
    assert main(["resume", str(run)]) == 130
    assert "transfergui resume" in capsys.readouterr().err
