"""``python -m tests.benchmarks.serving MODEL FOLDER [REQUESTS]``: a served model under load.

Serves the model in a process of its own, and asks it from 16 threads: pictures (or whatever the
model reads) of the folder, and among them, one in four, what no program should send: bodies that
are cut, too long, empty or random, forms without an end, wrong methods, hosts and origins, heads
without an end, clients that send a byte now and then. Prints requests a second, the latency of good
ones, the memory of the process before and after, which status each kind got, and whether the
answers are those of ``predict``, to the bit.
"""

import collections
import concurrent.futures
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import psutil

THREADS = 16
WARM = 20
SLOW_SECONDS = 12.0
Status = int | str


class Place(NamedTuple):
    """Where the model is served, and what is sent."""

    port: int
    files: list[Path]
    chance: random.Random

    @property
    def file(self) -> Path:
        return self.chance.choice(self.files)

    def raw(self, sent: bytes, seconds: float = 20) -> Status:
        """The status of the answer to these very bytes; a word where there is none."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            return _status(connection)

    def ask(
        self, body: bytes, path: str = "/predict", method: str = "POST", **headers: str
    ) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


def _status(connection: socket.socket) -> Status:
    try:
        head = connection.recv(4096)
    except ConnectionResetError:
        return "reset"
    except TimeoutError:
        return "no answer"
    return int(head.split()[1]) if head.startswith(b"HTTP/1.1 ") else "closed"


# -- kinds of requests


def good(place: Place) -> Status:
    file = place.file
    status, tree = place.ask(file.read_bytes(), f"/predict?name=x{file.suffix}")
    assert status != 200 or tree["predictions"][0]["prediction"]
    return status


def form(place: Place) -> Status:
    files = [place.file for _each in range(3)]
    parts = [
        b"--frontier\r\nContent-Disposition: form-data; name=f; filename=%s\r\n\r\n%s\r\n"
        % (file.name.encode(), file.read_bytes())
        for file in files
    ]
    body = b"".join(parts) + b"--frontier--\r\n"
    return place.ask(body, Content_Type="multipart/form-data; boundary=frontier")[0]


def cut(place: Place) -> Status:
    data = place.file.read_bytes()
    head = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
    return place.raw(head % len(data) + data[: len(data) // 2])


def half_a_picture(place: Place) -> Status:
    data = place.file.read_bytes()
    return place.ask(data[: len(data) // 3])[0]


def noise(place: Place) -> Status:
    return place.raw(place.chance.randbytes(2000))


def noisy_body(place: Place) -> Status:
    return place.ask(place.chance.randbytes(50_000), "/predict?name=a.png")[0]


def empty(place: Place) -> Status:
    return place.ask(b"")[0]


def huge(place: Place) -> Status:
    head = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"
    return place.raw(head + bytes(100_000))


def long_head(place: Place) -> Status:
    return place.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000)


def many_headers(place: Place) -> Status:
    return place.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 2000 + b"\r\n")


def endless_form(place: Place) -> Status:
    body = b"--frontier\r\nContent-Disposition: form-data; name=f; filename=a.png\r\n\r\n" + bytes(
        99
    )
    return place.ask(body, Content_Type="multipart/form-data; boundary=frontier")[0]


def chunked(place: Place) -> Status:
    head = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    return place.raw(head + b"5\r\nabcde\r\n0\r\n\r\n")


def other_host(place: Place) -> Status:
    return place.ask(b"x", Host="evil.example")[0]


def other_origin(place: Place) -> Status:
    return place.ask(b"x", Origin="http://evil.example")[0]


def wrong_method(place: Place) -> Status:
    return place.ask(b"x", method="DELETE")[0]


def nowhere(place: Place) -> Status:
    return place.ask(b"", "/../../etc/passwd", method="GET")[0]


def zipped(place: Place) -> Status:
    return place.ask(b"PK\3\4" + bytes(100), "/predict?name=a.zip")[0]


def hung_up(place: Place) -> Status:
    with socket.create_connection(("127.0.0.1", place.port), timeout=5) as connection:
        connection.sendall(
            b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n"
        )
    return "closed"


def slow(place: Place) -> Status:
    """A byte of the head now and then; the time for heads is 10 s."""
    with socket.create_connection(("127.0.0.1", place.port), timeout=30) as connection:
        end = time.monotonic() + SLOW_SECONDS
        try:
            connection.sendall(b"GET / HTTP/1.1\r\nX: ")
            while time.monotonic() < end:
                connection.sendall(b"a")
                time.sleep(0.5)
        except OSError:
            pass
        return _status(connection)


BAD: tuple[Callable[[Place], Status], ...] = (
    *(cut, half_a_picture, noise, noisy_body, empty, huge, long_head, many_headers, endless_form),
    *(chunked, other_host, other_origin, wrong_method, nowhere, zipped, hung_up),
)
SLOW = 10
"""Of these at a time, in threads of their own."""


# -- the run


def main(model: str, folder: str, requests: str = "1000") -> None:
    served = subprocess.Popen(
        [sys.executable, "-m", "transfergui", "serve", model, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert served.stdout is not None
    try:
        port = int(served.stdout.readline().strip().strip("/").rpartition(":")[2])
        files = sorted(path for path in Path(folder).rglob("*") if path.is_file())[:200]
        _load(Place(port, files, random.Random(0)), served, int(requests))
        _compare(Place(port, files, random.Random(1)), model)
        assert served.poll() is None, "the server has crashed"
    finally:
        served.terminate()
        print("ended with", served.wait(20))


def _load(place: Place, served: "subprocess.Popen[str]", requests: int) -> None:
    for _each in range(WARM):
        good(place)
    process = psutil.Process(served.pid)
    before = process.memory_info().rss
    kinds = [BAD[at // 4 % len(BAD)] if at % 4 == 0 else good for at in range(requests - 20)]
    kinds += [form] * 20
    place.chance.shuffle(kinds)
    found: dict[str, collections.Counter[Status]] = collections.defaultdict(collections.Counter)
    took: list[float] = []

    def one(kind: Callable[[Place], Status]) -> None:
        began = time.monotonic()
        try:
            status: Status = kind(place)
        except (OSError, http.client.HTTPException) as error:
            status = type(error).__name__
        if kind is good and status == 200:
            took.append(time.monotonic() - began)
        found[kind.__name__][status] += 1

    slow_ones = concurrent.futures.ThreadPoolExecutor(SLOW)
    waiting = [slow_ones.submit(one, slow) for _each in range(SLOW)]
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, kinds))
    seconds = time.monotonic() - began
    concurrent.futures.wait(waiting)
    after = process.memory_info().rss
    for name, statuses in sorted(found.items()):
        print(f"{name:16}", ", ".join(f"{k}: {v}" for k, v in sorted(statuses.items(), key=str)))
    took.sort()
    print(f"{len(kinds) / seconds:.0f} requests/s, {len(took) / seconds:.0f} predictions/s")
    middle, late = took[len(took) // 2], took[int(0.99 * len(took))]
    print(f"latency p50 {1000 * middle:.0f} ms, p99 {1000 * late:.0f} ms ({len(took)} answered)")
    print(f"memory {before / 2**20:.0f} MB before, {after / 2**20:.0f} MB after")
    print(f"threads {process.num_threads()}, open files {process.num_fds()}")


def _compare(place: Place, model: str) -> None:
    """One file at a time, as one calls ``predict``."""
    from transfergui.core.trained import TrainedModel

    loaded, same, took = TrainedModel.load(Path(model)), 0, []
    files = place.files[:40]
    for file in files:
        began = time.monotonic()
        _status, tree = place.ask(file.read_bytes(), f"/predict?name=x{file.suffix}")
        took.append(time.monotonic() - began)
        (own,) = loaded.predict([file])
        assert own.probabilities is not None
        same += list(tree["predictions"][0]["scores"].values()) == own.probabilities.tolist()
    print(f"{same} of {len(files)} answers equal to the bit")
    print(f"one client alone: latency p50 {1000 * sorted(took)[len(took) // 2]:.0f} ms")


if __name__ == "__main__":
    os.environ.setdefault("TRANSFERGUI_LANGUAGE", "en")
    main(*sys.argv[1:])
