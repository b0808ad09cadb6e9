"""The reading part of each ``predict.py`` gives the network what the program gives it."""

import importlib.util
import io
import json
import math
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
import openpyxl
import pytest
import soundfile
import tifffile
import torch
from PIL import Image

from tests import media
from transfergui.core import registry
from transfergui.core.base import paths
from transfergui.core.base.options import Options
from transfergui.core.exporters import script
from transfergui.core.modalities.audio import transforms
from transfergui.core.modalities.audio.options import AudioInput
from transfergui.core.modalities.image.options import ImageInput
from transfergui.core.modalities.text import tokens
from transfergui.core.modalities.text.options import TextInput
from transfergui.core.modalities.text.reading import read


def part(key: str) -> ModuleType:
    source = paths.resource("templates", script.own_part(key))
    spec = importlib.util.spec_from_file_location(source.stem, source)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prepared(key: str, path: Path, input: Options) -> np.ndarray:
    modality = registry.modality(key)
    return modality.prepare(modality.load(path, input), input).numpy()


def reader(key: str, input: Options, assets: Path = Path()) -> Any:
    return part(key).Reader(msgspec.to_builtins(input), assets)


# -- pictures


@pytest.mark.parametrize(
    "input",
    [
        ImageInput(size=32, resize=40),
        ImageInput(size=48, resize=32, interpolation="bicubic"),
        ImageInput(size=33, resize=33, fit="pad", mean=(0.5, 0.1, 0.9)),
        ImageInput(size=224, resize=256, fit="squash"),
    ],
)
def test_pictures_are_prepared_to_the_bit(odd_pictures: list[Path], input: ImageInput) -> None:
    found = reader("image", input)
    for path in odd_pictures:
        ((name, picture),) = found.samples(path)
        assert name == str(path)
        assert np.array_equal(picture, prepared("image", path, input)), path.name


