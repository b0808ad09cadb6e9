"""Scanning sounds: a real collection, every odd and bad file, long ones, groups and options."""

import sys
import tracemalloc
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests import bad_sounds
from tests.bad_sounds import RATE, tone
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.split import SplitOptions, split
from transfergui.core.modalities.audio import decode, files


def scan(path: Path, **options: object) -> Dataset:
    return files.scan(DataOptions(path=str(path), options=options))


def codes(dataset: Dataset) -> Counter[str]:
    """How often each problem occurs; every one is a sentence."""
    assert all(problem.sentence() for problem in dataset.problems)
    return Counter(problem.code for problem in dataset.problems)


def write(path: Path, seconds: float, rate: int = RATE, pitch: float = 440.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(seconds, rate, pitch), rate)
    return path


# -- real data


def test_spoken_digits(shared_data: Path) -> None:
    dataset = scan(shared_data / "audio/spoken-digits")
    assert dataset.classes == tuple("0123456789")
    assert len({FilePart.parse(s.path).file for s in dataset.samples}) == 900
    assert dataset.input == {"seconds": 1.0, "highest": 4000.0, "videos": False}
    assert dataset.chosen == {"clip": 1.0, "group_by": "", "video_sound": False}
    assert dataset.choices["group_by"]["name:2"] == "george, jackson, lucas, … (6)"
    assert codes(dataset) == {"sound.windows": 1, "sound.maybe_groups": 1}


def test_spoken_digits_by_speaker(shared_data: Path) -> None:
    dataset = scan(shared_data / "audio/spoken-digits", group_by="name:2")
    assert codes(dataset) == {"sound.windows": 1}
    made = split(dataset, SplitOptions(), 0)
    speakers = [{s.group for s in part} for part in (made.train, made.val, made.test)]
    assert [len(part) for part in speakers] == [4, 1, 1]
    assert not set.intersection(*speakers)
    assert len({s.label for s in made.test}) == 10


def test_characters_of_the_names_keep_speakers_together(tmp_path: Path) -> None:
    """As EmoDB: 03a01Wa is speaker 03, text a01, anger, first take."""
    for emotion in "WT":
        for number, speaker in enumerate(("03", "08", "09", "10", "11", "12")):
            for take in "abc":
                pitch = 300.0 + 40 * number + 7 * ord(take) + 11 * ord(emotion)
                write(tmp_path / emotion / f"{speaker}a01{emotion}{take}.wav", 0.3, pitch=pitch)
    offered = scan(tmp_path)
    label = "03, 08, 09, … (6): characters 1-2 of the file name, as 03a01Ta → 03"
    assert offered.choices["group_by"]["chars:1-2"] == label
    assert offered.obstacles == {}
    dataset = scan(tmp_path, group_by="chars:1-2")
    made = split(dataset, SplitOptions(), 0)
    speakers = [{s.group for s in part} for part in (made.train, made.val, made.test)]
    assert [len(part) for part in speakers] == [4, 1, 1]
    assert set.union(*speakers) == {"03", "08", "09", "10", "11", "12"}
    assert not set.intersection(speakers[0], speakers[1] | speakers[2])
    assert label in made.sentence()


def test_why_recordings_cannot_be_grouped(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / "ab"[number % 2] / f"{number}.wav", 0.3, pitch=300.0 + 50 * number)
    problem = scan(tmp_path).obstacles["group_by"]
    assert problem.code == "groups.undivided_names"


# -- odd and bad files


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return bad_sounds.make(tmp_path_factory.mktemp("sounds") / "data")


@pytest.fixture(scope="module")
def scanned(odd: dict[str, Path]) -> Dataset:
    return scan(odd["nan"].parents[1])


def told(scanned: Dataset, path: Path) -> set[tuple[str, bool]]:
    name = path.relative_to(scanned.root).as_posix()
    return {(p.code, p.left_out) for p in scanned.problems if p.path == name}


def is_used(scanned: Dataset, path: Path) -> bool:
    return path.relative_to(scanned.root).as_posix() in {
        FilePart.parse(s.path).file for s in scanned.samples
    }


BAD = {
    "no_sound": "sound.too_short",
    "ten_milliseconds": "sound.too_short",
    "silence": "sound.silent",
    "constant": "sound.silent",
    "nan": "sound.not_finite",
    "nothing": "sound.empty",
    "text": "sound.not_a_sound",
    "pointer": "sound.lfs_pointer",
    "apple_m4a": "sound.damaged",
    "hidden_apple": "sound.damaged",
    "random": "sound.damaged",
    "cut_wav": "sound.cut_off",
    "cut_aiff": "sound.cut_off",
    "cut_flac": "sound.cut_off",
    "cut_mp3": "sound.cut_off",
    "cut_mp3_late": "sound.cut_off",
}


