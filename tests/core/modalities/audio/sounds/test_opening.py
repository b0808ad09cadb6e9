"""Opening sounds by content: durations, pitches and values are those that were written."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from tests.media import encode, tone
from transfergui.core.base.errors import UserError
from transfergui.core.data import recordings
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.modalities.audio import decode, files
from transfergui.core.modalities.audio.modality import Audio
from transfergui.core.modalities.audio.sounds import frames, hearing, opening, stretches
from transfergui.core.modalities.audio.sounds.errors import SoundError

RATE = 16000


def made(path: Path, seconds: float = 3, pitch: float = 440, rate: int = RATE, **how: str) -> Path:
    soundfile.write(path, tone(seconds, rate, pitch), rate, **how)
    return path


def heard(path: Path, start: float = 0, seconds: float = 100) -> tuple[np.ndarray, int]:
    return decode.window(path, start, seconds)


def pitch_of(sound: np.ndarray, rate: int) -> float:
    """The strongest frequency in hertz."""
    spectrum = np.abs(np.fft.rfft((sound - sound.mean()) * np.hanning(len(sound))))
    return float(np.argmax(spectrum)) * rate / len(sound)


def noted(path: Path, videos: bool = False) -> dict[str, dict[str, object]]:
    """What a scan says of a file that it uses; fails where it is left out."""
    found, _ = files.inspect(str(path), videos)
    assert not [problem.sentence() for problem in found if problem.left_out]
    assert all(problem.sentence() for problem in found)
    return {problem.code: dict(problem.values) for problem in found}


def refused(path: Path, videos: bool = False) -> str:
    found, _ = files.inspect(str(path), videos)
    (problem,) = found
    assert problem.left_out
    assert path.name in problem.sentence()
    return problem.code


# -- lengths that headers get wrong


def with_field(data: bytes, at: int, value: int, size: int, order: str) -> bytes:
    field = (value % (1 << 8 * size)).to_bytes(size, order)  # type: ignore[arg-type]
    return data[:at] + field + data[at + size :]


def field(format: str, mark: bytes, offset: int, size: int, order: str) -> Callable[..., bytes]:
    """Makes a file of 3 seconds in which one number is another."""

    def make(value: int) -> bytes:
        stream = io.BytesIO()
        soundfile.write(stream, tone(3, RATE, 440), RATE, format=format, subtype="PCM_16")
        data = stream.getvalue()
        return with_field(data, data.index(mark) + offset, value, size, order)

    return make


WAV = field("WAV", b"data", 4, 4, "little")
RIFF = field("WAV", b"RIFF", 4, 4, "little")
RF64 = field("RF64", b"ds64", 16, 8, "little")
AIFF = field("AIFF", b"SSND", 4, 4, "big")
FORM = field("AIFF", b"FORM", 4, 4, "big")
COMM = field("AIFF", b"COMM", 10, 4, "big")
AU = field("AU", b".snd", 8, 4, "big")
CAF = field("CAF", b"data", 4, 8, "big")
W64 = field("W64", b"data\xf3", 16, 8, "little")
THIRD = 32000
"""Bytes of the 96 000 that there are."""

LYING = {
    "zero.wav": (WAV(0), 0.0),
    "third.wav": (WAV(THIRD), 1.0),
    "more.wav": (WAV(192000), 6.0),
    "zero.rf64": (RF64(0), 0.0),
    "third.rf64": (RF64(THIRD), 1.0),
    "zero.aiff": (AIFF(0), 0.0),
    "third.aiff": (AIFF(THIRD + 8), 1.0),
    "zero.au": (AU(0), 0.0),
    "third.au": (AU(THIRD), 1.0),
    "zero.caf": (CAF(0), 0.0),
    "third.caf": (CAF(THIRD + 4), 1.0),
}
STREAMED = {
    "ff.wav": WAV(-1),
    "sox.wav": WAV(0x7FFFF000),
    "80.wav": WAV(0x80000000),
    "riff.wav": RIFF(-1),
    "riff-0.wav": RIFF(0),
    "ff.rf64": RF64(-1),
    "ff.aiff": AIFF(-1),
    "form.aiff": FORM(0),
    "comm.aiff": COMM(0),
    "ff.au": AU(-1),
    "ff.caf": CAF(-1),
    "zero.w64": W64(0),
}


@pytest.mark.parametrize("name", [*LYING, *STREAMED])
def test_the_length_is_that_of_the_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(LYING[name][0] if name in LYING else STREAMED[name])
    sound, rate = heard(path)
    assert (len(sound), rate) == (3 * RATE, RATE)
    assert sound == pytest.approx(tone(3, RATE, 440)[:, 0], abs=1e-4)
    assert decode.header(path).seconds == 3
    codes = noted(path)
    if name in LYING:
        assert codes == {"sound.wrong_length": {"seconds": 3.0, "stated": LYING[name][1]}}
    else:
        assert codes == {}


def test_a_flac_that_does_not_say_how_long_it_is(tmp_path: Path) -> None:
    data = bytearray(made(tmp_path / "x.flac").read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    (tmp_path / "x.flac").write_bytes(data)
    assert decode.header(tmp_path / "x.flac").frames == 3 * RATE
    sound, _ = heard(tmp_path / "x.flac", 2)
    assert sound == pytest.approx(tone(3, RATE, 440)[2 * RATE :, 0], abs=1e-4)
    assert noted(tmp_path / "x.flac") == {}


BEHIND = {
    "list": b"LIST\x0c\0\0\0INFOISFT\0\0\0\0",
    "odd": b"id3 \x03\0\0\0abc\0LIST\x04\0\0\0INFO",
    "odd, not filled up": b"id3 \x03\0\0\0abcLIST\x04\0\0\0INFO",
    "zeros": bytes(5000),
    "tag": b"TAG" + b"Title".ljust(125, b"\0"),
    "id3": b"ID3\x03\0\0\0\0\x02\x01" + bytes(range(200)),
}


@pytest.mark.parametrize("name", BEHIND)
def test_what_is_behind_the_samples_is_no_sound(name: str, tmp_path: Path) -> None:
    path = made(tmp_path / "x.wav")
    path.write_bytes(path.read_bytes() + BEHIND[name])
    assert decode.header(path).frames == 3 * RATE
    assert len(heard(path)[0]) == 3 * RATE
    assert noted(path) == {}


def test_a_broken_chunk_before_the_samples_is_passed_over(tmp_path: Path) -> None:
    path = made(tmp_path / "x.wav")
    data = path.read_bytes()
    path.write_bytes(data[:36] + b"LIST\x0a\0\0\0INFOISFT\0\0" + data[36:])
    with pytest.raises(soundfile.LibsndfileError):
        soundfile.info(path)
    assert heard(path)[0] == pytest.approx(tone(3, RATE, 440)[:, 0], abs=1e-4)


def test_a_cut_wav_is_still_cut_off(tmp_path: Path) -> None:
    path = made(tmp_path / "x.wav")
    path.write_bytes(path.read_bytes()[:50000])
    assert refused(path) == "sound.cut_off"


@pytest.mark.parametrize("rate", [0, 1, 999, 1_000_001, 40_000_000, 4_000_000_000])
def test_rates_that_no_recording_has(rate: int, tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(field("WAV", b"fmt ", 12, 4, "little")(rate))
    code = refused(path)
    assert code == "sound.impossible_rate" if 0 < rate < 1 << 31 else "sound.damaged"


@pytest.mark.parametrize("rate", [1000, 384_000, 1_000_000])
def test_rates_of_seismographs_and_bats(rate: int, tmp_path: Path) -> None:
    assert noted(made(tmp_path / "x.wav", 1, rate / 20, rate)) == {}


# -- several recordings in one file


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("x.mp3", {}),
        ("x.wav", {}),
        ("x.flac", {}),
        ("x.ogg", {}),
        ("x.opus", {"format": "OGG", "subtype": "OPUS"}),
        ("x.aiff", {}),
    ],
)
def test_all_of_joined_recordings_is_heard(name: str, how: dict[str, str], tmp_path: Path) -> None:
    between = b"ID3\x03\0\0\0\0\x02\x01" + bytes(257) if name == "x.mp3" else b""
    one = made(tmp_path / f"1{name}", 3, 300, **how).read_bytes()
    two = made(tmp_path / f"2{name}", 5, 900, **how).read_bytes()
    path = tmp_path / name
    path.write_bytes(one + between + two + between + one)
    assert decode.header(path).frames == 11 * RATE
    assert noted(path)["sound.joined"] == {"count": 3, "seconds": 11.0}
    for start, pitch in ((0.5, 300), (4, 900), (7, 900), (9, 300)):
        sound, rate = heard(path, start, 0.9)
        assert len(sound) == round(0.9 * RATE)
        assert pitch_of(sound, rate) == pytest.approx(pitch, abs=2), start
    across, rate = heard(path, 2, 2)
    assert pitch_of(across[:RATE], rate) == pytest.approx(300, abs=2)
    assert pitch_of(across[RATE:], rate) == pytest.approx(900, abs=2)


def test_recordings_that_do_not_fit_together_are_said(tmp_path: Path) -> None:
    one = made(tmp_path / "1.mp3", 3, 300, 16000).read_bytes()
    two = made(tmp_path / "2.mp3", 5, 900, 44100).read_bytes()
    path = tmp_path / "x.mp3"
    path.write_bytes(one + two)
    assert decode.header(path).seconds == 3
    assert noted(path) == {"sound.partly_heard": {"count": 2, "heard": 1, "seconds": 3.0}}


ID3 = b"ID3\x03\0\0\0\0\x02\x01" + bytes(257)
TAG = b"TAG" + b" " * 125
APE_MARK = b"APETAGEX\xd0\x07\0\0\x28\0\0\0" + bytes(16)
LYRICS = b"LYRICSBEGIN" + b"la la " * 60 + b"000371LYRICS200"
SEPARATORS = {
    "nothing": b"",
    "ID3v2": ID3,
    "a padded ID3v2": ID3 + bytes(300),
    "ID3v1": TAG,
    "both": TAG + ID3,
    "APE": APE_MARK + bytes(8) + APE_MARK,
    "lyrics": LYRICS + TAG,
}


@pytest.mark.parametrize("between", SEPARATORS.values(), ids=SEPARATORS)
@pytest.mark.parametrize("seconds", [(1, 2), (2, 1, 1), (0.2, 0.3, 0.2)])
@pytest.mark.parametrize("rate", [16000, 44100])
def test_short_mp3s_that_are_joined(
    between: bytes, seconds: tuple[float, ...], rate: int, tmp_path: Path
) -> None:
    several = [made(tmp_path / f"{n}.mp3", s, 600 * n + 600, rate) for n, s in enumerate(seconds)]
    path = tmp_path / "x.mp3"
    path.write_bytes(between.join(each.read_bytes() for each in several))
    whole = sum(seconds)
    assert decode.header(path).frames == round(whole * rate)
    assert noted(path)["sound.joined"]["count"] == len(seconds)
    sound, _ = heard(path)
    assert len(sound) == round(whole * rate)
    begin = 0
    for number, length in enumerate(seconds):
        part = sound[begin : begin + round(length * rate)]
        assert pitch_of(part, rate) == pytest.approx(600 * number + 600, abs=8)
        begin += len(part)


@pytest.mark.parametrize("after", [b"", TAG, ID3, LYRICS + TAG, bytes(500)])
@pytest.mark.parametrize("missing", [0, 288])
def test_what_follows_a_single_mp3_is_no_recording(
    after: bytes, missing: int, tmp_path: Path
) -> None:
    """``missing``: of the bytes that it notes, which may lack its first frame."""
    data = made(tmp_path / "1.mp3", 1, 300).read_bytes()
    at = data.index(b"Xing") + 12
    told = int.from_bytes(data[at : at + 4], "big")
    assert told == len(data)
    path = tmp_path / "x.mp3"
    path.write_bytes(data[:at] + (told - missing).to_bytes(4, "big") + data[at + 4 :] + after)
    assert noted(path) == {}
    assert decode.header(path).frames == RATE
    path.write_bytes(path.read_bytes() + data)
    assert decode.header(path).frames == 2 * RATE


def without_note(path: Path, seconds: float, pitch: float, level: float) -> bytes:
    """An MP3 of one bit rate, without the frame that notes how much there is."""
    how = {"compression_level": level, "bitrate_mode": "CONSTANT"}
    soundfile.write(path, tone(seconds, RATE, pitch), RATE, **how)
    data = path.read_bytes()
    return data[frames.frame_length(data[:3]) :] if frames.NOTED.match(data) else data


@pytest.mark.parametrize("order", [(0.9, 0.1), (0.1, 0.9)])
def test_mp3s_of_other_bit_rates_that_do_not_say_how_long_they_are(
    order: tuple[float, float], tmp_path: Path
) -> None:
    one, two = (
        without_note(tmp_path / f"{pitch}.mp3", 2, pitch, level)
        for pitch, level in zip((300, 900), order, strict=True)
    )
    path = tmp_path / "x.mp3"
    for data, pitches in ((one + two, (300, 900)), (one + two + one, (300, 900, 300))):
        path.write_bytes(data)
        assert decode.header(path).seconds == pytest.approx(2 * len(pitches), abs=0.3)
        sound, rate = heard(path)
        assert len(sound) == decode.header(path).frames
        for number, pitch in enumerate(pitches):
            at = round((2.1 * number + 0.3) * RATE)
            assert pitch_of(sound[at : at + RATE], rate) == pytest.approx(pitch, abs=3)


@pytest.mark.skipif(sys.platform == "win32", reason="libsndfile has descriptors of its own there")
def test_a_whole_flac_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "x.flac", 20)
    opened, real = [], soundfile.SoundFile
    monkeypatch.setattr(soundfile, "SoundFile", lambda file: opened.append(file) or real(file))
    assert noted(path) == {}
    assert len(opened) == 1
    path.write_bytes(path.read_bytes()[:-200])
    assert refused(path) == "sound.cut_off"


def test_a_large_cover_does_not_hide_anything(tmp_path: Path) -> None:
    cover = b"ID3\x03\0\0" + bytes([0, 0x60, 0, 0]) + bytes(0x60 << 14)  # 1.5 MB
    one, two = (made(tmp_path / f"{n}.mp3", n, 300 * n).read_bytes() for n in (3, 5))
    path = tmp_path / "x.mp3"
    path.write_bytes(cover + two + b"TAG" + bytes(125))
    assert noted(path) == {}
    assert decode.header(path).seconds == 5
    path.write_bytes(cover + one + cover + two)
    assert decode.header(path).seconds == 8
    path.write_bytes(cover + two[: len(two) // 2])
    assert refused(path) == "sound.cut_off"


# -- any place of a file is read as it is in the whole


KINDS = {
    "x.wav": {"subtype": "PCM_24"},
    "gsm.wav": {"subtype": "GSM610"},
    "ima.wav": {"subtype": "IMA_ADPCM"},
    "nms.wav": {"subtype": "NMS_ADPCM_16"},
    "x.au": {"subtype": "G721_32"},
    "gsm.aiff": {"subtype": "GSM610"},
    "x.flac": {},
    "x.mp3": {},
    "x.ogg": {},
    "x.opus": {"format": "OGG", "subtype": "OPUS"},
    "x.caf": {"subtype": "ALAC_16"},
}


@pytest.mark.parametrize("name", KINDS)
def test_parts_are_as_in_the_whole(name: str, tmp_path: Path) -> None:
    """Of an MP3 soundfile gives silence where it seeks, which it does after each block."""
    time = np.arange(8000 * 20) / 8000
    soundfile.write(tmp_path / name, 0.3 * np.sin(300 * time * (1 + time)), 8000, **KINDS[name])
    with opening.open_sound(tmp_path / name) as sound:
        whole = sound.read(sound.frames)
    assert len(whole) == pytest.approx(len(time), abs=400)
    with opening.open_sound(tmp_path / name) as sound:
        parts = []
        while len(part := sound.read(7000)):
            parts.append(part)
        blocks = np.concatenate(parts)
        assert blocks == pytest.approx(whole, abs=1e-5)
        for at in (100_001, 3, 65536, 100_001):
            sound.seek(at)
            assert sound.read(500) == pytest.approx(whole[at : at + 500], abs=1e-5)


def test_gsm_is_intact(tmp_path: Path) -> None:
    path = made(tmp_path / "x.wav", 3, 440, 8000, subtype="GSM610")
    assert noted(path) == {}
    sound, rate = heard(path, 1, 1)
    assert (len(sound), rate) == (8000, 8000)
    assert pitch_of(sound, rate) == pytest.approx(440, abs=2)


def test_what_cannot_be_decoded_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dwvw = made(tmp_path / "x.aiff", subtype="DWVW_16")
    assert refused(dwvw) == "sound.unsupported"
    strange = tmp_path / "x.wav"
    strange.write_bytes(field("WAV", b"fmt ", 8, 2, "little")(0x1234))
    assert refused(strange) == "sound.unsupported"
    monkeypatch.setitem(sys.modules, "av", None)
    assert refused(strange) == "sound.needs_av"


# -- what PyAV decodes


MEDIA = {
    "phone.m4a": ("aac", 44100),
    "lossless.m4a": ("alac", 44100),
    "browser.webm": ("libopus", 48000),
    "old.3gp": ("libopencore_amrnb", 8000),
    "voice.amr": ("libopencore_amrnb", 8000),
    "windows.wma": ("wmav2", 44100),
    "raw.aac": ("aac", 44100),
    "pack.wv": ("wavpack", 44100),
    "g722.wav": ("g722", 16000),
    "flac-in.ogg": ("flac", 44100),
    "sound-only.mp4": ("aac", 44100),
}
PRIMING = 0.05
"""Seconds that encoders add; what says how many of them is obeyed."""


@pytest.mark.parametrize("name", MEDIA)
def test_what_phones_and_browsers_record(name: str, tmp_path: Path) -> None:
    codec, rate = MEDIA[name]
    path = tmp_path / name
    encode(path, codec, tone(3, rate, 600), rate)
    assert noted(path) == {}
    header = decode.header(path)
    assert header.rate == rate
    assert header.seconds == pytest.approx(3, abs=PRIMING)
    sound, _ = heard(path)
    assert len(sound) / rate == pytest.approx(3, abs=PRIMING)
    assert pitch_of(sound, rate) == pytest.approx(600, abs=1)
    assert np.sqrt(np.mean(sound**2)) == pytest.approx(
        0.3 / np.sqrt(2), rel=0.4
    )  # of speech codecs


def test_lengths_that_are_said_are_exact(tmp_path: Path) -> None:
    encode(tmp_path / "x.m4a", "aac", tone(3, 44100, 600), 44100)
    assert decode.header(tmp_path / "x.m4a").frames == 3 * 44100
    assert len(heard(tmp_path / "x.m4a")[0]) == 3 * 44100


@pytest.mark.parametrize("name", ["x.m4a", "x.webm", "x.aac", "x.mka"])
def test_far_places_are_found(name: str, tmp_path: Path) -> None:
    """By timestamps, which are of milliseconds in webm."""
    rate, codec = 48000, "libopus" if name == "x.webm" else "aac"
    time = np.arange(rate * 30) / rate
    sweep = (0.3 * np.sin(2 * np.pi * (200 + 20 * time) * time)).astype(np.float32)[:, None]
    encode(tmp_path / name, codec, sweep, rate)
    whole, _ = heard(tmp_path / name)
    for start in (3.0, 12.3, 28.5):
        part, _ = heard(tmp_path / name, start, 0.5)
        at = round(start * rate)
        errors = [np.abs(whole[o : o + len(part)] - part).max() for o in range(at - 50, at + 51)]
        assert min(errors) < 1e-3, start
        assert pitch_of(part, rate) == pytest.approx(200 + 40 * (start + 0.25), abs=20)


def test_a_recording_that_does_not_say_how_long_it_is(tmp_path: Path) -> None:
    """A browser's recorder cannot go back and write it."""

    class Pipe(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            return stream.write(data)  # type: ignore[arg-type]

    with (tmp_path / "x.webm").open("wb") as stream:
        encode(Pipe(), "libopus", tone(12, 48000, 600), 48000, "webm")  # type: ignore[arg-type]
    assert decode.header(tmp_path / "x.webm").seconds == pytest.approx(12, abs=PRIMING)
    assert pitch_of(*heard(tmp_path / "x.webm", 11, 0.9)) == pytest.approx(600, abs=1)
    assert noted(tmp_path / "x.webm") == {}


@pytest.mark.parametrize("ending", ["mp3", "wav", "ogg"])
def test_the_name_does_not_matter(ending: str, tmp_path: Path) -> None:
    encode(tmp_path / "x.m4a", "aac", tone(1, 44100, 600), 44100)
    path = (tmp_path / "x.m4a").rename(tmp_path / f"x.{ending}")
    assert noted(path) == {"sound.wrong_extension": {"format": "MP4"}}
    assert pitch_of(*heard(path)) == pytest.approx(600, abs=1)


def test_damaged_and_not_installed_are_two_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.m4a"
    encode(path, "aac", tone(3, 44100, 600), 44100)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])  # what describes it is at the end
    assert refused(path) == "sound.damaged"
    path.write_bytes(whole)
    monkeypatch.setitem(sys.modules, "av", None)
    assert refused(path) == "sound.needs_av"
    with pytest.raises(UserError, match=r"pip install .transfergui\[media\]"):
        decode.header(path)
    with pytest.raises(SoundError, match="pip install av"):
        opening.open_sound(path)


