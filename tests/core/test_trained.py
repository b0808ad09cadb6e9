"""Models from everywhere: they answer alike, and what is not one is refused in a sentence."""

import itertools
import json
import pickle
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from tests import bad_files
from transfergui.core.base.errors import UserError
from transfergui.core.exporters import registry as formats
from transfergui.core.runs import card
from transfergui.core.runs.run import Run
from transfergui.core.trained import BATCH, TrainedModel
from transfergui.core.training import checkpoint


@pytest.fixture(scope="module")
def model(trained_run) -> TrainedModel:
    return TrainedModel.load(trained_run.path)


def refused(path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        TrainedModel.load(path)
    assert path.name in str(caught.value)
    return caught.value


# -- answers


def test_a_run_tells_what_it_is(model, trained_run):
    assert model.name == "shapes"
    assert model.classes == trained_run.split.classes
    assert (model.modality.key, model.card.backbone) == ("image", "resnet18")
    assert (model.input.size, model.input.resize) == (32, 40)
    assert model.run is not None


@pytest.mark.parametrize("key", ["package", "onnx"])
def test_all_forms_answer_alike_on_every_kind_of_picture(model, exported, odd_pictures, key):
    other = TrainedModel.load(exported[key][0])
    assert (other.classes, other.input, other.name) == (model.classes, model.input, model.name)
    for mine, theirs in zip(model.predict(odd_pictures), other.predict(odd_pictures), strict=True):
        assert mine.problem == theirs.problem
        assert mine.problem is None or mine.problem.code == "picture.blank"
        assert mine.label(model.classes) == theirs.label(model.classes)
        assert mine.probabilities == pytest.approx(theirs.probabilities, abs=1e-5)


def test_pictures_turned_by_exif_are_answered_like_the_upright_one(model, tmp_path):
    upright, *turned = bad_files.orientations(tmp_path).values()
    wanted, *found = model.predict([upright, *turned])
    assert len(found) == 7
    for prediction in found:
        assert prediction.probabilities == pytest.approx(wanted.probabilities, abs=1e-6)


def test_bad_files_are_answered_with_a_problem_in_their_place(model, odd_pictures, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"\xff\xd8\xff cut off")
    paths = [odd_pictures[0], bad, tmp_path / "gone.png", odd_pictures[1], tmp_path]
    found = list(model.predict(paths))
    assert [p.path for p in found] == paths
    assert [p.problem is None for p in found] == [True, False, False, True, False]
    assert [p.label(model.classes) == "" for p in found] == [False, True, True, False, True]
    assert str(bad) in found[1].problem.sentence()
    assert found[1].confidence == 0


def test_only_bad_files(model, tmp_path):
    assert [p.problem is None for p in model.predict([tmp_path / "gone.png"])] == [False]
    assert list(model.predict([])) == []


def test_answers_stream_in_order_from_an_endless_supply(model, odd_pictures):
    endless = itertools.cycle(odd_pictures)
    found = list(itertools.islice(model.predict(endless), 2 * BATCH + 3))
    expected = list(itertools.islice(itertools.cycle(odd_pictures), 2 * BATCH + 3))
    assert [p.path for p in found] == expected
    assert found[0].probabilities == pytest.approx(found[len(odd_pictures)].probabilities, abs=1e-6)


def test_probabilities_add_up_and_no_gradient_is_kept(model, odd_pictures):
    (found,) = model.predict(odd_pictures[:1])
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-12)
    assert found.confidence == found.probabilities.max()
    assert not model.logits(torch.zeros(1, 3, 32, 32)).requires_grad


def test_an_onnx_file_can_only_answer(exported):
    with pytest.raises(UserError) as caught:
        _ = TrainedModel.load(exported["onnx"][0]).module
    assert caught.value.code == "model.onnx_only"


# -- refusing: runs


def test_nothing_there(tmp_path):
    assert refused(tmp_path / "nothing.zip").code == "model.missing"
    assert refused(tmp_path).code == "run.missing"


def copied(run: Run, folder: Path) -> Run:
    shutil.copytree(run.path, folder)
    return Run.open(folder)


def test_a_run_that_was_not_trained(trained_run, tmp_path):
    run = copied(trained_run, tmp_path / "run")
    (run.checkpoints / "best.safetensors").unlink()
    assert refused(run.path).code == "run.not_trained"


