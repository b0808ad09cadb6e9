"""The side over there: what it answers, without a connection."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from transfergui.core.app import doctor
from transfergui.core.app.doctor import Finding
from transfergui.core.places import answering, frames
from transfergui.core.places.frames import Frame

DATA = b"a picture" * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()


def answers(folder: Path, *asked: tuple[dict[str, Any], bytes]) -> list[Frame]:
    stream, told = io.BytesIO(), io.BytesIO()
    for fields, payload in asked:
        frames.write(stream, fields, payload)
    stream.seek(0)
    answering.answer(str(folder), stream, told)
    told.seek(0)
    return list(iter(lambda: frames.read(told), None))


def put(offset: int, data: bytes, digest: str = DIGEST) -> tuple[dict[str, Any], bytes]:
    return {"ask": "put", "hash": digest, "size": len(DATA), "offset": offset}, data


def have() -> tuple[dict[str, Any], bytes]:
    return {"ask": "have"}, json.dumps([[DIGEST, len(DATA)]]).encode()


def test_it_greets(tmp_path: Path) -> None:
    (greeting,) = answers(tmp_path / "place")
    assert greeting.fields["protocol"] == frames.PROTOCOL
    assert greeting.fields["folder"] == str(tmp_path / "place")
    assert greeting.fields["free"] > 0
    assert {"transfergui", "torch"} <= greeting.fields["environment"].keys()
    assert not (tmp_path / "place").exists()


def test_a_file_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    *_, half = answers(tmp_path, put(0, DATA[:500]), have())
    assert json.loads(half.payload) == [500]
    *_, ahead, rest, whole = answers(tmp_path, put(700, b"x"), put(500, DATA[500:]), have())
    assert ahead.fields["there"] == 500
    assert rest.fields["there"] == len(DATA)
    assert json.loads(whole.payload) == [len(DATA)]
    assert (tmp_path / "store" / DIGEST[:2] / DIGEST).read_bytes() == DATA


def test_two_trainings_may_send_the_same_file(tmp_path: Path) -> None:
    *_, whole, late, there = answers(tmp_path, put(0, DATA), put(500, DATA[500:]), have())
    assert whole.fields["there"] == late.fields["there"] == len(DATA)
    assert json.loads(there.payload) == [len(DATA)]


def test_what_is_not_checked_yet_is_not_there(tmp_path: Path) -> None:
    """The connection was lost in the check of a large file; the last byte is sent again."""
    empty = hashlib.sha256(b"").hexdigest()
    part = tmp_path / "store" / "parts" / DIGEST
    part.parent.mkdir(parents=True)
    part.write_bytes(DATA)
    asked = {"ask": "have"}, json.dumps([[DIGEST, len(DATA)], [empty, 0]]).encode()
    nothing = {"ask": "put", "hash": empty, "size": 0, "offset": 0}, b""
    *_, half, whole, _put, there = answers(
        tmp_path, asked, put(len(DATA) - 1, DATA[-1:]), nothing, asked
    )
    assert json.loads(half.payload) == [len(DATA) - 1, -1]
    assert whole.fields["there"] == len(DATA)
    assert json.loads(there.payload) == [len(DATA), 0]


def test_none_takes_away_what_another_has_sent(tmp_path: Path) -> None:
    """Two send the same file, one ahead of the other."""
    ahead = put(0, DATA[:500]), put(500, DATA[500:900])
    *_, behind, there = answers(tmp_path, *ahead, put(0, DATA[:500]), have())
    assert behind.fields["there"] == 500
    assert json.loads(there.payload) == [900]


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    *_, told, after = answers(tmp_path, put(0, b"x" + DATA[1:]), have())
    assert told.fields["error"] == "place.damaged_on_the_way"
    assert json.loads(after.payload) == [0]


@pytest.mark.parametrize(
    "fields",
    [
        {"ask": "put", "hash": "../x", "size": 1, "offset": 0},
        {"ask": "state", "job": "../x.00000000"},
        {"ask": "brought", "job": "../x.00000000"},
        {"ask": "fetch", "job": "run.00000000", "path": "../../x", "offset": 0},
        {"ask": "nothing"},
    ],
)
def test_what_leads_elsewhere_is_not_answered(tmp_path: Path, fields: dict[str, Any]) -> None:
    assert len(answers(tmp_path / "place", (fields, b"x"))) == 1
    assert not any(tmp_path.rglob("x"))


def test_the_doctor_of_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        Finding("versions", "torch", "gone", "broken", "pip install torch"),
        Finding("display", "display", "none"),
    ]
    monkeypatch.setattr(doctor, "examine", lambda: found)
    *_, told = answers(tmp_path, put(0, DATA), ({"ask": "doctor"}, b""))
    (row,) = json.loads(told.payload)
    assert row["mend"] == "pip install torch"
    assert told.fields["kept"] == len(DATA)
    *_, libraries, disk = answers(
        tmp_path, *(({"ask": "doctor", "part": part}, b"") for part in ("libraries", "disk"))
    )
    assert json.loads(libraries.payload) == [row] and "kept" not in libraries.fields
    assert json.loads(disk.payload) == [] and disk.fields["kept"] == len(DATA)


def test_what_is_no_frame_ends_it(tmp_path: Path) -> None:
    told = io.BytesIO()
    answering.answer(str(tmp_path), io.BytesIO(b"hello\n"), told)
    assert told.getvalue().count(b"\n") == 1
    for text in (b"{}\n", b'{"bytes": -1}\n', b'{"bytes": 5}\nabc', b'{"bytes": 1'):
        with pytest.raises(frames.FrameError):
            frames.read(io.BytesIO(text))
