"""Downloads from a server on this machine that misbehaves in every way (FAULTS 64)."""

import hashlib
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.image import backbones
from transfergui.core.networks import download, weights

CONTENT = os.urandom(700_000)
RESNET = next(row for row in backbones.rows() if row.key == "resnet18")


class Server(ThreadingHTTPServer):
    """Serves one file; the attributes say how.

    Attributes:
        cut: bytes after which the connection is closed.
        hang: bytes after which nothing more comes.
        requests: the headers of each request.
    """

    daemon_threads = True
    content: bytes = CONTENT
    etag: str | None = '"one"'
    status: int = 200
    kind: str = "application/octet-stream"
    redirect: str | None = None
    tells_length: bool = True
    honest: bool = True
    cut: int | None = None
    hang: int | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[dict[str, str]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/models/resnet18-f37072fd.pth"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self.server.requests.append(dict(self.headers))
        if self.server.redirect and self.path != "/login":
            self._head(302, {"Location": self.server.redirect})
            return
        start = self._start()
        if start >= len(self.server.content) > 0 and start:
            self._head(416, {})
            return
        body = self.server.content[start:]
        headers = {"Content-Type": self.server.kind}
        if self.server.tells_length:
            headers["Content-Length"] = str(len(body))
        if self.server.etag:
            headers["ETag"] = self.server.etag
        if start:
            total = len(self.server.content)
            headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        self._head(206 if start else self.server.status, headers)
        self._send(body)

    def _start(self) -> int:
        """Where to begin: 0 unless the client asks for the rest of this very file."""
        same = self.headers.get("If-Range") == self.server.etag or not self.server.honest
        asked = self.headers.get("Range", "bytes=0-")
        return int(asked.removeprefix("bytes=").rstrip("-")) if same else 0

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, body: bytes) -> None:
        if self.server.hang is not None:
            self.wfile.write(body[: self.server.hang])
            self.wfile.flush()
            self.server.closing.wait(10)
        else:
            self.wfile.write(body[: self.server.cut])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(download, "SILENCE", 0.5)
    monkeypatch.setattr(download, "CHUNK", 50_000)
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


def row(server: Server, content: bytes = CONTENT) -> Backbone:
    """A backbone whose weights are ``content``, published at ``server``."""
    return msgspec.structs.replace(
        RESNET,
        weights_url=server.url,
        weights_hash=hashlib.sha256(content).hexdigest()[:8],
        download_bytes=len(content),
    )


def refusal(row: Backbone, folder: Path, **given: Any) -> UserError:
    """Every failure names the address and the folder to copy by hand."""
    with pytest.raises(UserError) as caught:
        weights.download(row, folder, **given)
    assert str(row.weights_url) in str(caught.value)
    assert str(folder) in str(caught.value)
    assert not (folder / weights.file_name(row)).exists()
    return caught.value


def part(folder: Path) -> Path:
    return folder / "resnet18-f37072fd.pth.part"


