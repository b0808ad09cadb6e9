"""A model that is served: what it answers, whom it refuses, and what it withstands."""

import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.runs.run import Run
from transfergui.core.serving.limits import Limits
from transfergui.core.serving.server import Server
from transfergui.core.trained import TrainedModel

LIMITS = Limits(body_bytes=300_000, files=3, examples=4, waiting=2, connections=6)
IMPATIENT = Limits(head_seconds=0.1, body_seconds=0.1, idle_seconds=0.1)
TOKEN = "correct-horse-battery"


@pytest.fixture(scope="module")
def model(trained_run: Run) -> TrainedModel:
    return TrainedModel.load(trained_run.path)


@pytest.fixture(scope="module")
def server(model: TrainedModel) -> Iterator[Server]:
    server = Server(model, port=0, limits=LIMITS)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def picture(trained_run: Run) -> Path:
    return sorted(Path(trained_run.split.root).rglob("*.png"))[0]


def ask(
    server: Server, body: bytes = b"", path: str = "/predict", method: str = "POST", **headers: str
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, named)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, json.loads(data) if "json" in answer.headers["Content-Type"] else data


def code(server: Server, *args: Any, **headers: str) -> tuple[int, str]:
    status, tree = ask(server, *args, **headers)
    return status, tree["error"]["code"]


def raw(server: Server, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(sent)
        return connection.recv(65536)


def form(*files: tuple[str, bytes]) -> tuple[bytes, str]:
    head = b'--edge\r\nContent-Disposition: form-data; name="f"; filename="%s"\r\n\r\n%s\r\n'
    parts = [head % (name.encode(), data) for name, data in files]
    return b"".join(parts) + b"--edge--\r\n", "multipart/form-data; boundary=edge"


def test_a_file_gets_the_prediction_of_predict_to_the_bit(
    server: Server, model: TrainedModel, picture: Path
) -> None:
    status, tree = ask(server, picture.read_bytes(), "/predict?name=C%3A%5Cown.png")
    (wanted,) = model.predict([picture])
    assert wanted.probabilities is not None
    (found,) = tree["predictions"]
    assert status == 200
    assert tree["model"] == model.name
    assert found["file"] == "own.png"
    assert list(found["scores"].values()) == wanted.probabilities.tolist()
    assert list(found["scores"]) == list(model.classes)
    assert found["prediction"] == wanted.label(model.classes)
    assert (found["confidence"], found["error"]) == (wanted.confidence, None)


def test_a_form_has_several_files_and_a_bad_one_spoils_nothing(
    server: Server, picture: Path
) -> None:
    body, kind = form(("猫.png", picture.read_bytes()), ("bad.png", b"nothing"))
    status, tree = ask(server, body, Content_Type=kind)
    assert status == 200
    good, bad = tree["predictions"]
    assert (good["file"], good["error"]) == ("猫.png", None)
    assert (bad["prediction"], bad["error"]["code"]) == (None, "picture.not_a_picture")
    assert str(picture.parent) not in json.dumps(tree)


def test_the_model_and_the_page_tell_what_they_are(server: Server, model: TrainedModel) -> None:
    status, card = ask(server, path="/model", method="GET")
    assert (status, card["classes"]) == (200, list(model.classes))
    assert card["limits"]["files"] == 3
    status, page = ask(server, path="/", method="GET")
    assert status == 200
    assert not re.findall(rb"(?:src|href)=|https?:", page)  # nothing from elsewhere


def test_only_what_can_be_read_is_read(server: Server, picture: Path) -> None:
    data = picture.read_bytes()
    assert ask(server, b"nothing")[0] == 422
    assert code(server, b"x" * 300_001) == (413, "serve.too_large")
    body, kind = form(*[("a.png", data)] * 4)
    assert code(server, body, Content_Type=kind) == (413, "serve.too_many_files")
    assert code(server, body[:-12], Content_Type=kind) == (400, "serve.bad_request")
    assert code(server, b"PK", "/predict?name=a.zip") == (415, "serve.unknown_kind")
    assert code(server, b"path\n/etc/passwd\n", "/predict?name=a.csv")[0] == 415
    assert code(server, b"x", Transfer_Encoding="chunked") == (411, "serve.no_length")
    assert code(server, b"", "/predict", "GET") == (405, "serve.wrong_method")
    assert code(server, b"", "/../etc/passwd", "GET") == (404, "serve.not_found")


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({"Host": "evil.example"}, "serve.wrong_host"),
        ({"Host": "127.0.0.1@evil.example"}, "serve.wrong_host"),
        ({"Host": "127.0.0.1.evil.example"}, "serve.wrong_host"),
        ({"Origin": "http://evil.example"}, "serve.other_origin"),
        ({"Origin": "http://127.0.0.1:1"}, "serve.other_origin"),
        ({"Origin": "null"}, "serve.other_origin"),
        ({"Sec_Fetch_Site": "cross-site"}, "serve.other_origin"),
    ],
)
def test_pages_of_others_are_refused(server: Server, headers: dict[str, str], wanted: str) -> None:
    assert code(server, b"x", **headers) == (403, wanted)
    assert code(server, b"", "/model", "GET", **headers) == (403, wanted)
    own = f"http://localhost:{server.port}"
    assert ask(server, b"x", Host=own[7:], Origin=own, Sec_Fetch_Site="same-origin")[0] == 422


