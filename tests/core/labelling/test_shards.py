"""Pictures written as WebDataset shards are read back as they were."""

import csv
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.core.reading.sources.test_shard_layouts import sound
from tests.core.reading.sources.test_shards import packed, picture
from transfergui.cli import main
from transfergui.core import registry
from transfergui.core.base import files, shards
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions, Dataset, Sample
from transfergui.core.labelling.examples import examples, labelled_data
from transfergui.core.labelling.shards import write
from transfergui.core.modalities.image.files import scan


def made(root: Path, count: int = 5) -> Path:
    for place, name in enumerate(("hare", "red fox")):
        (root / name).mkdir(parents=True)
        for at in range(count):
            ending, kind = ("jpeg", "JPEG") if at % 2 else ("PNG", "PNG")
            data = picture(100 * place + at, kind)
            (root / name / f"{at}.{ending}").write_bytes(data)
    return root


def content(dataset: Dataset) -> set[tuple[str, bytes]]:
    found = set()
    for sample in dataset.samples:
        path = dataset.root / sample.path
        data = shards.read(path) if shards.is_member(path) else path.read_bytes()
        found.add((dataset.classes[sample.label], data))
    return found


def test_what_is_written_is_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = scan(DataOptions(path=str(made(tmp_path / "in", 20))))
    once, twice = tmp_path / "once", tmp_path / "twice"
    for source, out in ((tmp_path / "in", once), (once, twice)):
        assert main(["scan", str(source), "--export", str(out), "--as", "webdataset"]) == 0
        capsys.readouterr()
        after = scan(DataOptions(path=str(out)))
        assert content(after) == content(before)
        assert {s.split for s in after.samples} == {"train", "val", "test"}
    assert main(["scan", str(once), "--export", str(twice), "--as", "webdataset"]) != 0
    assert "shards.folder_in_use" in capsys.readouterr().err


def test_shards_have_their_size_and_nothing_half_done_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = scan(DataOptions(path=str(made(tmp_path / "in"))))
    (tmp_path / "in" / "hare" / "0.PNG").unlink()
    written = write(dataset, {}, tmp_path / "out", shard_bytes=5000)
    assert [path.name for path in written.paths[:2]] == ["data-000000.tar", "data-000001.tar"]
    assert [problem.code for problem in written.left] == ["act.gone"]
    assert written.counts == {"data": 9}
    with pytest.raises(UserError) as refused:
        write(dataset, {}, tmp_path / "in" / "out")
    assert refused.value.code == "labelling.into_data"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_atomic", full)
    with pytest.raises(UserError) as refused:
        write(dataset, {}, tmp_path / "full")
    assert refused.value.code == "disk.full"
    assert not (tmp_path / "full").exists()


def tags(at: int) -> str:
    return ("cat", "cat|dog, old", "fish")[at % 3]


COLUMNS = {
    "one_class": lambda at: {"label": ("red fox", "hare, brown")[at % 2]},
    "number": lambda at: {"price": (1.5, 2, 3.25, 10)[at % 4] + at},
    "several_labels": lambda at: {"tags": tags(at)},
    "several_questions": lambda at: {"digit": "01"[at % 2], "writer": ("ann", "bob", "")[at % 3]},
}
PREDICT = {"number": ("price",), "several_questions": ("digit", "writer")}
MAKE = {"image": (picture, "png"), "audio": (sound, "wav")}


