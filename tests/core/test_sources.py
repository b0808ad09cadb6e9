"""What a network can be named by: runs above all, and what is kept of them."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.core.made_plans import planned
from tests.core.made_runs import SIZE, make_run, split_of
from transfergui.core import plans, registry
from transfergui.core.base.errors import UserError
from transfergui.core.networks.planned import save_assets
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import REPORT, Run
from transfergui.core.sources import kept_row, named_backbone, network_title, trained_backbone


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return make_run(tmp_path / "run", ("ant", "bee"))


def test_a_run_is_a_backbone_with_its_input(run: Run) -> None:
    plan = planned(backbone=str(run.path), strategy="fine_tuning")
    assert plan.backbone.key == "shufflenet_v2_x0_5"
    assert plan.weights == run.best
    assert plan.input.size == plan.recipe.input["size"] == SIZE
    assert plans.sources(plan)[0].weights == run.best
    wider = planned(backbone=str(run.path), input__size=96, input__resize=96)
    assert wider.input.size == wider.recipe.input["size"] == 96


def test_a_run_is_a_source_with_its_classes(run: Run) -> None:
    source = named_backbone(registry.modality("image"), str(run.path))
    assert (source.run, source.classes) == (run.path, ("ant", "bee"))


def test_a_run_from_a_run_that_is_gone_is_still_a_backbone(tmp_path: Path, run: Run) -> None:
    second = make_run(tmp_path / "second", ("ant", "bee"), backbone=str(run.path), input={})
    shutil.rmtree(run.path)
    plan = planned(backbone=str(second.path))
    assert plan.backbone.key == "shufflenet_v2_x0_5"
    assert plan.input.size == SIZE


def test_what_the_sources_were_trained_on_is_known(tmp_path: Path, run: Run) -> None:
    assert plans.leaked(planned(strategy="fine_tuning")) == frozenset()
    first = run.split.learnt_from()
    assert "/data/ant/0.png" in first
    assert plans.leaked(planned(backbone=str(run.path), strategy="fine_tuning")) == first
    assert plans.leaked(planned(backbone=str(run.path), strategy="from_scratch")) == frozenset()
    taught = planned(strategy="distillation", options={"teacher": str(run.path)})
    assert plans.leaked(taught) == first
    second = make_run(tmp_path / "second", ("cat",), backbone=str(run.path), input={})
    both = plans.leaked(planned(backbone=str(second.path), strategy="fine_tuning"))
    assert both == first | second.split.learnt_from()


def refused(path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        planned(backbone=str(path))
    assert str(path) in str(caught.value)
    return caught.value


AS_IT_WAS = {"moment": {"epoch": 1, "untouched": True}}
"""Of a report: only new last layers were kept."""


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({}, "source.taken_over"),
        ({"frozen": False, "moment": {"epoch": 9, "untouched": False}}, "source.taken_over"),
        ({"frozen": False} | AS_IT_WAS, "source.as_it_was"),
        ({"frozen": True}, "source.as_it_was"),  # of an older version
    ],
)
def test_what_of_a_run_is_taken_over_is_said(run: Run, figures: dict[str, Any], code: str) -> None:
    """A training that changed last layers alone leaves nothing that could be taken over."""
    (run.path / REPORT).write_text(json.dumps(figures))
    (note,) = plans.notes(planned(backbone=str(run.path), strategy="fine_tuning"))
    assert note.code == code
    plan = planned(backbone=str(run.path), strategy="fine_tuning")
    (adapted,) = plans.notes(dataclasses.replace(plan, strategy=registry.strategy("adabn")))
    assert adapted.code == "source.adapted"
    assert ("trained only a head" in note.sentence()) == (code == "source.as_it_was")


def test_a_run_that_learnt_nothing_is_no_backbone(run: Run) -> None:
    run.best.unlink()
    assert refused(run.path).code == "run.not_trained"


def test_a_run_on_something_else_is_no_backbone(run: Run) -> None:
    other = msgspec.structs.replace(run.recipe, modality="smell")
    (run.path / "recipe.json").write_text(other.to_json())
    assert refused(run.path).code == "backbone.other_modality"


def test_a_folder_that_is_no_run_is_no_backbone(tmp_path: Path) -> None:
    assert refused(tmp_path).code == "run.missing"


# -- the network's row, kept


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"key": 3}'])
def test_a_damaged_record_of_the_backbone_is_said(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "backbone.json").write_bytes(content)
    with pytest.raises(UserError) as caught:
        kept_row(tmp_path)
    assert caught.value.code == "model.damaged"
    assert str(tmp_path) in str(caught.value)


def test_a_run_knows_its_backbone_although_it_is_in_no_list(run: Run) -> None:
    row = msgspec.structs.replace(planned().backbone, key="mine", groups=(("layer.",),))
    run.assets.mkdir()
    (run.assets / "backbone.json").write_bytes(msgspec.json.encode(row))
    assert trained_backbone(run) == row


# -- what the network of a run is called


def begun(folder: Path, **settings: Any) -> Run:
    """A run of which nothing but its recipe is there."""
    return Run.create(Recipe().replace(**settings), split_of(("ant", "bee")), folder)


def test_a_network_of_the_list_has_its_title(tmp_path: Path) -> None:
    assert network_title(begun(tmp_path / "run", backbone="resnet18")) == "ResNet-18"


def test_one_from_a_run_that_is_gone_has_the_title_of_its_network(tmp_path: Path, run: Run) -> None:
    second = make_run(tmp_path / "second", ("ant", "bee"), backbone=str(run.path), input={})
    title = network_title(run)
    shutil.rmtree(run.path)
    assert network_title(second) == title == trained_backbone(second).title


def test_what_is_in_no_list_is_called_by_its_name(tmp_path: Path) -> None:
    assert network_title(begun(tmp_path / "run", backbone="/there/my_own.pth")) == "my_own.pth"


def test_several_networks_are_all_named(tmp_path: Path) -> None:
    options = {"partners": ("resnet18", "/gone/another.pth")}
    run = begun(tmp_path / "run", backbone="tgnet", strategy="fusion", options=options)
    assert network_title(run) == "TGNet + ResNet-18 + another.pth"
    options = {"partners": ("squeezenet1_1",)}
    save_assets(planned(backbone="tgnet", strategy="fusion", options=options), run.assets)
    assert network_title(run) == "TGNet + SqueezeNet 1.1"  # once it has begun, by its record


def test_of_trainings_put_together_it_is_said_how_many(tmp_path: Path) -> None:
    run = begun(tmp_path / "run", strategy="soup", options={"runs": ("/one", "/two")})
    assert network_title(run) == "2 runs"


def test_what_a_search_has_not_found_has_no_name(tmp_path: Path) -> None:
    assert network_title(begun(tmp_path / "run", strategy="auto", backbone="auto")) == (
        "not chosen yet"
    )