def test_a_run_outlives_the_weights_file_it_began_with(trained_run, tmp_path):
    run = copied(trained_run, tmp_path / "run")
    recipe = run.recipe.replace(backbone="/gone/resnet18-mine.pth")
    (run.path / "recipe.json").write_text(recipe.to_json())
    assert TrainedModel.load(run.path).card.backbone == "resnet18"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda state: state.pop("encoder.network.conv1.weight"), "weights.misfit"),
        (lambda state: state.update(more=torch.zeros(1)), "weights.misfit"),
        (
            lambda state: state["encoder.network.conv1.weight"].fill_(torch.nan),
            "weights.not_finite",
        ),
    ],
)
def test_weights_that_do_not_fit(trained_run, tmp_path, change, code):
    run = copied(trained_run, tmp_path / "run")
    best = run.checkpoints / "best.safetensors"
    state = {name: tensor.clone() for name, tensor in load_file(best).items()}
    change(state)
    save_file(state, best)
    with pytest.raises(UserError) as caught:
        TrainedModel.load(run.path)
    assert caught.value.code == code
    assert "best.safetensors" in str(caught.value)


def test_a_network_that_insists_on_its_format_version(trained_run, tmp_path):
    from transfergui.core.nn.classifier import classifier_of
    from transfergui.core.resolve import resolve

    run = copied(trained_run, tmp_path / "run")
    (run.path / "recipe.json").write_text(run.recipe.replace(backbone="mnasnet0_5").to_json())
    plan = resolve(run.recipe, run.split)
    module = classifier_of(plan)
    checkpoint.save_best(run.checkpoints, module.state_dict())
    assert TrainedModel.load(run.path).module.state_dict().keys() == module.state_dict().keys()


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"\xff" * 8 + b"{}", pickle.dumps({})])
def test_a_checkpoint_of_other_bytes(trained_run, tmp_path, content):
    run = copied(trained_run, tmp_path / "run")
    (run.checkpoints / "best.safetensors").write_bytes(content)
    with pytest.raises(UserError, match=r"best\.safetensors"):
        TrainedModel.load(run.path)


# -- refusing: packages


def rewritten(package: Path, target: Path, **options) -> Path:
    """A copy with some members replaced (None: left out) and its card changed."""
    change = options.pop("card", lambda tree: None)
    members = {"model.json": None, "model.safetensors": None} | options.pop("members", {})
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(target, "w", **options) as copy:
        for name, content in members.items():
            data = source.read(name) if content is None else content
            if name == "model.json" and content is None:
                tree = json.loads(data)
                data = json.dumps(change(tree) or tree)
            if data != b"":
                copy.writestr(name, data)
    return target


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda tree: tree.update(format=9, transfergui="9.1", novelty=1), "model.newer"),
        (lambda tree: tree.update(novelty=1), "model.damaged"),
        (lambda tree: tree.update(classes="abc"), "model.damaged"),
        (lambda tree: tree.update(classes=["a", "a", "b"]), "model.damaged"),
        (lambda tree: tree.update(classes=[]), "model.damaged"),
        (lambda tree: tree.update(classes=["a", "b"]), "weights.misfit"),
        (lambda tree: tree.update(classes=[str(i) for i in range(10**6)]), "model.damaged"),
        (lambda tree: tree.update(backbone="resnet34"), "weights.misfit"),
        (lambda tree: tree.update(backbone="resnet99"), "model.damaged"),
        (lambda tree: tree.update(modality="smell"), "model.damaged"),
        (lambda tree: tree["input"].update(size=10**9), "model.damaged"),
        (lambda tree: tree.update(sha256={}), "model.damaged"),
        (lambda tree: tree.update(name=float("nan")), "model.damaged"),
        (lambda tree: [tree], "model.damaged"),
    ],
)
def test_a_card_that_is_not_right(exported, tmp_path, change, code):
    package = rewritten(exported["package"][0], tmp_path / "other.zip", card=change)
    assert refused(package).code == code


def test_a_newer_package_names_its_version(exported, tmp_path):
    change = lambda tree: tree.update(format=9, transfergui="9.1")  # noqa: E731
    package = rewritten(exported["package"][0], tmp_path / "newer.zip", card=change)
    assert "TransferGUI 9.1" in str(refused(package))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"format": 1, "format": 1}', "\xff"])
def test_a_card_of_other_text(text):
    with pytest.raises(UserError) as caught:
        card.read(text.encode("latin-1"), "model.zip")
    assert caught.value.code == "model.damaged"


def test_changed_weights_are_noticed(exported, tmp_path):
    members = {"model.safetensors": b"other"}
    package = rewritten(exported["package"][0], tmp_path / "changed.zip", members=members)
    assert "changed after" in str(refused(package))


