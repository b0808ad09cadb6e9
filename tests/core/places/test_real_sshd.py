"""The system's own ssh and sshd, on loopback; skipped where there is none."""

import contextlib
import getpass
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.core.places.made import lab
from tests.core.places.test_following import PLAYED, assigned, codes
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import assignment as assignments
from transfergui.core.places import following
from transfergui.core.places.following import Follower
from transfergui.core.places.ssh import Connection
from transfergui.core.runs import events as ev

SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin")
SSH, KEYGEN = shutil.which("ssh"), shutil.which("ssh-keygen")

pytestmark = pytest.mark.skipif(not (SSHD and SSH and KEYGEN), reason="no OpenSSH server")


@pytest.fixture
def sshd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """A server on a free port that knows one key; ``ssh lab`` reaches it."""
    for name in ("host", "own"):
        subprocess.run(
            [str(KEYGEN), "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)], check=True
        )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "sshd_config").write_text(
        f"HostKey {tmp_path}/host\nAuthorizedKeysFile {tmp_path}/own.pub\nStrictModes no\n"
        f"PidFile none\nUsePAM no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n"
    )
    (tmp_path / "ssh_config").write_text(
        f"Host lab\n HostName 127.0.0.1\n Port {port}\n User {getpass.getuser()}\n"
        f" IdentityFile {tmp_path}/own\n IdentitiesOnly yes\n"
        f" UserKnownHostsFile {tmp_path}/known\n StrictHostKeyChecking accept-new\n"
    )
    wrapper = tmp_path / "bin" / "ssh"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nexec {SSH} -F {tmp_path}/ssh_config "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", str(wrapper.parent), prepend=":")
    with contextlib.suppress(OSError):  # the service makes it, where it runs
        Path("/run/sshd").mkdir(exist_ok=True)
    where = ["-D", "-e", "-f", str(tmp_path / "sshd_config"), "-p", str(port)]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(SSHD), *where, "-o", "ListenAddress=127.0.0.1"], stderr=log, start_new_session=True
        )
    try:
        until = time.monotonic() + 10
        while not _listens(port):
            if server.poll() is not None or time.monotonic() > until:
                pytest.skip("sshd does not start here: " + (tmp_path / "log").read_text()[-300:])
            time.sleep(0.05)
        yield server
    finally:
        server.terminate()
        server.wait()


def test_a_training_outlives_its_connection(
    sshd: subprocess.Popen[bytes], plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent, begun, the connection killed, found again, paused."""
    monkeypatch.setattr(following, "PAUSES", (0.2,))
    place = lab(folder=str(tmp_path / "there"), program=_program(tmp_path), launch=PLAYED)
    run = assigned(plan, tmp_path / "run", place)
    follower = Follower(plan, run)
    told = list[ev.Event]()
    for event in follower.events():
        told.append(event)
        if isinstance(event, ev.Saved):
            _cut(sshd.pid)
        if isinstance(event, ev.Notice) and event.code == "place.back":
            run.request_stop("cancel")
    assert codes(told) == ["place.sent", "place.begun", "place.lost", "place.back"]
    assert isinstance(told[-1], ev.Finished) and told[-1].outcome == "cancelled"
    found = assignments.of(run)
    assert found is not None
    with Connection(place) as link:
        assert link.ask("state", job=found.job).fields["state"] == "ended"


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _program(folder: Path) -> str:
    """This program as a login shell must start it: nothing of the environment is sent."""
    root = Path(__file__).parents[3]
    given = f"PYTHONPATH={root} TRANSFERGUI_HOME={folder}/home"
    return f"env {given} {lab().program}"


def _cut(pid: int) -> None:
    """End the connections of a server, not the server."""
    for child in psutil.Process(pid).children():
        child.kill()
