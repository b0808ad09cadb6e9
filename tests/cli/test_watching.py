"""``watch``: a line for each file, the record last."""

import signal
from pathlib import Path

import pytest
from PIL import Image

from tests.core.made_runs import make_run
from transfergui.cli import main, watching
from transfergui.core.watching import arrivals


def test_new_files_are_listed_and_the_record_is_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "SETTLE", 0.0)
    monkeypatch.setattr(watching._Shown, "take", ending(watching._Shown.take))
    run = make_run(tmp_path / "run", ("cat", "dog"))
    (tmp_path / "in").mkdir()
    Image.new("RGB", (40, 40), "red").save(tmp_path / "in" / "a.png")
    named = [str(run.path), str(tmp_path / "in"), "--to", str(tmp_path / "out")]
    before = signal.getsignal(signal.SIGTERM)
    assert main(["watch", *named, "--unsure", "0", "--move"]) == 0
    signal.signal(signal.SIGTERM, before)
    out, said = capsys.readouterr()
    first, last = out.splitlines()
    assert first.split()[0] == str(tmp_path / "in" / "a.png")
    assert Path(first.split()[-1]).is_file()
    assert main(["sort", "--undo", last]) == 0
    assert (tmp_path / "in" / "a.png").exists()
    assert "1 file predicted" in said
    assert main(["watch", *named[:2], "--to", named[1]]) == 1
    assert "[watch.same_folder]" in capsys.readouterr().err


def ending(take):
    """After a file, the folder is looked at once more, and Ctrl+C is pressed."""

    def taken(shown, event):
        take(shown, event)
        if shown._record:
            raise KeyboardInterrupt

    return taken
