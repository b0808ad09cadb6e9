"""Several networks together: what the head gets, what stays as it is, what is found again."""

import csv
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.conftest import TINY
from tests.core.modalities.text.conftest import make_network
from tests.core.training.conftest import BACKBONE, SIZE, Lab
from transfergui.core import plans, registry
from transfergui.core.base.errors import UserError
from transfergui.core.data.split import split
from transfergui.core.exporters import registry as formats
from transfergui.core.exporters.export import export
from transfergui.core.interfaces.plan import Plan
from transfergui.core.modalities.image.options import ImageInput
from transfergui.core.networks import planned
from transfergui.core.nn import heads
from transfergui.core.nn.classifier import Classifier, classifier_of
from transfergui.core.nn.composite import Composite, resized
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve, resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import checkpoint, estimate, features, trainer
from transfergui.core.training.feature_pass import FeaturePass
from transfergui.core.training.features import FeatureSource

WIDTHS = (1024, 2688)
"""Features of :data:`BACKBONE` and of the built-in network."""


def fused(lab: Lab, *partners: str, **more: Any) -> Plan:
    options = {"partners": list(partners), **more.pop("options", {})}
    return lab.plan(strategy="fusion", options=options, **more)


def model_of(plan: Plan) -> Classifier:
    return classifier_of(plan, planned.starting_weights(plan)).eval()


def code_of(lab: Lab, *partners: str, **more: Any) -> str:
    with pytest.raises(UserError) as caught:
        fused(lab, *partners, **more)
    assert str(caught.value)
    return caught.value.code


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


# -- what the head gets


@torch.no_grad()
def test_the_head_gets_what_each_network_alone_would_give_it(lab: Lab) -> None:
    plan = fused(lab, "tgnet")
    inputs = torch.rand(3, 3, SIZE, SIZE)
    alone = [
        part.modality.build(part.backbone, planned.require_weights(part), part.input).eval()(inputs)
        for part in planned.parts(plan)
    ]
    assert tuple(each.shape[1] for each in alone) == plan.backbone.widths == WIDTHS
    torch.testing.assert_close(model_of(plan).encoder(inputs), torch.cat(alone, 1))


@torch.no_grad()
def test_a_network_for_smaller_pictures_gets_them_resized(lab: Lab) -> None:
    plan = fused(lab, "tgnet", input={})
    row = registry.backbone(plan.modality, "tgnet")
    assert isinstance(plan.input, ImageInput)
    assert plan.input.size == 224
    inputs = torch.rand(2, 3, 224, 224)
    small = resized(inputs, (row.input["size"],) * 2)
    weights = planned.require_weights(planned.parts(plan)[1])
    alone = plan.modality.build(row, weights, ImageInput(**row.input)).eval()(small)
    torch.testing.assert_close(model_of(plan).encoder(inputs)[:, WIDTHS[0] :], alone)


def test_each_network_is_brought_to_one_scale_of_its_own() -> None:
    scaled = heads.Standardize(2, 3)
    made = torch.randn(500, 5) * torch.tensor([9.0, 9.0, 0.1, 0.1, 0.1]) + 4
    scaled.fit(made)
    first, second = scaled(made).split((2, 3), 1)
    assert scaled(made).mean(0).abs().max() < 1e-4
    for part in (first, second):
        assert part.var(0, correction=0).mean() == pytest.approx(1, rel=1e-4)


def test_features_are_averaged_where_they_are_equally_long(lab: Lab) -> None:
    other, _events = lab.train(strategy="feature_extraction", run__epochs=1)
    plan = fused(lab, str(other.path), options={"merge": "average"})
    model = model_of(plan)
    last = model.head[-1]
    assert isinstance(last, torch.nn.Linear)
    assert last.in_features == WIDTHS[0] == plan.backbone.merged
    torch.nn.init.normal_(last.weight)
    found = torch.randn(4, 2 * WIDTHS[0])
    mean = (found[:, : WIDTHS[0]] + found[:, WIDTHS[0] :]) / 2  # the scale is not fitted yet
    torch.testing.assert_close(model.head(found), last(mean), rtol=1e-4, atol=1e-4)


def test_every_parameter_is_in_one_group_and_the_last_ones_are_together(lab: Lab) -> None:
    plan = fused(lab, "tgnet")
    groups = model_of(plan).group_parameters()
    depths = [len(part.backbone.groups) for part in planned.parts(plan)]
    assert len(groups) == max(depths)
    assert {name.split(".")[1] for name in plan.backbone.groups[-1]} == {"0", "1"}
    assert len({name.split(".")[1] for name in plan.backbone.groups[0]}) == 1


# -- what stays, what is found again


