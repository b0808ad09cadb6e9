"""Places: the rows, and the launch line of each."""

from pathlib import Path

import pytest

from tests.core.places.made import lab
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.places import place as places
from transfergui.core.places import ssh
from transfergui.core.places.place import Place


def test_rows_are_kept_replaced_and_removed() -> None:
    assert places.known() == ()
    first = places.add(Place("lab  server", " me@lab "))
    assert (first.name, first.host) == ("lab server", "me@lab")
    places.add(Place("other", "other", folder="/data/tg/"))
    changed = places.add(Place("lab server", "lab2"))
    assert places.known() == (changed, Place("other", "other", folder="/data/tg"))
    assert places.find("lab server") == changed
    places.remove("lab server")
    assert [place.name for place in places.known()] == ["other"]
    assert "password" not in (paths.settings_dir() / places.FILE).read_text()


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (Place("", "lab"), "place.no_name"),
        (Place("lab", "-oProxyCommand=x"), "place.host_name"),
        (Place("lab", "me@127.0.0.1:2223"), "place.host_port"),
        (Place("lab", "lab", folder="-rf"), "place.folder_name"),
        (Place("lab", "lab", folder="two\nlines"), "place.folder_name"),
        (Place("lab", "lab", launch="python train.py"), "place.no_run"),
        (Place("lab", "lab", launch="{program} resume"), "place.no_run"),
        (Place("lab", "lab", launch="{program} resume {run"), "place.launch_braces"),
    ],
)
def test_what_cannot_be_a_place(place: Place, code: str) -> None:
    with pytest.raises(UserError) as raised:
        places.add(place)
    assert raised.value.code == code
    assert places.known() == ()


@pytest.mark.parametrize("line", [*places.PRESETS, "cd ${HOME} && awk '{print}' {run}"])
def test_launch_lines_that_can_work(line: str) -> None:
    assert places.add(Place("lab", "lab", launch=line)).launch == line


@pytest.mark.parametrize("host", ["ssh://me@127.0.0.1:2223", "me@fe80::1", "[fe80::1]:22"])
def test_addresses_that_ssh_knows(host: str) -> None:
    assert places.add(Place("lab", host)).host == host


def test_unknown_and_unreadable() -> None:
    with pytest.raises(UserError) as raised:
        places.find("lab")
    assert raised.value.code == "place.none"
    places.add(Place("other", "other"))
    with pytest.raises(UserError) as raised:
        places.find("lab")
    assert raised.value.code == "place.unknown"
    path: Path = paths.settings_dir() / places.FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[{"name": 3}]')
    with pytest.raises(UserError) as raised:
        places.known()
    assert raised.value.code == "place.unreadable"


def test_the_launch_line() -> None:
    assert lab(program="tg").command("/r", "/l") == "tg resume /r"
    assert lab(launch="torchrun -m transfergui").command("/r", "/l") == (
        "torchrun -m transfergui resume /r"
    )
    job = lab(program="tg", launch="sbatch --output={log} --wrap='{program} resume {run}'")
    assert job.command("/r", "/l") == "sbatch --output=/l --wrap='tg resume /r'"


@pytest.mark.parametrize(
    ("program", "there"),
    [
        ("transfergui", "~/transfergui-venv/bin/transfergui"),
        ("~/venv/bin/transfergui", "~/venv/bin/transfergui"),
        ("env A=1 ~/venv/bin/transfergui", "~/transfergui-venv/bin/transfergui"),
    ],
)
def test_it_is_installed_in_an_environment_of_its_own(program: str, there: str) -> None:
    found = lab(program=program)
    assert ssh.installed(found) == there
    folder = there.removesuffix("/bin/transfergui")
    assert f"python3 -m venv {folder} && {folder}/bin/python -m pip" in ssh.install_command(found)
