"""WebDataset shards: read in place, whatever is in the tar."""

import io
import json
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from transfergui.core import registry
from transfergui.core.app.detection import detect
from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.data import tars
from transfergui.core.data.captions import caption, short_caption
from transfergui.core.data.dataset import DataOptions, Dataset, bytes_of
from transfergui.core.data.presence import compare
from transfergui.core.data.split import SplitOptions, counts_of, load, split
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.modalities.image import files
from transfergui.core.modalities.image.decode import open_picture
from transfergui.core.reading.given import unfolded
from transfergui.core.reading.sources import shard_fields, shard_index, shard_listing
from transfergui.core.training.loaders import UnreadableFiles

PLAIN = tarfile.USTAR_FORMAT


def picture(seed: int, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


def packed(path: Path, members: Mapping[str, bytes], kind: int = PLAIN) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w", format=kind) as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def shard(path: Path, first: int = 0, count: int = 6, label: str = "cls") -> Path:
    members = {}
    for at in range(first, first + count):
        members[f"{at:06d}.png"] = picture(at)
        members[f"{at:06d}.{label}"] = str(at % 2).encode()
    return packed(path, members)


def read(path: Path) -> Dataset:
    return files.scan(DataOptions(path=str(path)))


def codes(dataset: Dataset) -> set[str]:
    return {problem.code for problem in dataset.problems if problem.code.startswith("shards.")}


def test_a_folder_of_shards_is_data(tmp_path: Path) -> None:
    shard(tmp_path / "train" / "0.tar")
    shard(tmp_path / "test" / "0.tar", 6)
    (tmp_path / "classnames.txt").write_text("red fox\nhare\n")
    assert detect(tmp_path) == "image"
    dataset = read(tmp_path)
    assert dataset.classes == ("hare", "red fox")
    assert dataset.counts() == [6, 6]
    assert dataset.files == 12
    assert {sample.split for sample in dataset.samples} == {"train", "test"}
    assert codes(dataset) == {"shards.read", "shards.names"}
    said = {problem.code: problem.sentence() for problem in dataset.problems}
    assert "ends in .cls" in said["shards.read"]
    assert "(hare, red fox)" in said["shards.names"]
    for sample in dataset.samples:
        at = int(shards.name(dataset.root / sample.path).partition(".")[0])
        assert shards.read(dataset.root / sample.path) == picture(at)
        assert dataset.classes[sample.label] == ("red fox", "hare")[at % 2]
    assert read(tmp_path).samples == dataset.samples  # by the index in the cache
    listed = list(files.list_files([tmp_path]))
    assert sorted(listed) == sorted(dataset.root / sample.path for sample in dataset.samples)
    assert list(files.list_files([tmp_path / "train" / "0.tar"])) == listed[6:]


def test_one_tar_is_data_and_split_by_name(tmp_path: Path) -> None:
    found = read(shard(tmp_path / "in1k-train-0001.tar"))
    assert found.classes == ("0", "1")
    assert shard_listing.split_of("in1k-validation-07.tar") == "val"
    assert shard_listing.split_of("test/0001.tar") == "test"
    assert shard_listing.split_of("shard-0001.tar") is None


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("json", json.dumps({"label": 3, "class_name": "owl"})),
        ("cls.txt", "owl"),
        ("txt", "owl"),
        ("cls", "owl\n"),
    ],
)
def test_labels_are_read_as_they_are_kept(tmp_path: Path, label: str, text: str) -> None:
    members: dict[str, bytes] = {}
    for at in range(6):
        members |= {f"./{at}.jpg": picture(at, "JPEG"), f"./{at}.mask.png": picture(99)}
        members[f"./{at}.{label}"] = (text if at % 2 else text.replace("owl", "elk")).encode()
    assert read(packed(tmp_path / "a.tar", members)).classes == ("elk", "owl")