def test_what_is_no_request_is_told_so(model: TrainedModel) -> None:
    server = Server(model, port=0, limits=IMPATIENT)
    host = b"Host: localhost\r\n"
    for sent, status in (
        (b"\x16\x03\x01\x02\x00" * 20 + b"\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + host + b"A: " + b"b" * 20_000, 431),
        (b"GET / HTTP/1.1\r\n" + host + b"A: b\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n", 408),  # and no more
        (b"POST /predict HTTP/1.1\r\n" + host + b"Content-Length: 9\r\n\r\nabc", 408),
        (b"POST /predict HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n", 400),
        (b"POST /predict HTTP/1.1\r\n" + host + b"Content-Length: 1\r\n" * 2 + b"\r\n", 400),
    ):
        assert raw(server, sent).startswith(b"HTTP/1.1 %d " % status), sent[:80]
    assert raw(server, b"") == b""  # closed after a while
    server.stop()


DIGITS = "1" * 5000
ODD_REQUESTS = [
    "POST /predict?" + "a=1&" * 12,
    "POST /predict?name=%00.png",
    f"POST /predict\nContent-Disposition: attachment; filename*{DIGITS}=x",
    "POST /predict\nContent-Disposition: attachment; filename*=idna'en'%FF..x.jpg",
    "POST /predict\nContent-Disposition: attachment; filename*=undefined'en'%FF.jpg",
    "POST /predict\nContent-Disposition: attachment; filename*=a\0b'en'%FF.jpg",
    "POST /predict\nContent-Disposition: attachment; filename*=unicode_escape''%5Cud800.png",
    f"POST /predict\nContent-Type: multipart/form-data; boundary*{DIGITS}=x",
    "POST /predict\nContent-Type: multipart/form-data; boundary*=undefined''%FF",
    "POST /predict\nContent-Type: multipart/form-data; boundary*=utf-8''edge",
    "POST /predict\nHost: localhost",
    "GET /model\nContent-Length: 0",
    "GET /model\nTransfer-Encoding:\nTransfer-Encoding:",
    "GET /model\nContent-Length : 4",
    "GET //[ ",
    "GET http://[/",
    "GET /model\nOrigin: http://[",
]


@pytest.mark.parametrize("asked", ODD_REQUESTS, ids=range(len(ODD_REQUESTS)))
def test_no_request_is_taken_for_a_bug(
    asked: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    bugs: list[str] = []
    monkeypatch.setattr(server._listener, "report", bugs.append)
    line, *headers = asked.split("\n")
    part = (
        f"--edge\r\nContent-Disposition: form-data; filename*{DIGITS[:4000]}=x\r\n\r\n\r\n--edge--"
    )
    lines = [f"{line} HTTP/1.1", "Host: localhost", f"Content-Length: {len(part)}", *headers]
    answer = raw(server, "\r\n".join([*lines, "", part]).encode("latin-1"))
    assert re.match(rb"HTTP/1.1 4\d\d ", answer), answer
    assert b'{"error": {"code": "' in answer or b"422" in answer
    assert not bugs


def test_who_is_refused_or_stops_amid_a_body_keeps_no_place(model: TrainedModel) -> None:
    server = Server(model, port=0, limits=Limits(stalled_seconds=0.1))
    body = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"
    assert raw(server, body).startswith(b"HTTP/1.1 408 ")
    refused = raw(server, b"GET /model HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    assert refused.startswith(b"HTTP/1.1 403 ")
    assert b"\r\nConnection: close\r\n" in refused
    listener = server._listener
    listener._open.update(dict.fromkeys(range(32), "10.0.0.1"))  # type: ignore[call-overload]
    enough = [listener._has_enough(each) for each in ("10.0.0.1", "10.0.0.2", "127.0.0.1")]
    assert enough == [True, False, False]
    listener._open.clear()
    server.stop()


def test_connections_without_end_leave_room_again(server: Server, picture: Path) -> None:
    """The system closes none of them; the one too many gets an answer at once."""
    time.sleep(0.1)
    kept = [socket.create_connection(("127.0.0.1", server.port)) for _each in range(6)]
    time.sleep(0.2)
    assert raw(server, b"").startswith(b"HTTP/1.1 503 ")
    for each in kept:
        each.close()
    time.sleep(0.2)
    assert ask(server, picture.read_bytes())[0] == 200


def test_more_than_may_wait_are_refused_at_once(model: TrainedModel, picture: Path) -> None:
    server = Server(model, port=0, limits=LIMITS)
    go_on = threading.Event()
    server.service._worker._work = lambda files: go_on.wait(10) and []  # type: ignore[assignment]
    statuses: list[int] = []
    data = picture.read_bytes()
    waiting = [
        threading.Thread(target=lambda: statuses.append(ask(server, data)[0])) for _each in range(5)
    ]
    for each in waiting:
        each.start()
    end = time.monotonic() + 5
    while len(statuses) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    assert statuses == [503, 503]  # one is at work, two wait
    go_on.set()
    for each in waiting:
        each.join()
    assert statuses[2:] == [422] * 3
    server.stop()


def test_other_computers_need_the_token(model: TrainedModel) -> None:
    with pytest.raises(UserError) as found:
        Server(model, "0.0.0.0", 0)
    assert found.value.code == "serve.needs_token"
    with pytest.raises(UserError) as found:
        Server(model, "0.0.0.0", 0, "short")
    assert found.value.code == "serve.short_token"
    server = Server(model, "0.0.0.0", 0, TOKEN, LIMITS)
    assert not server.alone
    assert server.address.endswith(f"/#{TOKEN}")
    for given in ("", TOKEN, f"Bearer {TOKEN}x", "Bearer ä"):
        assert code(server, b"x", Authorization=given) == (401, "serve.wrong_token")
        assert code(server, b"", "/model", "GET", Authorization=given)[0] == 401
    assert ask(server, path="/", method="GET")[0] == 200  # it tells nothing
    assert ask(server, b"x", Authorization=f"Bearer {TOKEN}", Host="pc.example")[0] == 422
    server.stop()


def test_a_port_that_is_taken_is_said(server: Server, model: TrainedModel) -> None:
    with pytest.raises(UserError) as found:
        Server(model, port=server.port)
    assert found.value.code == "serve.port_taken"
