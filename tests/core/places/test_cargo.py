"""What leaves the computer, and the paths that it has over there."""

import dataclasses
import json
from pathlib import Path

import msgspec
import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.data.companions import Companion, CompanionOptions
from transfergui.core.data.dataset import DataOptions, Sample
from transfergui.core.data.split import Split, SplitOptions
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import cargo
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run


def test_data_and_published_weights(tmp_path: Path, plan: Plan) -> None:
    whole = cargo.of(plan)
    assert len(whole.data) == sum(plan.split.sizes().values())
    assert whole.data_bytes == sum(piece.source.stat().st_size for piece in whole.data)
    assert whole.weights == ()  # they come with the program
    assert {piece.target for piece in whole.data} == {
        f"files{piece.source}" for piece in whole.data
    }


def test_a_table_a_test_folder_and_other_data(plan: Plan) -> None:
    """Parts of one file are one file; the way up out of the folder is followed."""
    samples = (Sample("talk.wav#0", 0, 10), Sample("talk.wav#500", 1, 10), Sample("../t/b", 0, 5))
    beside = Companion("target", "/other", "/other", (Sample("c", -1, 7),))
    divided = msgspec.structs.replace(
        plan.split, root="/data/set", train=samples, val=(), test=(), companions=(beside,)
    )
    plan = dataclasses.replace(plan, split=divided)
    whole = cargo.of(plan)
    assert [str(piece.source) for piece in whole.data] == [
        "/data/set/talk.wav",
        "/data/t/b",
        "/other/c",
    ]
    assert whole.data_bytes == 22
    hashes = dict.fromkeys((piece.source for piece in whole.data), "h")
    made = cargo.manifest(plan, "/there", whole, hashes)
    tree = json.loads(made.split)
    assert tree["root"] == "/there/files/data/set"
    assert tree["companions"][0]["root"] == "/there/files/other"
    assert made.files["files/data/t/b"] == "h"


def test_a_run_as_backbone_is_sent_without_what_no_training_reads(tmp_path: Path) -> None:
    run = tmp_path / "first"
    (run / "checkpoints").mkdir(parents=True)
    for name in ("recipe.json", "checkpoints/best.safetensors", "checkpoints/last.pt", "log.txt"):
        (run / name).write_text("{}")
    names = {path.relative_to(run).as_posix() for path in cargo._files_of(run)}
    assert names == {"recipe.json", "checkpoints/best.safetensors"}


def test_the_split_of_another_run_has_the_paths_of_over_there(plan: Plan, tmp_path: Path) -> None:
    """A teacher is compared on the same examples, which are known by their paths."""
    teacher = Run.create(plan.recipe, plan.split, tmp_path / "teacher")
    recipe = plan.recipe.replace(options={"teacher": str(teacher.path)})
    made = cargo.manifest(
        dataclasses.replace(plan, recipe=recipe), "/there", cargo.Cargo(0, (), (), 0, 0), {}
    )
    (text,) = made.texts.values()
    assert json.loads(text)["root"] == f"/there/files{plan.split.root}"
    assert [*made.texts] == [f"files{teacher.path}/split.json"]


def hashes(whole: cargo.Cargo) -> dict[Path, str]:
    reading = cargo.hashes(whole)
    while True:
        try:
            next(reading)
        except StopIteration as end:
            return dict(end.value)


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    gone = cargo.Cargo(1, (cargo.Piece(tmp_path / "a.png", "a"),), (), 1, 0)
    with pytest.raises(UserError) as raised:
        hashes(gone)
    assert raised.value.code == "place.file_gone"


def test_hashes_are_remembered_until_a_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")
    whole = cargo.Cargo(1, (cargo.Piece(path, "a"),), (), 1, 0)
    first = hashes(whole)
    assert hashes(whole) == first
    path.write_bytes(b"22")
    assert hashes(whole) != first


WHOLE = {"data.path", "data.test", "data.labels", "data.added", "companions.target"} | {
    *("companions.source", "companions.unlabelled", "companions.check", "backbone", "options"),
    *("split.root", "split.companions", "weights_dir"),
}
"""Fields that name files or folders, which are sent, and are others there."""
NAMED = {"split.kept", "split.unused"}
"""Those that name files that no training reads: they are not sent. The former is a run of here,
with which the result is compared here; the latter stands in the split."""
PLAIN = {
    *("schema", "name", "modality", "objective", "strategy", "head", "input", "augment"),
    *("optim", "run"),
    *("data.objective", "data.predict", "data.exclude", "data.relabel", "data.rename"),
    *("data.together", "data.confirmed", "data.elsewhere", "data.elsewhere_checks"),
    *("data.options", "data.added_classes", "companions.classes"),
    *("split.val_percent", "split.test_percent", "split.corrected", "split.only_kept"),
    *("split.new_test_percent", "split.modality", "split.classes", "split.train", "split.val"),
    *("split.test", "split.seed", "split.method", "split.input", "split.grouped_by"),
    *("split.ungrouped", "split.languages", "split.targets", "split.new", "split.tars"),
}
"""The rest is the same there: values, and names of examples below the folder of the data."""


def test_of_every_field_it_is_known_whether_its_files_are_sent() -> None:
    """A new one that names files must be sent, or be told."""
    nested = {"data": DataOptions, "companions": CompanionOptions, "split": SplitOptions}
    fields = {*Recipe.__struct_fields__} - set(nested)
    for name, kind in (*nested.items(), ("split", Split)):
        fields |= {f"{name}.{field}" for field in kind.__struct_fields__}
    assert fields == WHOLE | NAMED | PLAIN


def test_every_path_of_a_recipe_is_that_of_over_there(plan: Plan, tmp_path: Path) -> None:
    network = tmp_path / "network.safetensors"
    network.write_bytes(b"x")
    paths = {name: f"/here/{name}" for name in ("test", "labels", "a", "b", "c", "d", "e", "root")}
    recipe = plan.recipe.replace(
        data__test=paths["test"],
        data__labels=paths["labels"],
        data__added=[paths["a"]],
        companions__target=paths["b"],
        companions__source=[paths["c"]],
        companions__unlabelled=paths["d"],
        companions__check=paths["e"],
        weights_dir="/here/weights",
    )
    recipe = recipe.replace(options={"runs": [str(network)], "teacher": str(network)})
    split = msgspec.structs.replace(plan.split, root=paths["root"])
    plan = dataclasses.replace(plan, recipe=recipe, split=split)
    made = cargo.manifest(plan, "/there", cargo.Cargo(0, (), (), 0, 0), {})
    for text in (made.recipe, made.split):
        assert str(network) not in text.replace(f"/there/files{network}", "")
        assert "/here/" not in text.replace("/there/files/here/", "")
    assert made.recipe.count("/there/files") == 10