@pytest.mark.parametrize("kind", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_folders_of_keys_are_classes_under_long_names(tmp_path: Path, kind: int) -> None:
    """As of ``tar cf data.tar cats dogs``; longer names than a plain header has room for."""
    long = "é" * 120
    members = {
        f"data/{c}/{long}{at}.png": picture(at + 9 * (c == "a")) for at in range(4) for c in "ab"
    }
    dataset = read(packed(tmp_path / "all.tar", members, kind))
    assert dataset.classes == ("a", "b")
    assert dataset.counts() == [4, 4]
    assert long in shards_names(tmp_path / "all.tar")[0]


def shards_names(path: Path) -> list[str]:
    return shard_listing.first_names(path, 3)


def test_what_is_wrong_is_counted_and_named(tmp_path: Path) -> None:
    path = shard(tmp_path / "a.tar")
    with tarfile.open(path, "a", format=PLAIN) as tar:
        for name in ("000001.jpg", "../7.png", "8.png", "9.cls", "10.png", "10.json"):
            data = picture(50 + len(name)) if not name.endswith(("cls", "json")) else b"{]"
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("11.png")
        link.type, link.linkname = tarfile.LNKTYPE, "000001.png"
        tar.addfile(link)
    dataset = read(tmp_path)
    assert len(dataset.samples) == 6
    assert codes(dataset) == {
        *("shards.read", "shards.twice", "shards.outside", "shards.without_label"),
        *("shards.without_picture", "shards.link", "shards.unreadable_label"),
    }
    left = {p.code: p.values["count"] for p in dataset.problems if "first" in p.values}
    assert left["shards.without_label"] == 2


def test_a_file_in_a_tar_is_called_by_its_name(tmp_path: Path) -> None:
    long = "./" + "folder/" * 20
    members = {f"{long}{at}.png": picture(at) if at else b"no picture" for at in range(4)}
    members |= {f"{long}{at}.cls": str(at % 2).encode() for at in range(4)}
    dataset = read(packed(tmp_path / "new.tar", members, tarfile.PAX_FORMAT))
    bad = next(p for p in dataset.problems if p.code == "data.unreadable" or "#" in p.path)
    called = "new.tar/" + "folder/" * 20 + "0.png"
    assert bad.called == called
    assert called in bad.sentence()
    assert caption(dataset.samples[0].path, tmp_path) == called.replace("0.png", "1.png")
    assert short_caption(dataset.samples[0].path, tmp_path) == "1.png"
    prediction = Prediction(tmp_path / dataset.samples[0].path)
    assert prediction.called == str(tmp_path / called).replace("0.png", "1.png")
    assert "byte" in caption(dataset.samples[0].path)


def test_a_cut_off_or_damaged_tar_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = shard(tmp_path / "0.tar").read_bytes()
    (tmp_path / "1.tar").write_bytes(shard(tmp_path / "1.tar", 6).read_bytes()[: 512 * 9 + 100])
    third = bytearray(shard(tmp_path / "2.tar", 12).read_bytes())
    at = third.index(b"000014.png")
    third[at : at + 512] = bytes([7]) * 512
    (tmp_path / "2.tar").write_bytes(third)
    dataset = read(tmp_path)
    assert codes(dataset) == {"shards.read", "shards.cut_off", "shards.damaged"}
    assert 6 + 2 <= len(dataset.samples) <= 6 + 3 + 2
    first = next(s for s in dataset.samples if s.path.startswith("0.tar"))
    (tmp_path / "0.tar").write_bytes(whole[512:])  # changed since
    with pytest.raises(UserError) as refused:
        open_picture(dataset.root / first.path.replace("#0", "#1024"))
    assert refused.value.code == "data.tar_changed"


def test_what_is_compressed_otherwise_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.tar.zst").write_bytes(b"(\xb5/\xfd")
    for source in (tmp_path, tmp_path / "a.tar.zst"):
        with pytest.raises(UserError) as refused:
            detect(source)
        assert refused.value.code == "shards.compressed"


def test_captions_and_what_has_no_class_are_refused(tmp_path: Path) -> None:
    members = {}
    for at in range(4):
        members |= {f"{at}.png": picture(at), f"{at}.txt": f"a photo of {at}".encode()}
    with pytest.raises(UserError) as refused:
        read(packed(tmp_path / "a" / "a.tar", members))
    assert refused.value.code == "shards.captions"
    with pytest.raises(UserError) as refused:
        read(packed(tmp_path / "c" / "a.tar", {"0.png": picture(0)}))
    assert refused.value.code == "shards.unlabelled"


def test_copies_across_shards_are_found(tmp_path: Path) -> None:
    shard(tmp_path / "a.tar")
    shard(tmp_path / "b.tar", count=2)
    problems = [p for p in read(tmp_path).problems if p.code == "data.duplicate"]
    assert len(problems) == 2


def test_a_file_larger_than_one_reading_is_read_whole(tmp_path: Path) -> None:
    large = bytes(shards.AT_ONCE) + b"its end"
    path = f"{packed(tmp_path / 'a.tar', {'a.png': large})}#0"
    assert shards.read(path) == large
    assert shards.read(path, 5) == large[:5]


def test_the_index_follows_a_tar_that_changes(tmp_path: Path) -> None:
    path = shard(tmp_path / "a.tar")
    endings = files.WANTED.extensions
    assert len(shard_index.index_of(path, endings).rows) == 6
    shard(path, count=9)
    assert len(shard_index.index_of(path, endings).rows) == 9


def test_a_tar_behind_another_one_is_told(tmp_path: Path) -> None:
    path = shard(tmp_path / "0.tar")
    path.write_bytes(path.read_bytes() + shard(tmp_path / "other" / "1.tar", 6).read_bytes())
    found = read(path)
    assert len(found.samples) == 6
    assert "shards.joined" in codes(found)


def test_a_size_below_zero_is_damage(tmp_path: Path) -> None:
    """Else reading would go backwards, for ever."""
    path = shard(tmp_path / "0.tar")
    block = bytearray(path.read_bytes()[: shards.BLOCK])
    block[124:136] = b"-0000002000\0"
    block[148:156] = b"%06o\0 " % (sum(block) - sum(block[148:156]) + 8 * 32)
    whole = path.read_bytes().rstrip(b"\0")
    path.write_bytes(whole + bytes(-len(whole) % shards.BLOCK) + block)
    assert shards.parsed(bytes(block)) is None
    assert {"shards.damaged"} <= codes(read(path))


def test_zeros_and_ones_say_which_classes_are_there() -> None:
    vectors = [{"target": [1.0, 0.0, 1.0]}, {"target": [0, 1, 0]}, {"target": [0, 0, 0]}]
    record = shard_fields.guessed(vectors)
    assert record is not None
    said = [shard_fields.combination(record, tree, ["hat", "tie"]) for tree in vectors]
    assert said == ["hat; 2", "tie", "(none)"]
    assert shard_fields.of_vector([0, 1, 0], ["hat", "tie"]) == ["tie"]
    assert shard_fields.of_vector([0, 1], []) == [0, 1]
    numbers = [{"labels": [0]}, {"labels": [0, 1]}]
    record = shard_fields.guessed(numbers)
    assert record is not None
    assert shard_fields.combination(record, numbers[1], []) == "0; 1"


def test_a_tar_counts_once_however_many_pictures_are_in_it(tmp_path: Path) -> None:
    """Near copies are looked for among so many bytes."""
    path = shard(tmp_path / "0.tar")
    assert bytes_of(read(path).samples) == path.stat().st_size


def test_what_is_cut_off_says_so_first_and_notes_are_no_problems(tmp_path: Path) -> None:
    members = {f"{at}.png": picture(at) for at in range(4)}
    whole = packed(tmp_path / "whole.tar", members)
    cut = tmp_path / "cut.tar"
    cut.write_bytes(whole.read_bytes()[:2200])
    with pytest.raises(UserError) as refused:
        read(cut)
    assert (refused.value.code, refused.value.note.values["path"]) == (
        "shards.incomplete",
        str(cut),
    )
    with pytest.raises(UserError) as refused:
        read(whole)
    assert (refused.value.code, refused.value.note.values["path"]) == (
        "shards.unlabelled",
        str(whole),
    )
    given = unfolded([cut], registry.modality("image"))
    assert [problem.code for problem in given.problems] == ["shards.cut_off"]
    fine = read(shard(tmp_path / "fine" / "0.tar"))
    assert counts_of(fine.problems) == (0, 1)


def test_a_tar_that_was_replaced_is_told(tmp_path: Path) -> None:
    """Another one of the same names and sizes, whose labels are the other way round."""
    path = shard(tmp_path / "a.tar", count=12)
    dataset = read(path)
    split(dataset, SplitOptions(), 0).save(tmp_path / "split.json")
    divided = load(tmp_path / "split.json")
    assert compare(divided)[1:] == ([], [])
    tars.require_same(divided.places)
    first, size = dataset.samples[0], path.stat().st_size
    open_picture(dataset.root / first.path)
    packed(path, {f"{n:06d}.{e}": d for n in range(12) for e, d in other(n).items()})
    known = divided.tars["a.tar"]
    assert isinstance(known, shards.Listed)
    os.utime(path, ns=(0, known.modified + 1))
    assert path.stat().st_size == size
    with pytest.raises(UserError) as refused:
        open_picture(dataset.root / first.path)
    assert refused.value.code == "data.tar_changed"
    with pytest.raises(UserError) as ended:
        UnreadableFiles(1000).add(first.path, refused.value)
    assert ended.value.code == "data.tar_changed"
    for each in (divided, msgspec.structs.replace(divided, tars={"a.tar": known.modified})):
        _now, gone, changed = compare(each)  # the second one as of earlier versions
        assert not gone
        assert len(changed) == 12
        with pytest.raises(UserError) as again:
            tars.require_same(each.places)
        assert again.value.code == "data.tar_changed"
    open_picture(read(path).root / first.path)


def test_a_copy_of_a_tar_and_what_is_written_behind_it_change_nothing(tmp_path: Path) -> None:
    path = shard(tmp_path / "a.tar", count=12)
    divided = split(read(path), SplitOptions(), 0)
    os.utime(path, ns=(0, 1))
    assert compare(divided)[1:] == ([], [])
    with tarfile.open(path, "a", format=PLAIN) as tar:
        for name, data in other(99).items():
            info = tarfile.TarInfo(f"000099.{name}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    now, gone, changed = compare(divided)
    assert (gone, changed) == ([], [])
    tars.require_same(divided.places)
    open_picture(Path(now.root) / now.train[0].path)
    path.write_bytes(path.read_bytes()[:4000])  # the first pictures are as they were
    with pytest.raises(UserError) as refused:
        tars.require_same(divided.places)
    assert refused.value.code == "data.tar_changed"
    path.unlink()
    assert len(compare(divided)[1]) == 12
    tars.require_same(divided.places)  # told of the samples that are gone


def other(at: int) -> dict[str, bytes]:
    return {"png": picture(at), "cls": str(1 - at % 2).encode()}


@pytest.mark.parametrize("prefix", ["/", "../"])
def test_paths_that_lead_out_of_the_tar_are_named(tmp_path: Path, prefix: str) -> None:
    members = {f"{prefix}{at}.{end}": picture(at) for at in range(3) for end in ("png", "wav")}
    path = packed(tmp_path / "a.tar", members)
    for modality in ("image", "audio"):
        with pytest.raises(UserError) as refused:
            registry.modality(modality).scan(DataOptions(path=str(path)))
        assert refused.value.code == "shards.all_outside"


def test_folders_with_two_underscores_are_counted(tmp_path: Path) -> None:
    members = {f"{at}.{e}": d for at in range(4) for e, d in other(at).items()}
    hidden = {"__old/9.png": picture(9), "__MACOSX/1.png": b"", "__old/._9.png": b""}
    found = read(packed(tmp_path / "a.tar", members | hidden))
    told = [p for p in found.problems if p.code == "shards.underscored"]
    assert [(p.values["count"], p.left_out) for p in told] == [(1, True)]


@pytest.mark.parametrize(
    ("labels", "names"), [("12", "cat\ndog"), (("-1", "0"), "cat\ndog"), ("01", "cat\n\ndog")]
)
def test_names_that_do_not_fit_are_told(tmp_path: Path, labels: str, names: str) -> None:
    members = {}
    for at in range(6):
        members |= {f"{at}.png": picture(at), f"{at}.cls": labels[at % 2].encode()}
    (tmp_path / "classnames.txt").write_text(names)
    packed(tmp_path / "a.tar", members)
    found = read(tmp_path)
    assert set(found.classes) == set(labels)
    told = {p.path: p.values["count"] for p in found.problems if p.code == "shards.names_unused"}
    assert told == {"classnames.txt": 2}


def test_names_of_sounds_are_not_shifted(tmp_path: Path) -> None:
    """Labels from 1: the second name would be that of the first class."""
    members = {}
    for at in range(8):
        members |= {f"{at}.wav": b"RIFF", f"{at}.cls": str(1 + at % 2).encode()}
    (tmp_path / "classnames.txt").write_text("cat\ndog")
    packed(tmp_path / "a.tar", members)
    given = unfolded([tmp_path / "a.tar"], registry.modality("audio"))
    assert {note.code for note in given.notes} == {"shards.unpacked", "shards.names_unused"}
    table = (given.paths[0] / "webdataset.jsonl").read_text()
    assert "dog" not in table
    assert '"label": "2"' in table


def test_how_tars_were_read_is_no_prediction(tmp_path: Path) -> None:
    members = {f"{at}.wav": b"RIFF" for at in range(3)} | {"__old/1.wav": b""}
    path = packed(tmp_path / "a.tar", members)
    given = unfolded([path], registry.modality("audio"))
    assert [note.code for note in given.notes] == ["shards.unpacked"]
    assert [(p.code, p.path) for p in given.problems] == [("shards.underscored", str(path))]