def labelled(root: Path, modality: str, objective: str) -> Dataset:
    """Data of a kind, labelled by a table."""
    root.mkdir()
    rows = []
    for at in range(12):
        if modality == "text":
            own = {"text": f"{at} “things”,\nin lines; 你好"}
        else:
            make, ending = MAKE[modality]
            (root / f"{at}.{ending}").write_bytes(make(at))
            own = {"path": f"{at}.{ending}"}
        rows.append(own | COLUMNS[objective](at))
    with (root / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    predict, how = PREDICT.get(objective, ()), {"separator": "|"}
    options = DataOptions(
        path=str(root),
        objective=objective,
        predict=predict,
        options=how if objective == "several_labels" else {},
    )
    return registry.modality(modality).scan(options)


def read_back(dataset: Dataset) -> list[tuple[str, bytes]]:
    modality = registry.modality(dataset.modality)
    input = opt.check(dataset.input, modality.input_options, "input")
    found = []
    for sample in dataset.samples:
        path = dataset.root / sample.path
        if modality.tables:
            data = str(modality.preview(path, input).data.text).encode()
        else:
            data = shards.read(path) if shards.is_member(path) else path.read_bytes()
        found.append((dataset.classes[sample.label], data))
    return sorted(found)


@pytest.mark.parametrize("objective", COLUMNS)
@pytest.mark.parametrize("modality", ["image", "audio", "text"])
def test_every_kind_is_read_back_equal(tmp_path: Path, modality: str, objective: str) -> None:
    before = labelled(tmp_path / "in", modality, objective)
    names = ("train", "val", "test")  # of each, examples of every class
    parts = {s.path: names[at // 4] for at, s in enumerate(before.samples)}
    write(before, parts, tmp_path / "out")
    after = registry.modality(modality).scan(DataOptions(path=str(tmp_path / "out")))
    assert read_back(after) == read_back(before)
    assert (after.classes, after.targets) == (before.classes, before.targets)
    assert {sample.split for sample in after.samples} == {"train", "val", "test"}


def test_boxes_are_read_back_equal(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at in range(4):
        (tmp_path / "in" / f"{at}.png").write_bytes(picture(at))
    labels = "".join(f"{at}.png,red cell {at / 7:.5f} 0.1 1 0.70001\n" for at in range(3))
    (tmp_path / "labels.csv").write_text(f"path,label\n{labels}3.png,(none)\n")
    table = str(tmp_path / "labels.csv")
    before = scan(DataOptions(path=str(tmp_path / "in"), labels=table, objective="boxes"))
    write(before, {}, tmp_path / "out")
    after = scan(DataOptions(path=str(tmp_path / "out")))
    assert read_back(after) == read_back(before)
    assert after.targets == before.targets


def test_what_cannot_be_written_is_refused_before_anything_is(tmp_path: Path) -> None:
    before = labelled(tmp_path / "in", "image", "several_questions")
    targets = msgspec.structs.replace(before.targets, names=("label", "writer"))
    with pytest.raises(UserError) as refused:
        write(msgspec.structs.replace(before, targets=targets), {}, tmp_path / "out")
    assert refused.value.code == "shards.question_named"
    sounds = labelled(tmp_path / "sounds", "audio", "one_class")
    pieces = [Sample(f"0.wav#{start}", at, 9) for at, start in enumerate((0, 500))]
    with pytest.raises(UserError) as refused:
        write(msgspec.structs.replace(sounds, samples=tuple(pieces)), {}, tmp_path / "out")
    assert refused.value.code == "shards.parts_differ"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("modality", "make"), [("image", picture), ("audio", sound)])
def test_what_is_in_tars_can_be_labelled(
    tmp_path: Path, modality: str, make: Callable[[int], bytes]
) -> None:
    ending = MAKE[modality][1]
    for tar in "ab":
        members = {f"{at}.{ending}": make(at + 50 * (tar == "b")) for at in range(4)}
        packed(tmp_path / "in" / f"{tar}.tar", members)
    kind = registry.modality(modality)
    found = examples(kind, str(tmp_path / "in"))
    assert len(found.samples) == len(set(found.paths)) == 8
    table = tmp_path / "labels.csv"
    rows = "".join(f"{path},{'xy'[at % 2]}\n" for at, path in enumerate(found.paths))
    table.write_text(f"path,label\n{rows}")
    dataset = kind.scan(labelled_data(found, table))
    assert [dataset.classes[sample.label] for sample in dataset.samples] == list("xy" * 4)
    assert [sample.path for sample in dataset.samples] == list(found.paths)


def test_odd_names_of_classes_are_read_back(tmp_path: Path) -> None:
    names = ("a  b", " hare", "red\nfox", "x\u2028y")
    samples = [Sample(f"{at}.png", at % 4, 9) for at in range(12)]
    root = tmp_path / "in"
    root.mkdir()
    for at in range(12):
        (root / f"{at}.png").write_bytes(picture(at))
    dataset = Dataset(root, root, "image", names, tuple(samples))
    written = write(dataset, {}, tmp_path / "out")
    assert written.paths[-1].name == "classes.json"
    assert set(scan(DataOptions(path=str(tmp_path / "out"))).classes) == set(names)
    write(msgspec.structs.replace(dataset, classes=("a  b", "c", "d", "é")), {}, tmp_path / "2")
    assert (tmp_path / "2" / "classnames.txt").read_text("utf-8") == "a  b\nc\nd\né\n"


def test_blank_lines_of_names_are_told_for_what_is_unpacked(tmp_path: Path) -> None:
    members = {}
    for at in range(8):
        members |= {f"{at}.wav": sound(at), f"{at}.cls": str(at % 2).encode()}
    packed(tmp_path / "a.tar", members)
    (tmp_path / "classnames.txt").write_text("owl\n\nwren\n")
    found = registry.modality("audio").scan(DataOptions(path=str(tmp_path)))
    told = [each for each in found.problems if each.code == "shards.names_unused"]
    assert [(each.path, each.values["count"]) for each in told] == [("classnames.txt", 2)]