# -- videos


def scan(folder: Path, **options: object) -> Dataset:
    return files.scan(DataOptions(path=str(folder), options=options))


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    """Two classes: two recordings, a video and a webm with moving pictures in each."""
    for label, pitch in (("a", 300), ("b", 900)):
        home = tmp_path / label
        home.mkdir()
        for number in range(2):
            made(home / f"{number}.wav", 1 + number / 10, pitch)
        encode(home / "v.mp4", "aac", tone(1.3, 44100, pitch, 2), 44100, video=True)
        encode(home / "v.mkv", "libopus", tone(1.4, 48000, pitch), 48000, video=True)
        (home / "v.mkv").rename(home / "v.webm")
    return tmp_path


def test_videos_are_named_and_left_out(videos: Path) -> None:
    dataset = scan(videos)
    assert dataset.counts() == [2, 2]
    left = [problem for problem in dataset.problems if problem.left_out]
    assert {problem.path for problem in left} == {
        f"{c}/v.{e}" for c in "ab" for e in ("mp4", "webm")
    }
    assert {problem.code for problem in left} == {"sound.video"}
    assert "Sound of videos" in left[0].sentence()
    assert dataset.chosen["video_sound"] is False


def test_the_sound_of_videos_is_used_where_asked(videos: Path) -> None:
    dataset = scan(videos, video_sound=True)
    assert dataset.counts() == [4, 4]
    assert not [problem for problem in dataset.problems if problem.left_out]
    assert dataset.input["videos"] is True
    for label, pitch in (("a", 300), ("b", 900)):
        for name in ("v.mp4", "v.webm"):
            assert pitch_of(*heard(videos / label / name)) == pytest.approx(pitch, abs=1)