@pytest.fixture(scope="module")
def deep_pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Of more than 8 bits, in ways that Pillow reads, and others; and transparent ones."""
    folder = tmp_path_factory.mktemp("deep")
    ramp = np.tile(np.linspace(0, 1, 80), (60, 1))
    colours = np.stack([ramp, ramp[:, ::-1], ramp**2], axis=2)
    Image.fromarray((ramp * 5000).astype(np.uint16)).save(folder / "16.png")
    Image.fromarray((ramp * 3).astype(np.float32)).save(folder / "float.tif")
    tifffile.imwrite(folder / "double.tif", ramp * 2)
    tifffile.imwrite(folder / "rgb.tif", (colours * 5000).astype(np.uint16), photometric="rgb")
    planes = np.moveaxis((colours * 5000).astype(np.uint16), 2, 0)
    tifffile.imwrite(folder / "planes.tif", planes, photometric="rgb", planarconfig="separate")
    bands = (np.dstack([colours, ramp]) * 255).astype(np.uint8)
    tifffile.imwrite(folder / "bands.tif", bands, photometric="rgb", extrasamples=[0])
    Image.fromarray(bands).save(folder / "clear.png")
    return sorted(folder.iterdir())


@pytest.mark.parametrize(
    "input",
    [
        ImageInput(size=40, resize=40),
        ImageInput(size=40, resize=40, integers=(0, 4095), floats=(-1, 4), ground="black"),
        ImageInput(size=40, resize=40, integers=(100, 65535), floats=(0, 1), ground="gray"),
    ],
)
def test_deep_and_transparent_pictures_are_prepared_to_the_bit(
    deep_pictures: list[Path], input: ImageInput
) -> None:
    found = reader("image", input)
    for path in deep_pictures:
        ((_, picture),) = found.samples(path)
        assert np.array_equal(picture, prepared("image", path, input)), path.name


def test_hidden_files_and_those_of_systems_are_passed_over(tmp_path: Path) -> None:
    for name in ("a.jpg", "._a.jpg", ".cache/b.jpg", "__MACOSX/c.jpg", "sub/d.png", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = reader("image", ImageInput()).files([str(tmp_path), str(tmp_path / "._a.jpg")])
    names = [path.relative_to(tmp_path).as_posix() for path in found]
    assert names == ["a.jpg", "sub/d.png", "._a.jpg"]  # the last one was named itself


# -- sounds

RATES = (4000, 8000, 11025, 16000, 22050, 44100, 44101, 48000, 96000, 384_000)
FAINT = 1e-4
"""Of a swing of 1: torchaudio rounds its filters to single precision, which is -80 decibels."""
KINDS = {
    "8-bit.wav": "PCM_U8",
    "24-bit.wav": "PCM_24",
    "float.wav": "FLOAT",
    "double.aiff": "DOUBLE",
    "small.flac": "PCM_16",
    "lossy.ogg": "VORBIS",
    "lossy.opus": "OPUS",
    "lossy.mp3": "MPEG_LAYER_III",
    "caf\u00e9 \u732b.wav": "PCM_16",
}


def odd_sounds(folder: Path) -> Iterator[Path]:
    """One file of every kind of sound that needs care on the way to the network."""
    rng = np.random.default_rng(0)

    def noise(seconds: float, rate: int, channels: int = 1) -> np.ndarray:
        time = np.arange(round(seconds * rate)) / rate
        tone = 0.3 * np.sin(2 * np.pi * 440 * time)[:, None]
        return tone + 0.2 * rng.standard_normal((len(time), channels)).clip(-2, 2)

    for rate in RATES:
        yield saved(folder / f"{rate}.wav", noise(0.9, rate), rate)
    for name, subtype in KINDS.items():
        rate = 48000 if subtype == "OPUS" else 22050
        yield saved(folder / name, noise(1.2, rate, 2), rate, subtype)
    yield saved(folder / "seven.wav", noise(0.5, 22050, 7), 22050)
    yield saved(folder / "click.wav", noise(0.025, 16000), 16000)
    yield saved(folder / "offset.wav", 0.4 + 0.5 * noise(0.5, 16000), 16000)
    yield saved(folder / "nearly-long.wav", noise(1.49, 44100), 44100)
    yield saved(folder / "inverse.wav", noise(1.2, 22050) * [1, -0.95], 22050, "PCM_24")
    yield saved(folder / "loud.wav", 20000 * noise(4, 22050), 22050, "FLOAT")
    yield saved(folder / "telephone.wav", noise(4, 8000), 8000, "GSM610")
    yield from joined_sounds(folder, noise)
    for name, codec in ENCODED.items():
        values = noise(4, 48000).astype(np.float32)
        media.encode(folder / name, codec, values, 48000, "ipod" if codec == "aac" else None)
        yield folder / name
    media.encode(folder / "film.mp4", "aac", values[:96000], 48000, video=True)
    yield folder / "film.mp4"


ENCODED = {"phone.m4a": "aac", "browser.webm": "libopus", "wrong.mp3": "aac"}


def joined_sounds(folder: Path, noise: Callable[[float, int], np.ndarray]) -> Iterator[Path]:
    """Two in one file, and one whose header gives no length."""
    for ending in ("mp3", "ogg", "flac"):
        parts = [saved(folder / f"{n}.{ending}", noise(n, 16000), 16000) for n in (1, 2)]
        data = [part.read_bytes() for part in parts]
        parts[0].write_bytes(data[0] + data[1])
        yield parts[0]
    path = saved(folder / "no-length.wav", noise(3, 16000), 16000)
    content = path.read_bytes()
    path.write_bytes(content[:40] + bytes(4) + content[44:])
    yield path


def saved(path: Path, sound: np.ndarray, rate: int, subtype: str | None = None) -> Path:
    format = "OGG" if path.suffix == ".opus" else None
    soundfile.write(path, sound, rate, subtype, format=format)
    return path


@pytest.mark.parametrize(
    "input",
    [
        pytest.param(AudioInput(), marks=pytest.mark.slow),
        AudioInput(rate=22050, seconds=0.37),
        AudioInput(rate=4000, seconds=2),
    ],
)
def test_sounds_are_prepared_alike(input: AudioInput, tmp_path: Path) -> None:
    found = reader("audio", input)
    for path in odd_sounds(tmp_path):
        for name, sound in found.samples(path):
            wanted = prepared("audio", Path(name), input)
            assert sound.dtype == np.float32
            assert sound.shape == wanted.shape
            assert sound == pytest.approx(wanted, abs=FAINT), name


@pytest.mark.parametrize("rate", RATES)
def test_rates_are_changed_as_without_torchaudio(rate: int) -> None:
    sound = np.random.default_rng(0).standard_normal(5000).astype(np.float32)
    ratio = Fraction(16000, rate).limit_denominator(transforms.FINEST)
    wanted = sound
    if ratio != 1:
        plain = transforms.plain_resample(
            torch.from_numpy(sound), ratio.denominator, ratio.numerator
        )
        wanted = plain.numpy()
    assert part("audio").resample(sound, rate, 16000) == pytest.approx(wanted, abs=2e-6)


@pytest.mark.parametrize("seconds", [0.8, 1.5, 1.51, 2.4, 2.5, 7.03])
def test_long_sounds_are_cut_where_the_program_cuts_them(seconds: float, tmp_path: Path) -> None:
    rate, input = 11025, AudioInput(seconds=1.0)
    tone = np.sin(np.arange(math.ceil(seconds * rate)) / 20)
    path = saved(tmp_path / "talk.wav", tone, rate)
    found = reader("audio", input)
    names = [name for name, _sound in found.samples(path)]
    assert names == [str(p) for p in registry.modality("audio").list_files([path], input)]
    for name in names:  # a part by itself is the same as in its turn
        ((again, sound),) = found.samples(Path(name))
        assert again == name
        assert sound == pytest.approx(prepared("audio", Path(name), input), abs=FAINT)


@pytest.mark.parametrize("content", [b"", b"no sound", b"RIFF\x10\0\0\0WAVE"])
def test_what_is_no_sound_raises(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(content)
    with pytest.raises((ValueError, RuntimeError)):
        list(reader("audio", AudioInput()).samples(tmp_path / "bad.wav"))


def test_sounds_without_numbers_raise(tmp_path: Path) -> None:
    path = saved(tmp_path / "nan.wav", np.full(8000, np.nan), 8000, "FLOAT")
    with pytest.raises(ValueError, match="not numbers"):
        list(reader("audio", AudioInput()).samples(path))
    path = saved(tmp_path / "short.wav", np.ones(8000), 8000)
    with pytest.raises(ValueError, match="silent"):
        list(reader("audio", AudioInput()).samples(Path(f"{path}#2000")))


def test_what_needs_pyav_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    media.encode(tmp_path / "x.m4a", "aac", media.tone(1, 44100, 440), 44100)
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ValueError, match="pip install av"):
        list(reader("audio", AudioInput()).samples(tmp_path / "x.m4a"))


@pytest.mark.parametrize("videos", [False, True])
def test_folders_are_walked_for_what_the_program_takes(videos: bool, tmp_path: Path) -> None:
    names = ["b/2.FLAC", "b/1.wav", "a.opus", "a.m4a", "a.webm", "v.mp4", "notes.txt", "cover.jpg"]
    for name in (*names, "._a.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    input = AudioInput(videos=videos)
    found = [str(path) for path in reader("audio", input).files([tmp_path])]
    wanted = [str(path) for path in registry.modality("audio").list_files([tmp_path], input)]
    assert sorted(found) == sorted(wanted)
    assert len(found) == (6 if videos else 5)


# -- texts

WORDS = ("good", "bad", "bread", "was", "the", "不", "好", "吃", ",", "!", "<", "quot")


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small tokenizer, as a run keeps it."""
    folder = tmp_path_factory.mktemp("assets")
    tree = tokens.with_cleaning(tokens.word_level(WORDS, characters=False))
    (folder / tokens.TOKENIZER).write_text(json.dumps(tokens.limited(tree, 12, 0)), "utf-8")
    (folder / tokens.CONFIG).write_text('{"pad_token_id": 0}')
    return folder