def test_the_networks_stay_as_they_are(lab: Lab) -> None:
    plan = fused(lab, "tgnet")
    start = model_of(plan).state_dict()
    run, events = lab.train(strategy="fusion", options={"partners": "tgnet"})
    end = load_file(run.checkpoints / checkpoint.BEST)
    assert all(torch.equal(end[n], start[n]) for n in end if n.startswith("encoder."))
    (phase,) = (event for event in events if isinstance(event, ev.PhaseStarted))
    assert phase.trainable == 3 * (sum(WIDTHS) + 1)
    assert plans.is_frozen(plan)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The network that looked, once for each sample that it looked at."""
    found: list[str] = []
    keep = FeaturePass.keep

    def noted(work: FeaturePass, items: Any, computed: np.ndarray) -> int:
        found.extend([work.plan.backbone.key] * len(items))
        return keep(work, items, computed)

    monkeypatch.setattr(FeaturePass, "keep", noted)
    return found


def test_each_network_looks_at_a_sample_once_whatever_it_is_together_with(
    lab: Lab, looked: list[str]
) -> None:
    lab.train(strategy="feature_extraction")
    assert set(looked) == {BACKBONE}
    looked.clear()
    lab.train(strategy="fusion", options={"partners": "tgnet"})
    assert set(looked) == {"tgnet"}  # the other one is known from the plain training
    looked.clear()
    lab.train(strategy="fusion", options={"partners": "tgnet"}, run__epochs=5)
    lab.train(backbone="tgnet", strategy="fusion", options={"partners": BACKBONE})
    lab.train(backbone="tgnet", strategy="feature_extraction")
    assert looked == []
    assert estimate.estimate(fused(lab, "tgnet")).features == 0


def test_what_was_resized_is_not_taken_for_what_was_not(lab: Lab) -> None:
    plan = fused(lab, "tgnet", input={})
    whole, resizing = planned.parts(plan)
    assert not whole.backbone.parts
    plain = lab.plan(backbone="tgnet", input=dict(whole.recipe.input) | plan.backbone.input)
    weights = planned.require_weights(resizing)
    folders = [features.open_store(each, weights).folder for each in (resizing, plain)]
    assert folders[0] != folders[1]


def test_features_of_samples_that_one_network_lost_are_left_out(lab: Lab) -> None:
    samples = fused(lab, "tgnet").split.train[:4]
    wanted = torch.arange(4)
    first = FeatureSource(np.ones((1, 4, 2), np.float32), samples, wanted, 0)
    second = FeatureSource(np.full((1, 3, 3), 2, np.float32), samples[1:], wanted[1:], 0)
    both = features.side_by_side([first, second])
    assert both.paths == [sample.path for sample in samples[1:]]
    assert both.versions.tolist() == [[[1, 1, 2, 2, 2]] * 3]
    assert both.wanted.tolist() == [1, 2, 3]


def test_interrupted_and_resumed_is_the_same_to_the_bit(lab: Lab) -> None:
    settings = {"strategy": "fusion", "run__early_stopping": "none"}
    whole, _events = lab.train(**settings)
    made = lab.plan(**settings)
    run = lab.run(made)
    list(lab.interrupted(run, made, "cancel", 2))
    assert not run.report()
    list(trainer.train(resume_plan(run), run))
    one, other = (load_file(each.checkpoints / checkpoint.BEST) for each in (whole, run))
    assert all(torch.equal(one[name], other[name]) for name in one)


# -- whom it is together with


def test_the_program_chooses_the_best_other_network_and_says_which(lab: Lab) -> None:
    plan = fused(lab)
    assert plan.recipe.options["partners"] == ["tgnet"]
    assert plan.backbone.title == "ShuffleNetV2 x0.5 + TGNet"
    assert [source.backbone.key for source in plans.sources(plan)] == [BACKBONE, "tgnet"]
    assert lab.plan(strategy="fusion", backbone="tgnet").recipe.options["partners"] == [BACKBONE]


def test_what_does_not_go_together_is_said(lab: Lab) -> None:
    assert code_of(lab, BACKBONE) == "fusion.twice"
    assert code_of(lab, "tgnet", options={"merge": "average"}) == "fusion.other_width"
    assert code_of(lab, "mobilenet_v9") == "registry.unknown"
    assert code_of(lab, options={"merge": "average"}) == "fusion.no_partner"


# -- a run as every other


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory, pictures: Path, weights_dir: Path, home: Path
) -> Run:
    """Finished; one of its networks looks at smaller pictures than the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSFERGUI_HOME", str(home))
        lab = Lab(tmp_path_factory.mktemp("fused"), pictures, weights_dir)
        small, _events = lab.train(strategy="feature_extraction", run__epochs=1)
        settings = {"backbone": "tgnet", "input": {}, "options": {"partners": str(small.path)}}
        run, events = lab.train(strategy="fusion", run__epochs=5, **settings)
    assert isinstance(events[-1], ev.Finished), events[-1]
    return run


