"""What people's tars hold: each way of packing gives the classes that it means, or says why not."""

import gzip
import io
import json
import tarfile
import wave
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from tests.core.reading.sources.test_shards import codes, packed, picture, shard
from transfergui.core import registry
from transfergui.core.app.detection import detect
from transfergui.core.base import shards
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions, Dataset

Members = dict[str, bytes]


def sound(seed: int) -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        noise = np.random.default_rng(seed).normal(0, 3000, 2000)
        out.writeframes(noise.astype(np.int16).tobytes())
    return stream.getvalue()


def text(seed: int) -> bytes:
    return f"The text with the number {seed} is about {seed * 7} things.".encode()


def scan(path: Path) -> Dataset:
    return registry.modality(detect(path)).scan(DataOptions(path=str(path)))


def told(dataset: Dataset) -> set[str]:
    return codes(dataset) - {"shards.read", "shards.read_decompressed"}


def folders(make: Callable[[int], bytes], ending: str, within: str = "") -> Members:
    return {
        f"data/{name}/{within}{at}.{ending}": make(at + 50 * (name == "dog"))
        for name in ("cat", "dog")
        for at in range(4)
    }


@pytest.mark.parametrize(
    ("make", "ending", "modality"),
    [(picture, "png", "image"), (sound, "wav", "audio"), (text, "txt", "text")],
)
@pytest.mark.parametrize("packing", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_packed_folder_is_data(
    tmp_path: Path, make: Callable[[int], bytes], ending: str, modality: str, packing: str
) -> None:
    """As of ``tar czf data.tar.gz data/``."""
    kind = packing.partition(":")[2]
    path = tmp_path / f"data.tar{kind and '.'}{kind}"
    with tarfile.open(path, packing) as tar:  # type: ignore[call-overload]
        for name, data in folders(make, ending).items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    dataset = scan(path)
    assert (dataset.modality, dataset.classes) == (modality, ("cat", "dog"))
    assert dataset.counts() == [4, 4]
    for sample in dataset.samples:
        place = dataset.root / sample.path
        name = shards.name(place) or sample.path
        data = shards.read(place) if shards.is_member(place) else place.read_bytes()
        label = dataset.classes[sample.label]
        number = int(name.rpartition("/")[2].partition(".")[0])
        assert f"/{label}/" in name
        assert data == make(number + 50 * (label == "dog"))
    assert ("shards.decompressed" in told(dataset)) == bool(kind)
    assert "shards.read" not in codes(dataset) or not kind
    assert ("shards.unpacked" in told(dataset)) == (modality != "image")


def listed(images: Iterable[str]) -> str:
    lines = (f"{name},{'ab'[at % 2]}\n" for at, name in enumerate(images))
    return "".join(("file,label\n", *lines))


PICTURES = {f"im/{at}.png": picture(at) for at in range(6)}
COCO = {
    "images": [{"id": at, "file_name": f"{at}.png", "width": 12, "height": 12} for at in range(6)],
    "annotations": [
        {"id": at, "image_id": at, "category_id": at % 2, "bbox": [0, 3, 6, 6]} for at in range(6)
    ],
    "categories": [{"id": 0, "name": "a"}, {"id": 1, "name": "b"}],
}
BOX = "0 0.25 0.5 0.75"
SEVERAL = {
    f"{at}.{side}.png": picture(at + 9 * len(side)) for at in range(4) for side in ("l", "ri")
}


def beside(at: int, **fields: object) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    ("members", "classes", "code"),
    [
        (folders(picture, "png", "2021/"), ("cat", "dog"), "shards.unpacked"),
        (PICTURES | {"labels.csv": listed(PICTURES).encode()}, ("a", "b"), "shards.unpacked"),
        (
            PICTURES | {"coco.json": json.dumps(COCO).encode()},
            (f"a {BOX}", f"b {BOX}"),
            "shards.unpacked",
        ),
        (
            SEVERAL | {f"{at}.cls": b"ab"[at % 2 :][:1] for at in range(4)},
            ("a", "b"),
            "shards.several",
        ),
        (
            {"classes.txt": b"ape\nzebra\n"}
            | {f"{at}.png": picture(at) for at in range(4)}
            | {f"{at}.cls": b"%d" % (at % 2) for at in range(4)},
            ("ape", "zebra"),
            "shards.names",
        ),
        (
            {f"{at}.png": picture(at) for at in range(4)}
            | {f"{at}.json": beside(at, tags=["x", "y"][: 1 + at % 2]) for at in range(4)},
            ("x", "x; y"),
            "",
        ),
        (
            {f"{at}.png": picture(at) for at in range(4)}
            | {
                f"{at}.json": beside(
                    at, width=12, height=12, boxes=[{"label": "ab"[at % 2], "bbox": [0, 3, 6, 6]}]
                )
                for at in range(4)
            },
            (f"a {BOX}", f"b {BOX}"),
            "",
        ),
    ],
)
def test_what_says_the_labels_is_found(
    tmp_path: Path, members: Members, classes: tuple[str, ...], code: str
) -> None:
    dataset = scan(packed(tmp_path / "data.tar", members))
    assert dataset.classes == classes
    assert told(dataset) == ({code} if code else set())
    if code == "shards.several":
        assert len({sample.group for sample in dataset.samples}) == 4
        assert len(dataset.samples) == 8