@pytest.mark.parametrize(("key", "code"), BAD.items())
def test_bad_files_are_left_out_with_a_sentence(
    scanned: Dataset, odd: dict[str, Path], key: str, code: str
) -> None:
    path = odd[key]
    assert told(scanned, path) == {(code, True)}
    assert not is_used(scanned, path)
    problem = files.check(path)
    assert problem is not None
    assert path.name in problem.sentence()


@pytest.mark.parametrize(
    "key",
    [
        "eight_bit",
        "twenty_four_bit",
        "float",
        "seven_channels",
        "slow",
        "fast",
        "odd_rate",
        "offset",
        "compressed",
        "vorbis",
        "opus",
        "mpeg",
        "apple",
        "gr\u00fc\u00df \u732b",
    ],
)
def test_odd_files_are_used_silently(scanned: Dataset, odd: dict[str, Path], key: str) -> None:
    assert is_used(scanned, odd[key])
    assert told(scanned, odd[key]) == set()
    assert files.check(odd[key]) is None


def test_what_is_noted_is_used(scanned: Dataset, odd: dict[str, Path]) -> None:
    assert told(scanned, odd["wrong_extension"]) == {("sound.wrong_extension", False)}
    assert told(scanned, odd["cut_ogg"]) == {("sound.cut_off", False)}
    assert is_used(scanned, odd["wrong_extension"])
    assert is_used(scanned, odd["cut_ogg"])


def test_a_wave_file_of_a_stream_is_not_cut_off(tmp_path: Path) -> None:
    """Programs that write to a pipe do not know how long it will become."""
    path = write(tmp_path / "x.wav", 1)
    data = bytearray(path.read_bytes())
    data[4:8] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert files.check(path) is None


def test_only_bad_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.m4a").write_bytes(b"\0\0\0\x20ftypM4A ")
    with pytest.raises(UserError) as caught:
        scan(tmp_path)
    assert caught.value.code == "data.all_bad"
    assert 'pip install "transfergui[media]"' in str(caught.value)


def test_without_soundfile_it_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a/1.wav", 1)
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(UserError) as caught:
        scan(tmp_path)
    assert caught.value.code == "part.missing"


def test_copies_and_conflicts(tmp_path: Path) -> None:
    for label in "ab":
        for number in range(4):
            write(tmp_path / label / f"{number}.wav", 1 + number / 10, pitch=200 + ord(label))
    data = (tmp_path / "a/0.wav").read_bytes()
    (tmp_path / "a/copy.wav").write_bytes(data)
    (tmp_path / "a/3.wav").write_bytes((tmp_path / "b/3.wav").read_bytes())
    dataset = scan(tmp_path)
    groups = {s.path: s.group for s in dataset.samples}
    assert groups["a/0.wav"] == groups["a/copy.wav"] is not None
    assert "a/3.wav" not in groups
    assert codes(dataset) == {"data.duplicate": 1, "data.two_classes": 2}


# -- clips and windows


@pytest.mark.parametrize(
    ("durations", "clip"),
    [
        ([0.3] * 99 + [20], 0.5),
        ([0.1], 0.25),
        ([1.0, 0.9], 1.0),
        ([2.2] * 10, 3.0),
        ([3600.0] * 3, 10.0),
        ([0.5] * 50 + [4.1] * 50, 5.0),
    ],
)
def test_a_clip_holds_nearly_all(durations: list[float], clip: float) -> None:
    assert files.automatic_clip(durations) == clip


@pytest.mark.parametrize(
    ("duration", "starts"),
    [
        (2.9, []),
        (3.1, [0, 2000]),
        (4.9, [0, 2000]),
        (5.0, [0, 2000, 4000]),
        (6.0, [0, 2000, 4000]),
        (6.9, [0, 2000, 4000]),
    ],
)
def test_windows_follow_each_other(duration: float, starts: list[int]) -> None:
    assert list(files.windows(duration, 2.0)) == starts


def test_nearly_all_of_the_rates_count() -> None:
    assert files.highest(Counter({44100: 99, 8000: 1})) == 22050
    assert files.highest(Counter({44100: 50, 8000: 50})) == 4000