def test_it_answers_as_was_measured(run: Run) -> None:
    model = TrainedModel.load(run.path)
    with (run.path / "predictions.csv").open(newline="") as stream:
        rows = {row["path"]: row for row in csv.DictReader(stream)}
    assert len(rows) == len(run.split.test)
    for answer in model.predict([Path(run.split.root) / s.path for s in run.split.test]):
        assert answer.probabilities is not None
        known = rows[str(answer.path.relative_to(run.split.root))]
        for name, found in zip(model.classes, answer.probabilities, strict=True):
            assert float(known[name]) == pytest.approx(found, abs=2e-3)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("key", ["package", pytest.param("pt2", marks=pytest.mark.slow)])
def test_it_is_exported_like_every_other_and_answers_alike(
    run: Run, key: str, tmp_path: Path
) -> None:
    """The ONNX file of such a run is made, and compared with it, in tests/core/test_old_versions.py
    and, of one that is together with another, in tests/end_to_end."""
    out = tmp_path / f"model{formats.exporter(key).suffix}"
    parity = export(run.path, key, out)
    assert parity.same
    assert parity.agree == 1
    if key == "pt2":
        return
    inputs = torch.rand(3, 3, 80, 80)
    loaded = TrainedModel.load(out)
    torch.testing.assert_close(
        loaded.logits(inputs), TrainedModel.load(run.path).logits(inputs), rtol=1e-3, atol=1e-3
    )
    assert loaded.backbone.parts == TrainedModel.load(run.path).backbone.parts


def test_its_file_of_a_backbone_is_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        export(run.path, "backbone", tmp_path / "network.safetensors")
    assert caught.value.code == "export.unlisted"


def test_it_can_be_the_start_of_another_training(lab: Lab, run: Run) -> None:
    second, events = lab.train(backbone=str(run.path), strategy="fine_tuning", run__epochs=1)
    assert isinstance(events[-1], ev.Finished)
    first, last = (load_file(each.checkpoints / checkpoint.BEST) for each in (run, second))
    names = [name for name in first if name.startswith("encoder.")]
    moved = [name for name in names if not torch.equal(first[name], last[name])]
    assert {name.split(".")[2] for name in moved} == {"0", "1"}  # both networks learn on
    assert isinstance(TrainedModel.load(second.path).module.encoder, Composite)


def test_it_can_teach_and_be_together_with_another(lab: Lab, run: Run) -> None:
    taught, events = lab.train(
        backbone="tgnet",
        strategy="distillation",
        options={"teacher": str(run.path)},
        run__epochs=1,
    )
    assert isinstance(events[-1], ev.Finished), events[-1]
    assert run.split.learnt_from() <= plans.leaked(lab.plan(backbone=str(taught.path)))
    _third, events = lab.train(strategy="fusion", options={"partners": [str(run.path)]})
    assert isinstance(events[-1], ev.Finished), events[-1]


@pytest.mark.usefixtures("untraced")
def test_networks_for_texts_that_read_alike_are_kept_with_all_they_need(tmp_path: Path) -> None:
    """The description of each lies in a folder of its own, in the run and in what is exported."""
    texts = TINY["text"](tmp_path / "texts")
    first, second = (str(make_network(tmp_path / name)) for name in ("one", "two"))
    recipe = Recipe().replace(
        modality="text",
        data__path=str(texts),
        backbone=first,
        strategy="fusion",
        options={"partners": [second]},
        run__epochs=1,
    )
    dataset = registry.modality("text").scan(recipe.data)
    plan = resolve(recipe, split(dataset, recipe.split, 0))
    run = Run.create(plan.recipe, plan.split, tmp_path / "run")
    *_, last = trainer.train(plan, run)
    assert isinstance(last, ev.Finished), last
    model = TrainedModel.load(run.path)
    assert {"config.json", "part0/config.json", "part1/tokenizer.json"} <= model.assets.keys()
    for name in ("one", "two"):
        shutil.rmtree(tmp_path / name)
    known = TrainedModel.load(run.path)
    export(run.path, "package", tmp_path / "model.zip")
    passed_on = TrainedModel.load(tmp_path / "model.zip")
    sample = Path(plan.split.root) / plan.split.test[0].path
    inputs = known.read(sample)[None]
    torch.testing.assert_close(passed_on.logits(inputs), known.logits(inputs))
    torch.testing.assert_close(model.logits(inputs), known.logits(inputs))
    second_run = {"backbone": str(run.path), "strategy": "feature_extraction", "options": {}}
    plan = resolve(recipe.replace(**second_run), plan.split)
    run = Run.create(plan.recipe, plan.split, tmp_path / "run2")
    *_, last = trainer.train(plan, run)
    assert isinstance(last, ev.Finished), last
    assert TrainedModel.load(run.path).assets.keys() >= model.assets.keys()