def test_a_table_beside_a_tar_says_the_labels(tmp_path: Path) -> None:
    packed(tmp_path / "images.tar", PICTURES)
    (tmp_path / "labels.csv").write_text(listed(PICTURES))
    assert scan(tmp_path).classes == ("a", "b")


@pytest.mark.parametrize("archive", ["backup.tar", "backup.tar.gz"])
def test_a_table_of_texts_beside_an_archive_is_read_as_ever(tmp_path: Path, archive: str) -> None:
    rows = "".join(f"{text(at).decode()},{'ab'[at % 2]}\n" for at in range(12))
    (tmp_path / "reviews.csv").write_text(f"text,label\n{rows}")
    packed(tmp_path / "backup.tar", {"notes.pdf": b"%PDF"}).rename(tmp_path / archive)
    assert scan(tmp_path).modality == "text"
    assert not told(scan(tmp_path))


def test_several_tars_are_opened_by_a_pattern(tmp_path: Path) -> None:
    for number in range(3):
        shard(tmp_path / f"train-{number:03d}.tar", 4 * number, 4)
    shard(tmp_path / "val-000.tar", 20, 4)
    for pattern, count in (
        ("train-{000..001}.tar", 8),
        ("*-000.tar", 8),
        ("{train,val}-*.tar", 16),
    ):
        assert len(scan(tmp_path / pattern).samples) == count
    with pytest.raises(UserError) as refused:
        scan(tmp_path / "test-{000..001}.tar")
    assert refused.value.code == "data.missing"


def test_fields_of_json_are_columns_to_choose_from(tmp_path: Path) -> None:
    members = {f"{at}.wav": sound(at) for at in range(8)}
    for at in range(8):
        members[f"{at}.json"] = beside(at, colour="ab"[at % 2], shape="xyz"[at % 3], __key__=at)
    path = packed(tmp_path / "train-0.tar", members)
    with pytest.raises(Question) as asked:
        scan(path)
    assert set(asked.value.choices) == {"colour", "shape"}
    predict = DataOptions(
        path=str(path), objective="several_questions", predict=("colour", "shape")
    )
    dataset = registry.modality("audio").scan(predict)
    assert dataset.targets.names == ("colour", "shape")
    assert len(dataset.samples) == 8


def test_files_of_another_kind_are_counted(tmp_path: Path) -> None:
    members = {f"{at}.wav": sound(at) for at in range(6)}
    members |= {f"{at}.cls": b"01"[at % 2 :][:1] for at in range(6)} | {"hat.jpg": picture(0)}
    dataset = scan(packed(tmp_path / "train-0.tar", members))
    assert dataset.counts() == [3, 3]
    (other,) = (each for each in dataset.problems if each.code == "shards.other")
    assert other.values["count"] == 1 and "hat.jpg" in other.sentence() and not other.left_out


def test_names_of_any_encoding_and_what_leads_out(tmp_path: Path) -> None:
    members = {
        name.encode("gbk").decode("utf-8", "surrogateescape"): sound(at)
        for at, name in enumerate(f"音/{c}/{i}.wav" for c in ("苹果", "香蕉") for i in range(3))
    }
    path = packed(tmp_path / "a.tar", members | {"../../out.wav": sound(99), "x.tar": b"\0" * 1024})
    dataset = scan(path)
    assert dataset.classes == ("苹果", "香蕉")
    assert told(dataset) == {"shards.unpacked", "shards.outside", "shards.nested"}
    assert not list(tmp_path.parent.glob("out.wav"))


def test_what_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = shard(tmp_path / "0" / "a.tar", count=8).read_bytes()
    packs = tmp_path / "1" / "a.tar.gz"
    packs.parent.mkdir()
    packs.write_bytes(gzip.compress(whole, 0)[: len(whole) // 2])
    dataset = scan(packs)
    assert told(dataset) == {"shards.cut_off", "shards.decompressed"}
    assert 2 <= len(dataset.samples) < 8
    sounds = packed(tmp_path / "2" / "a.tar", folders(sound, "wav"))
    sounds.write_bytes(sounds.read_bytes()[:-12_000])
    dataset = scan(sounds)
    assert told(dataset) == {"shards.cut_off", "shards.unpacked"}
    for name in ("b.tar", "b.tar.gz"):
        (tmp_path / name).write_bytes(b"nothing of the kind " * 100)
        with pytest.raises(UserError) as refused:
            scan(tmp_path / name)
        assert refused.value.code == "shards.unreadable"