def test_long_files_become_windows_that_stay_together(tmp_path: Path) -> None:
    for label in "ab":
        for number in range(6):
            write(tmp_path / label / f"{number}.wav", 3.4, pitch=200 + number + 9 * ord(label))
    dataset = scan(tmp_path, clip=1)
    assert [s.path for s in dataset.samples[:3]] == ["a/0.wav#0", "a/0.wav#1000", "a/0.wav#2000"]
    assert [s.group for s in dataset.samples[:4]] == ["a/0.wav"] * 3 + ["a/1.wav"]
    assert [s.path for s in dataset.samples] == sorted(s.path for s in dataset.samples)
    assert all(
        s.size == (tmp_path / FilePart.parse(s.path).file).stat().st_size for s in dataset.samples
    )
    assert dataset.input["seconds"] == 1
    assert codes(dataset)["sound.windows"] == 1
    made = split(dataset, SplitOptions(), 0)
    files_of = [
        {FilePart.parse(s.path).file for s in part} for part in (made.train, made.val, made.test)
    ]
    assert all(files_of)
    assert sum(map(len, files_of)) == 12


def test_five_hours_are_only_looked_into(tmp_path: Path) -> None:
    """A FLAC of five hours, silent but for its end, cut into 5-second windows."""
    (tmp_path / "a").mkdir()
    path = tmp_path / "a/long.flac"
    with soundfile.SoundFile(path, "w", 8000, 1) as sound:
        silence = np.zeros(8000 * 60, np.float32)
        for _minute in range(299):
            sound.write(silence)
        sound.write(tone(60, 8000))
    for number in range(3):
        write(tmp_path / f"b/{number}.wav", 5)
    tracemalloc.start()
    dataset = scan(tmp_path, clip=5)
    found, rate, start = decode.clip(tmp_path / dataset.samples[3599].path, 5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6
    assert dataset.counts() == [3600, 3]
    assert dataset.samples[-4].group == "a/long.flac"
    assert (len(found), rate) == (40000, 8000)
    assert start == int(dataset.samples[3599].path.partition("#")[2]) / 1000


# -- predicting


def test_predicted_files_are_cut_alike(tmp_path: Path) -> None:
    long, short = write(tmp_path / "in/long.wav", 3.4), write(tmp_path / "in/short.wav", 1)
    (tmp_path / "in/notes.txt").write_text("x")
    text = tmp_path / "other.wav"
    text.write_text("no sound")
    part = Path(f"{long}#1000")
    listed = list(files.list_files([tmp_path / "in", part, text], 1.0))
    windows = [Path(f"{long}#{start}") for start in (0, 1000, 2000)]
    assert listed == [*windows, short, part, text]


def test_predictions_for_sounds_that_are_cut_off_are_doubtful(tmp_path: Path) -> None:
    path = write(tmp_path / "long.wav", 5)
    assert files.prediction_warning(path) is None
    path.write_bytes(path.read_bytes()[:-9000])
    for each in (path, Path(f"{path}#1000")):
        warning = files.prediction_warning(each)
        assert warning is not None
        assert warning.code == "sound.cut_off"
    warning = files.prediction_warning(write(tmp_path / "x.wav", 0.004))
    assert warning is not None and warning.code == "sound.too_short"


def test_digests_tell_windows_and_contents_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "x.wav", 2)
    seen = {files.digest(path), files.digest(Path(f"{path}#0")), files.digest(Path(f"{path}#9"))}
    assert len(seen) == 3
    assert files.digest(path) == files.digest(path)
    write(path, 2.5)
    assert files.digest(path) not in seen
    path.unlink()
    with pytest.raises(OSError, match="x"):
        files.digest(Path(f"{path}#9"))
    assert all(len(digest) == 32 for digest in seen)


# -- options


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"clip": 0.1}, "data.options.clip"),
        ({"clip": 100}, "data.options.clip"),
        ({"colour": 1}, "data.options.colour"),
    ],
)
def test_options_that_do_not_fit_are_named(
    tmp_path: Path, options: dict[str, object], path: str
) -> None:
    with pytest.raises(UserError) as caught:
        scan(tmp_path, **options)
    assert caught.value.code == "recipe.invalid"
    assert caught.value.note.values["path"] == path


def test_long_files_without_an_extension_can_be_read_in_windows(tmp_path: Path) -> None:
    for label in ("C#", "F#2"):
        for number in range(3):
            made = tmp_path / label / f"rec#{number}.wav"
            write(made, 3.4, pitch=200 + number + 9 * len(label))
            made.rename(made.with_suffix(""))
    dataset = scan(tmp_path, clip=1)
    assert [s.path for s in dataset.samples[:2]] == ["C#/rec#0##0", "C#/rec#0##1000"]
    assert dataset.files == 6
    for sample in dataset.samples:
        samples, _rate, start = decode.clip(dataset.root / sample.path, 1.0)
        assert start == (FilePart.parse(sample.path).part or 0) / 1000
        assert len(samples) > 0