def test_file_arrives_under_its_published_name(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = weights.download(row(server), tmp_path / "new", lambda *at: seen.append(at))
    assert path.read_bytes() == CONTENT
    assert path.name == "resnet18-f37072fd.pth"
    assert seen[0] == (0, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert seen == sorted(seen)
    assert list(path.parent.iterdir()) == [path]
    assert weights.find(RESNET, str(tmp_path / "new")) == path
    assert server.requests[0]["User-Agent"].startswith("TransferGUI/")


def test_length_need_not_be_told(server: Server, tmp_path: Path) -> None:
    server.tells_length = False
    assert weights.download(row(server), tmp_path).read_bytes() == CONTENT


def test_broken_off_download_goes_on(server: Server, tmp_path: Path) -> None:
    server.cut = 300_000
    error = refusal(row(server), tmp_path)
    assert error.code == "weights.interrupted"
    assert part(tmp_path).read_bytes() == CONTENT[:300_000]
    server.cut = None
    seen: list[int] = []
    path = weights.download(row(server), tmp_path, lambda done, _total: seen.append(done))
    assert path.read_bytes() == CONTENT
    assert seen[0] == 300_000
    assert server.requests[-1]["Range"] == "bytes=300000-"
    assert list(tmp_path.iterdir()) == [path]


def test_file_that_changed_meanwhile_is_begun_anew(server: Server, tmp_path: Path) -> None:
    server.cut = 300_000
    refusal(row(server), tmp_path)
    newer = os.urandom(500_000)
    server.cut, server.content, server.etag = None, newer, '"two"'
    assert weights.download(row(server, newer), tmp_path).read_bytes() == newer


def test_mixture_of_two_files_is_thrown_away(server: Server, tmp_path: Path) -> None:
    """A server that sends the rest of another file although it was told not to."""
    server.cut = 300_000
    refusal(row(server), tmp_path)
    newer = os.urandom(700_000)
    server.cut, server.content, server.honest = None, newer, False
    assert refusal(row(server, newer), tmp_path).code == "weights.wrong_content"
    assert list(tmp_path.iterdir()) == []
    assert weights.download(row(server, newer), tmp_path).read_bytes() == newer


@pytest.mark.parametrize("etag", [None, 'W/"weak"'])
def test_without_a_version_nothing_is_continued(
    etag: str | None, server: Server, tmp_path: Path
) -> None:
    server.etag, server.cut = etag, 300_000
    refusal(row(server), tmp_path)
    server.cut = None
    assert weights.download(row(server), tmp_path).read_bytes() == CONTENT
    assert "Range" not in server.requests[-1]


def test_whole_part_is_asked_for_anew(server: Server, tmp_path: Path) -> None:
    """Killed between the last byte and the renaming: the server has nothing more to send."""
    part(tmp_path).write_bytes(CONTENT)
    part(tmp_path).with_name(f"{part(tmp_path).name}.version").write_text('"one"')
    assert weights.download(row(server), tmp_path).read_bytes() == CONTENT


def test_hanging_server_is_given_up(server: Server, tmp_path: Path) -> None:
    server.hang = int(len(CONTENT) * 0.99)
    error = refusal(row(server), tmp_path)
    assert error.code == "weights.interrupted"
    assert part(tmp_path).stat().st_size == server.hang


def test_cancel_keeps_what_arrived(server: Server, tmp_path: Path) -> None:
    done = 0

    def progress(now: int, _total: int) -> None:
        nonlocal done
        done = now

    error = refusal(row(server), tmp_path, progress=progress, cancelled=lambda: done > 100_000)
    assert error.code == "weights.cancelled"
    assert 100_000 < part(tmp_path).stat().st_size < len(CONTENT)
    assert weights.download(row(server), tmp_path).read_bytes() == CONTENT


def test_login_page_of_a_hotel(server: Server, tmp_path: Path) -> None:
    server.redirect, server.content, server.kind = "/login", b"<html>", "text/html; charset=utf-8"
    error = refusal(row(server), tmp_path)
    assert error.code == "weights.portal"
    assert "127.0.0.1" in str(error)
    assert list(tmp_path.iterdir()) == []


def test_page_in_disguise_is_noticed(server: Server, tmp_path: Path) -> None:
    server.content = b"<html>please log in</html>"
    assert refusal(row(server), tmp_path).code == "weights.wrong_content"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [403, 404, 500, 511])
def test_refusing_server(status: int, server: Server, tmp_path: Path) -> None:
    server.status = status
    error = refusal(row(server), tmp_path)
    assert error.code == "weights.refused"
    assert str(status) in str(error)


def test_redirections_without_end(server: Server, tmp_path: Path) -> None:
    server.redirect = "/again"
    assert refusal(row(server), tmp_path).code == "weights.refused"


def test_flood_is_stopped(server: Server, tmp_path: Path) -> None:
    server.content, server.tells_length = bytes(5_000_000), False
    assert refusal(row(server), tmp_path).code == "weights.wrong_content"
    assert list(tmp_path.iterdir()) == []


def test_nobody_listens(server: Server, tmp_path: Path) -> None:
    gone = msgspec.structs.replace(row(server), weights_url="http://127.0.0.1:9/resnet18.pth")
    error = refusal(gone, tmp_path)
    assert error.code == "weights.unreachable"
    assert "Connection refused" in str(error)


def test_name_that_nobody_knows(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def unknown(*_arguments: object, **_named: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    gone = msgspec.structs.replace(row(server), weights_url="http://localhost/resnet18.pth")
    error = refusal(gone, tmp_path)
    assert error.code == "weights.unreachable"
    assert "Name or service not known" in str(error)


def test_proxy_that_is_not_there(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    assert refusal(row(server), tmp_path).code == "weights.unreachable"


def test_full_disk_is_seen_before_anything_is_written(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 1000

    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Usage)
    error = refusal(row(server), tmp_path)
    assert error.code == "weights.not_saved"
    assert "No space left" in str(error)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(row(server), tmp_path / "file" / "below").code == "weights.not_saved"


@pytest.mark.parametrize("etag", ['"\xe9\xff"', '"a\tb"', '"' + "x" * 5000 + '"', '"a\r b"'])
def test_odd_versions_are_none(server: Server, tmp_path: Path, etag: str) -> None:
    """What is no header cannot be sent back; the download itself succeeds."""
    server.etag, server.cut = etag, 300_000
    assert refusal(row(server), tmp_path).code == "weights.interrupted"
    server.cut = None
    assert weights.download(row(server), tmp_path).read_bytes() == CONTENT
    assert "If-Range" not in server.requests[-1]


@pytest.mark.parametrize("version", [b"", b"\xff", b'"a"\r\nX: y', b"x" * 10_000])
def test_a_damaged_version_begins_anew(server: Server, tmp_path: Path, version: bytes) -> None:
    server.cut = 300_000
    assert refusal(row(server), tmp_path).code == "weights.interrupted"
    (tmp_path / f"{part(tmp_path).name}.version").write_bytes(version)
    server.cut = None
    assert weights.download(row(server), tmp_path).read_bytes() == CONTENT
    assert "If-Range" not in server.requests[-1]