def test_packed_members_are_not_unpacked(tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("model.json", b" " * 50_000_000)
        package.writestr("model.safetensors", b"\0" * 50_000_000)
    assert refused(bomb).code == "model.damaged"


def test_a_zip_of_something_else(tmp_path):
    other = tmp_path / "photos.zip"
    with zipfile.ZipFile(other, "w") as package:
        package.writestr("../../outside.txt", "x")
    assert refused(other).code == "model.unknown"
    assert not (tmp_path.parent.parent / "outside.txt").exists()


def test_a_pt2_file_is_not_opened(exported):
    assert refused(exported["pt2"][0]).code == "model.unknown"


@pytest.mark.parametrize("part", [0.3, 0.999])
def test_a_package_cut_off(exported, tmp_path, part):
    data = exported["package"][0].read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(data[: int(part * len(data))])
    refused(cut)


@pytest.mark.parametrize("seed", range(40))
def test_a_small_package_with_flipped_bytes(tmp_path, seed):
    path = tmp_path / "flipped.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("model.json", b'{"format": 1, "name": "x"}')
        package.writestr("model.safetensors", b"\x02\0\0\0\0\0\0\0{}")
    data = bytearray(path.read_bytes())
    rng = np.random.default_rng(seed)
    for place in rng.integers(0, len(data), 3):
        data[place] = rng.integers(0, 256)
    path.write_bytes(data)
    refused(path)


# -- refusing: ONNX files


def changed_onnx(source: Path, target: Path, change) -> Path:
    import onnx

    proto = onnx.load(source)
    change(proto)
    target.write_bytes(proto.SerializeToString())
    return target


def set_card(**fields):
    def change(proto):
        entry = next(entry for entry in proto.metadata_props if entry.key == "card")
        entry.value = json.dumps(json.loads(entry.value) | fields)

    return change


def make_external(proto):
    tensor = proto.graph.initializer[0]
    tensor.data_location = 1
    tensor.external_data.add(key="location", value="../../../../etc/passwd")


def elsewhere(tensor):
    tensor.data_type = 1
    tensor.dims.extend([1])
    tensor.data_location = 1
    tensor.external_data.add(key="location", value="../../../../etc/passwd")


def external_constant(proto):
    attribute = proto.graph.node.add(op_type="Constant", output=["odd"]).attribute.add(name="value")
    attribute.type = 4
    elsewhere(attribute.t)


def external_in_branch(proto):
    attribute = proto.graph.node.add(op_type="If", output=["odd"]).attribute.add(name="then")
    attribute.type = 5
    elsewhere(attribute.g.initializer.add(name="within"))


def external_in_function(proto):
    node = proto.functions.add(name="f", domain="x").node.add(op_type="Constant", output=["y"])
    elsewhere(node.attribute.add(name="value", type=4).t)


def external_sparse(proto):
    elsewhere(proto.graph.sparse_initializer.add().values)


@pytest.mark.parametrize(
    "change",
    [make_external, external_constant, external_in_branch, external_in_function, external_sparse],
)
def test_weights_in_another_file_are_refused_wherever_they_are_named(exported, tmp_path, change):
    path = changed_onnx(exported["onnx"][0], tmp_path / "other.onnx", change)
    error = refused(path)
    assert error.code == "model.damaged"
    assert "another file" in error.note.values["reason"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda proto: proto.ClearField("metadata_props"), "model.unknown"),
        (set_card(format=9), "model.newer"),
        (set_card(classes=["a", "b"]), "model.damaged"),
        (set_card(input={"size": "big"}), "model.damaged"),
        (make_external, "model.damaged"),
        (lambda proto: proto.graph.node[0].ClearField("input"), "model.damaged"),
    ],
)
def test_onnx_files_that_are_not_right(exported, tmp_path, change, code):
    path = changed_onnx(exported["onnx"][0], tmp_path / "other.onnx", change)
    assert refused(path).code == code


@pytest.mark.parametrize("content", [b"", b"\0" * 1000, b"<html></html>", pickle.dumps({"a": 1})])
def test_other_files_are_no_model(tmp_path, content):
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    assert refused(path).code == "model.unknown"


def test_pickles_are_never_loaded(tmp_path):
    class Evil:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "executed",))

    torch.save({"x": Evil()}, tmp_path / "model.pth")
    assert refused(tmp_path / "model.pth").code == "model.unknown"
    assert not (tmp_path / "executed").exists()


def test_every_class_name_survives(exported, tmp_path, model):
    names = ["caf\udce9", "猫", '"\n\\']
    package = rewritten(
        exported["package"][0], tmp_path / "names.zip", card=lambda tree: tree.update(classes=names)
    )
    assert TrainedModel.load(package).classes == tuple(names)
    assert formats.exporter("package").suffix == ".zip"


def test_where_the_teacher_lay_is_nobody_elses_business(trained_run: Run, tmp_path: Path) -> None:
    run = copied(trained_run, tmp_path / "run")
    options = {"teacher": "/home/anna/runs/beetles", "temperature": 2.0}
    recipe = run.recipe.replace(options=options, weights_dir="/home/anna/weights")
    (run.path / "recipe.json").write_text(recipe.to_json())
    told = TrainedModel.load(run.path).card.recipe
    assert told.options == {"teacher": "beetles", "temperature": 2.0}
    assert "/home/anna" not in told.to_json()