def of_texts(assets: Path, **settings: Any) -> TextInput:
    return TextInput(tokens=12, assets=str(assets), **settings)


TEXTS = {
    "plain.txt": b"The bread was good, very good!",
    "bom.txt": "\ufeffbad bread".encode(),
    "utf-16.txt": "不好吃 bad".encode("utf-16"),
    "gb.txt": ("不好吃，太难吃了" * 5).encode("gb18030"),
    "western.txt": "Café était bad".encode("cp1252"),
    "late.txt": b"good " * 300_000 + "Stra\u00dfe".encode("cp1252"),
    "markup.txt": b"<p>The <b>bread</b><br/>was &lt;good&gt; &amp; &quot;bad&quot;</p>\x00\x07",
    "tags.txt": b"<i>" * 4000 + b"good",
    "long.txt": b"bread was bad " * 5000,
    "emoji.txt": "\U0001f600\U0001f469\u200d\U0001f373".encode(),
    "take#3.txt": b"the bread",
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_prepared_to_the_bit(name: str, assets: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(TEXTS[name])
    input = of_texts(assets)
    ((found, ids),) = reader("text", input, assets).samples(path)
    assert found == str(path)
    assert ids.dtype == np.int64
    assert np.array_equal(ids, prepared("text", path, input))


ROWS = (
    'text,label\nthe bread was good,1\n"bad, ""very"" bad",0\n\n"two\nlines",1\n,0\n<b>good</b>,1\n'
)
TABLES = {
    "plain.csv": (ROWS.encode(), "text"),
    "bom.csv": (("\ufeff" + ROWS).encode(), "text"),
    "crlf.csv": (ROWS.replace("\n", "\r\n").encode(), "text"),
    "semicolons.csv": (ROWS.replace(",", ";").encode("utf-16"), "text"),
    "excel.csv": (("sep=;\n" + ROWS.replace(",", ";")).encode("cp1252"), "text"),
    "tabs.tsv": (b'label\ttext\n1\tgood "bread\n0\tbad" one\n1\t"good"\n', "text"),
    "chinese.csv": (("内容,类别\n" + "不好吃,0\n好吃,1\n" * 9).encode("gb18030"), "内容"),
    "no-header.csv": (b"the bread was good,1\nbad bread,0\nvery good bread,1\n", "1"),
    "second.csv": (b"1,the bread was good\n0,bad bread\n1,very good bread\n", "2"),
    "unclosed.csv": (b'text,label\n"good,1\nbad,0\n"the bread, was",1\nno,0\n', "text"),
    "wide.csv": (b"text,label\ngood,1,more\nbad\nbread was,0\n", "text"),
    "nul.csv": (b"text,label\ngo\0od,1\nbad,0\n", "text"),
    "lines.jsonl": (
        b'{"text": "good", "label": 1}\nbroken\n\n{"label": 0}\n{"more": 1, "text": "bad"}\n',
        "text",
    ),
    "elsewhere.csv": (b"x,opinion\n1,the bread was rather good\n2,really bad bread\n", "text"),
    "sentences.csv": (b"good, very good\nbad\nno, the bread was bad, bad\ngood, bread\n", "1"),
    "one-column.csv": (b"text\ngood, bread\nbad, bread\nno, bad\n", "text"),
    "broken-lines.csv": (b'text\n"good,\nbread"\n"bad"\n', "text"),
    "title.csv": (b"Answers of May\n\nid,text,label\n1,good,1\n2,bad,0\n", "text"),
    "twice.csv": (b"text,label\ngood,1\ntext,label\nbad,0\n", "text"),
    "doubled.csv": (b"text,text\n1,the bread\n2,was good\n", "text"),
    "array.json": (b'[{"text": "good"}, 5, {"text": "bad", "label": ["a", "b"]}]', "text"),
    "data.json": (b'{"version": 1, "data": [{"text": "good"}, {"text": "bad"}]}', "text"),
    "columns.json": (b'{"text": ["good", "bad"], "label": [1, 0]}', "text"),
    "lines.txt": (b"__label__a good bread\n__label__b __label__c bad\n", "text"),
    "plain.txt": (b"good, bread\nbad\n", "text"),
}


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for row in (["Answers of May"], [], ["n", "text"], [1.0, "good, bread"], [2, None], [3, "bad"]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SHEETS = workbook(
    Readme=[["field", "what it is, in words"]] * 30,
    A=[["Answers"], ["n", "text"], [1, "good, bread"]],
    B=[["text", "n"], ["bad", 2], ["no", 3]],
)
TABLES |= {"book.xlsx": (workbook(), "text"), "renamed.csv": (workbook(), "text")}
TABLES |= {
    "sheets.xlsx": (SHEETS, "text"),
    "lists.json": (
        b'{"a": [{"text": "good"}, {"text": "no"}], "b": [{"text": "bad"}], "c": [{"n": 1}]}',
        "text",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_read_as_the_program_reads_them(name: str, assets: Path, tmp_path: Path) -> None:
    content, column = TABLES[name]
    path = tmp_path / name
    path.write_bytes(content)
    input = of_texts(assets, text_column=column, label_column="label")
    listed = registry.modality("text").list_files([path], input)
    program = [str(p) for p in listed if read(p, input)]  # which tells rows without text
    found = dict(reader("text", input, assets).samples(path))
    assert list(found) == program
    assert list(reader("text", input, assets).files([tmp_path])) == [path]
    for row in program:
        wanted = prepared("text", Path(row), input)
        ((again, ids),) = reader("text", input, assets).samples(Path(row))
        assert again == row
        assert np.array_equal(ids, wanted), row
        assert np.array_equal(found[row], wanted), row


def test_a_file_of_sentences_is_read_like_the_standard_input(
    assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commas stay in their sentences: 9 of 30 predictions differed."""
    lines = [f"good{', bread' * (at % 4)}, bad{' bread' * (at % 3)}" for at in range(30)]
    (tmp_path / "lines.csv").write_text("\n".join(lines))
    stream = io.TextIOWrapper(io.BytesIO("\n".join(lines).encode()))
    monkeypatch.setattr("sys.stdin", stream)
    reading = reader("text", of_texts(assets, text_column="text"), assets)
    typed = [ids.tolist() for _name, ids in reading.samples(Path("-"))]
    assert [ids.tolist() for _name, ids in reading.samples(tmp_path / "lines.csv")] == typed


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("page.csv", b"<!DOCTYPE html><html></html>", "web page"),
        ("book.xlsx", b"text,label\n", "not an Excel workbook"),
        ("boxes.json", b'{"images": [{"id": 1}], "boxes": [{"id": 2}]}', "boxes of pictures"),
        ("none.json", b'{"city": {"id": 1}}', "without a list of examples"),
    ],
)
def test_what_is_no_table_raises_with_the_reason(
    name: str, content: bytes, told: str, assets: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=told):
        list(reader("text", of_texts(assets), assets).samples(tmp_path / name))


def test_workbooks_name_what_they_need(
    assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book.xlsx").write_bytes(workbook())
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ValueError, match="pip install openpyxl"):
        list(reader("text", of_texts(assets), assets).samples(tmp_path / "book.xlsx"))


def test_lines_of_the_standard_input_are_texts(
    assets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO("the bread\n\n不好吃\n".encode()))
    monkeypatch.setattr("sys.stdin", stream)
    found = list(reader("text", of_texts(assets), assets).samples(Path("-")))
    assert [name for name, _ids in found] == ["line 1", "line 3"]
    assert [int((ids > 0).sum()) for _name, ids in found] == [2, 3]


def test_what_is_cleaned_away_is_the_same() -> None:
    assert part("text").CLEANING == tokens.CLEANING
