"""One window saves a project file; whoever else opens or changes it loses nothing in silence."""

import subprocess
import sys
from pathlib import Path

import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.projects import project
from transfergui.core.projects.claim import Claim
from transfergui.core.recipe import Recipe

OTHER = """
import sys, time
from pathlib import Path
from transfergui.core.projects.claim import Claim
claim = Claim(Path(sys.argv[1]))
print(claim.refused, flush=True)
time.sleep(60)
"""


def saved(path: Path, stage: str = "") -> Path:
    project.save(project.made(Recipe(), stage=stage), path)
    return path


def stage_in(path: Path) -> str:
    return project.load(path).project.stage


def test_another_process_has_it_until_it_is_killed(tmp_path: Path) -> None:
    path = saved(tmp_path / "beetles.transfergui")
    command = (sys.executable, "-c", OTHER, str(path))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "None\n"
        second = Claim(path)
        assert second.refused is not None and second.refused.code == "project.elsewhere"
        assert second.refused.note.values["pid"] == other.pid
        with pytest.raises(UserError, match="read-only"):
            second.save(project.made(Recipe(), stage="live"), 1)
        other.kill()
    third = Claim(path)
    assert third.refused is None
    third.release()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]  # nothing is left beside it


def test_a_link_to_the_file_is_the_same_project(tmp_path: Path) -> None:
    path = saved(tmp_path / "beetles.transfergui")
    (tmp_path / "desk").mkdir()
    link = tmp_path / "desk" / "link.transfergui"
    link.symlink_to(path)
    first = Claim(path)
    assert Claim(link).refused is not None
    first.release()
    assert Claim(link).refused is None


def test_what_a_program_without_locks_wrote_is_not_replaced(tmp_path: Path) -> None:
    path = saved(tmp_path / "beetles.transfergui")
    claim = Claim(path)
    claim.save(project.made(Recipe(), stage="live"), 1)
    claim.save(project.made(Recipe(), stage="runs"), 2)
    saved(path, "from_the_other_computer")
    with pytest.raises(UserError, match="changed by another program"):
        claim.save(project.made(Recipe(), stage="predict"), 3)
    assert stage_in(path) == "from_the_other_computer"
    again = Claim(path, claim)  # opened again in the same window
    assert again.refused is None
    claim.release(but=again)
    assert Claim(path).refused is not None
    again.save(project.made(Recipe(), stage="predict"), 1)
    assert stage_in(path) == "predict"


def test_an_earlier_state_does_not_replace_a_later_one(tmp_path: Path) -> None:
    claim = Claim(saved(tmp_path / "beetles.transfergui"))
    claim.save(project.made(Recipe(), stage="live"), 2)
    claim.save(project.made(Recipe(), stage="data"), 1)
    assert stage_in(claim.path) == "live"
