"""What is kept of samples in tars belongs to the same ones when the tar is packed anew."""

import json
from pathlib import Path

import msgspec
import pytest

from tests.core.reading.sources.test_shards import packed, picture, read
from transfergui.cli import console
from transfergui.core import registry
from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.data import correction_list, corrections, tar_names, tars
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.corrections import Correction
from transfergui.core.data.dataset import DataOptions, Problem
from transfergui.core.evaluation import disagreements
from transfergui.core.evaluation.disagreements import Differing
from transfergui.core.labelling import export, table
from transfergui.core.labelling.examples import examples
from transfergui.core.labelling.table import LabelTable
from transfergui.core.reading.tables import label_files
from transfergui.core.recipe import Recipe, from_json

NAMES = ("cats/a b.c.png", "cats/ünï.png", "./dogs/3#4.png", "dogs/y.png")
PLAIN_NAMES = tuple(name.removeprefix("./") for name in NAMES)


def pack(folder: Path, names: tuple[str, ...] = NAMES, more: int = 0) -> Path:
    """
    Args:
        more: so many other pictures come first.
    """
    members = {f"cats/0{at}.png": picture(90 + at) for at in range(more)}
    members |= {name: picture(at) for at, name in enumerate(NAMES) if name in names}
    return packed(folder / "a.tar", members)


def by_name(root: Path, samples: list[str]) -> dict[str, str]:
    return {shards.plain_name(root / path): path for path in samples}


def test_names_and_bytes_say_the_same(tmp_path: Path) -> None:
    found = read(pack(tmp_path))
    for sample in found.samples:
        name = tar_names.named(tmp_path, sample.path)
        assert name.removeprefix("a.tar/") in PLAIN_NAMES
        assert tar_names.placed(tmp_path, name) == sample.path
    packed(tmp_path / "a.tar", {"dogs/x.tar/1.png": picture(0)})
    assert tar_names.placed(tmp_path, "a.tar/dogs/x.tar/1.png") == "a.tar#0"
    packed(tmp_path / "a.tar", {"./1.png": picture(0), "1.png": picture(1)})
    second = "a.tar#1024"
    assert shards.is_member(second)
    assert tar_names.named(tmp_path, second) == second  # of two that are called so, the later one
    for text in ("a.tar/gone.png", "b.tar/1.png", "b.tar#0", "1.png"):
        assert tar_names.placed(tmp_path, text) == tar_names.named(tmp_path, text) == text


def test_corrections_stay_with_their_pictures(tmp_path: Path) -> None:
    found = read(pack(tmp_path))
    before = by_name(found.root, [s.path for s in found.samples])
    made = [Correction(before[name], left_out=True) for name in PLAIN_NAMES]
    corrections.save(found, made)
    pack(tmp_path, (NAMES[0], *NAMES[2:]), more=3)
    again = read(tmp_path / "a.tar")
    now = by_name(again.root, [s.path for s in again.samples])
    known = corrections.find(again)
    assert {each.path for each in known.usable} == {now[PLAIN_NAMES[at]] for at in (0, 2, 3)}
    assert [each.path for each in known.gone] == [f"a.tar/{PLAIN_NAMES[1]}"]
    assert "1 correction cannot be used" in corrections.unusable(known)
    packed(tmp_path / "a.tar", {name: picture(50 + at) for at, name in enumerate(NAMES)})
    assert len(corrections.find(read(tmp_path / "a.tar")).changed) == len(NAMES)


def test_recipes_keep_corrections_by_name(tmp_path: Path) -> None:
    found = read(pack(tmp_path))
    before = by_name(found.root, [s.path for s in found.samples])
    data = DataOptions(
        path=str(tmp_path / "a.tar"),
        exclude=(before[PLAIN_NAMES[0]],),
        relabel={before[PLAIN_NAMES[1]]: "birds"},
        confirmed={before[PLAIN_NAMES[2]]: "dogs"},
    )
    text = Recipe(data=data).to_json()
    assert json.loads(text)["data"]["relabel"] == {f"a.tar/{PLAIN_NAMES[1]}": "birds"}
    assert from_json(text).data == data
    pack(tmp_path, NAMES[1:], more=3)
    again = read(tmp_path / "a.tar")
    now = by_name(again.root, [s.path for s in again.samples])
    assert from_json(text).data.relabel == {now[PLAIN_NAMES[1]]: "birds"}
    made = corrected(again, from_json(text).data)
    labels = {sample.path: made.classes[sample.label] for sample in made.samples}
    assert labels[now[PLAIN_NAMES[1]]] == "birds"
    assert labels[now[PLAIN_NAMES[3]]] == "dogs"
    lost = [each for each in made.problems if each.code == "data.corrections_lost"]
    assert [each.values["first"] for each in lost] == [f"a.tar/{PLAIN_NAMES[0]}"]


@pytest.mark.parametrize("how", ["own", "csv", "jsonl"])
def test_labels_stay_with_their_pictures(tmp_path: Path, how: export.How) -> None:
    data = tmp_path / "data"
    pack(data)
    found = examples(registry.modality("image"), str(data))
    label_of = dict(zip(PLAIN_NAMES, "xyxy", strict=True))
    labels = {at: label_of[shards.plain_name(data / at)] for at in found.paths}
    own = tmp_path / "own" / "labels.csv"
    own.parent.mkdir()
    table.save(LabelTable(found.root, "image", labels=labels), own)
    assert table.load(own).labels == table.load(own, str(data)).labels == labels
    given = export.labelled(found, own)
    place = own
    if how != "own":
        act = export.planned(given, tmp_path / "out", how)
        export.written(act)
        place = Path(act.steps[0].target)
        assert "#" not in place.read_text().replace("3#4", "")
    if how == "jsonl":
        assert f"a.tar/{PLAIN_NAMES[0]}" in place.read_text()
        return
    pack(data, NAMES[:3], more=2)
    read_again, noted = label_files.read_noted(place, data)
    there = {at: name for at, name in read_again.items() if shards.is_member(data / at)}
    said = {shards.plain_name(data / at): name for at, name in there.items()}
    assert said == {name: label_of[name] for name in PLAIN_NAMES[:3]}
    assert not noted
    asked = DataOptions(path=str(data), labels=str(place), objective="one_class")
    opened = registry.modality("image").scan(msgspec.structs.replace(asked))
    assert tars.of(opened.root, opened.samples)["a.tar"] == shards.listed(data / "a.tar")
    lost = [each for each in opened.problems if each.code == "labelling.unmatched"]
    assert [each.values["first"].endswith(f"a.tar/{PLAIN_NAMES[3]}") for each in lost] == [True]


def test_people_and_programs_read_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = read(pack(tmp_path))
    path = found.samples[0].path
    name = tar_names.named(tmp_path, path)
    whole = str(UserError("picture.cut_off", path=str(tmp_path / path)))
    assert str(tmp_path / name) in whole
    apart = str(UserError("data.vanished", count=2, total=9, path=path))
    assert "a.tar)" in apart and "#" not in apart
    console.document({"path": path, "of": {str(tmp_path / path): [path]}}, tmp_path)
    said = json.loads(capsys.readouterr().out)
    assert said == {"path": name, "of": {str(tmp_path / name): [name]}}
    differing = Differing(path, "a", "a", "b", None, None, "first")
    assert disagreements.table([differing], tmp_path)[1][0] == name
    listed = correction_list.table(DataOptions(path=str(tmp_path), exclude=(path,)), found)
    assert listed.splitlines()[1].startswith(name)
    problem = Problem("picture.cut_off", path=path).below(tmp_path)
    assert problem.below(Path()).called == name
    assert problem.plain.values == {}