def test_predicting_takes_videos_that_are_named_or_were_learnt_from(videos: Path) -> None:
    named = videos / "a/v.mp4"
    assert list(files.list_files([named], 5)) == [named]
    assert files.check(named) is None
    assert named not in set(files.list_files([videos], 5))
    assert named in set(files.list_files([videos], 5, videos=True))


def test_a_video_without_pyav_is_a_video(videos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    assert refused(videos / "a/v.mp4") == "sound.video"
    assert refused(videos / "a/v.mp4", videos=True) == "sound.needs_av"


def test_a_video_without_sound(tmp_path: Path) -> None:
    import av

    with av.open(tmp_path / "x.mp4", "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert refused(tmp_path / "x.mp4", videos=True) == "sound.no_sound_track"
    assert refused(tmp_path / "x.mp4") == "sound.video"


def test_file_dialogs_offer_all_that_is_read() -> None:
    assert set(Audio.patterns) == {f"*{ending}" for ending in recordings.ENDINGS}
    assert set(Audio.patterns_on_request) == {f"*{ending}" for ending in recordings.VIDEO_ENDINGS}


# -- channels


def stereo(path: Path, *gains: float, noise: float = 0.0) -> np.ndarray:
    """One voice in channels of different gain; returns it."""
    rng = np.random.default_rng(0)
    voice = tone(2, RATE, 440)[:, 0] * (1 + rng.random(2 * RATE).astype(np.float32)) / 2
    channels = [gain * voice + noise * rng.standard_normal(len(voice)) for gain in gains]
    soundfile.write(path, np.stack(channels, 1), RATE, subtype="PCM_24")
    return voice


@pytest.mark.parametrize(
    ("gains", "taken"),
    [
        ((1, -1), 1),
        ((-1, 1), -1),
        ((0.8, -0.9), -0.9),
        ((1, -0.8), 1),
        ((0.5, -0.5, 0.9, -0.9), 0.9),
    ],
)
def test_of_channels_that_cancel_the_loudest_is_heard(
    gains: tuple[float, ...], taken: float, tmp_path: Path
) -> None:
    path = tmp_path / "x.wav"
    voice = stereo(path, *gains)
    assert heard(path)[0] == pytest.approx(taken * voice, abs=1e-5)
    assert heard(path, 1, 0.25)[0] == pytest.approx(taken * voice[RATE : RATE * 5 // 4], abs=1e-5)
    assert list(noted(path)) == ["sound.channels_cancel"]


@pytest.mark.parametrize(
    "gains", [(1, 1), (1, 0), (0, 0, 0, 0, 0, 0, 1), (1, 0.2), (1, -0.3), (0.5, 0.5, -0.2)]
)
def test_other_channels_are_mixed(gains: tuple[float, ...], tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    voice = stereo(path, *gains)
    assert heard(path)[0] == pytest.approx(np.mean(gains) * voice, abs=1e-5)
    assert noted(path) == {}


def test_a_constant_offset_does_not_hide_it(tmp_path: Path) -> None:
    voice = tone(1, RATE, 440)[:, 0]
    soundfile.write(tmp_path / "x.wav", np.stack([voice + 0.5, 0.4 - voice], 1), RATE)
    sound, _ = heard(tmp_path / "x.wav")
    assert sound - sound.mean() == pytest.approx(voice, abs=1e-3)


@given(st.integers(2, 8), st.integers(0, 1000))
def test_channels_that_have_nothing_in_common_are_mixed(count: int, seed: int) -> None:
    channels = hearing.Channels(count)
    channels.add(np.random.default_rng(seed).standard_normal((4000, count), np.float32))
    assert channels.alone() is None


# -- scale


@pytest.mark.parametrize(
    ("full", "scale"), [(1, 1), (4, 1), (32767, 1 << 15), (8e6, 1 << 23), (2e9, 1 << 31)]
)
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_whole_numbers_in_a_float_file_are_scaled(
    full: float, scale: int, subtype: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.wav"
    voice = tone(4, RATE, 440)[:, 0] / 0.3
    voice[: 2 * RATE] /= 50  # the beginning is quiet, and is scaled alike
    soundfile.write(path, full * voice.astype(np.float64), RATE, subtype=subtype)
    assert heard(path, 1, 1)[0] == pytest.approx(full / scale * voice[RATE : 2 * RATE], abs=1e-5)
    assert noted(path) == ({"sound.loud": {"scale": scale}} if scale > 1 else {})


def test_values_that_no_recording_has(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", 1e20 * tone(1, RATE, 440), RATE, subtype="FLOAT")
    assert refused(tmp_path / "x.wav") == "sound.impossible_values"
    with pytest.raises(UserError, match="impossible"):
        heard(tmp_path / "x.wav")


@pytest.mark.parametrize("value", [1e30, -1e30, 2e3])
def test_one_value_that_no_recording_has_is_enough(value: float, tmp_path: Path) -> None:
    """Between the places at which the full scale is looked for."""
    sound = tone(30, 16_000, 440)
    sound[17 * 16_000 + 5] = value
    soundfile.write(tmp_path / "x.wav", sound, 16_000, subtype="FLOAT")
    assert refused(tmp_path / "x.wav") == "sound.impossible_values"
    with pytest.raises(UserError, match="impossible"):
        heard(tmp_path / "x.wav", 17, 1)


def test_a_click_above_full_scale_is_none(tmp_path: Path) -> None:
    sound = tone(4, RATE, 440)
    sound[RATE] = 6.0
    soundfile.write(tmp_path / "x.wav", sound, RATE, subtype="FLOAT")
    assert noted(tmp_path / "x.wav") == {}


# -- stretches of files


@given(
    st.lists(st.one_of(st.binary(max_size=6), st.tuples(st.integers(0, 20), st.integers(0, 12)))),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=5),
)
def test_stretches_read_like_a_file(
    chosen: list[bytes | tuple[int, int]], reads: list[tuple[int, int]]
) -> None:
    content = bytes(range(32))
    pieces = tuple(p if isinstance(p, bytes) else range(p[0], p[0] + p[1]) for p in chosen)
    pieces = (b"head", *pieces)
    whole = b"".join(p if isinstance(p, bytes) else content[p.start : p.stop] for p in pieces)
    file = stretches.Stretches(io.BytesIO(content), pieces)
    for at, length in reads:
        file.seek(at)
        buffer = bytearray(length)
        assert bytes(buffer[: file.readinto(buffer)]) == whole[at : at + length]
    assert file.seek(0, 2) == len(whole)


# -- damage


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    """The endings and contents of a short file of every kind."""
    folder = tmp_path_factory.mktemp("kinds")
    for name, how in KINDS.items():
        made(folder / name, 1, 440, 8000, **how)
    for name, (codec, rate) in MEDIA.items():
        encode(folder / name, codec, tone(1, rate, 440), rate)
    encode(folder / "x.mkv", "aac", tone(1, 44100, 440), 44100, video=True)
    return [(path.suffix, path.read_bytes()) for path in sorted(folder.iterdir())]


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_wrong_with_a_file_is_a_sentence(
    seed: int, kinds: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    rng = np.random.default_rng(seed)
    ending, content = kinds[seed % len(kinds)]
    data = bytearray(content)
    for at in rng.integers(0, min(len(data), rng.choice([64, 512, len(data)])), rng.integers(0, 9)):
        data[at] = rng.integers(256)
    path = tmp_path / f"x{ending}"
    path.write_bytes(data[: rng.integers(1, len(data) + 1)] if seed % 2 else data)
    found, header = files.inspect(str(path), videos=True)
    assert all(problem.sentence() for problem in found)
    if header and not any(problem.left_out for problem in found):
        sound, rate = heard(path)
        assert len(sound) <= header.frames
        assert rate == header.rate
        assert np.isfinite(sound).all()
