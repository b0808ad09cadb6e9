"""Distillation: who teaches, what counts, and that the teacher's answers are read rightly."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.core.made_runs import SIZE, make_run, split_of
from transfergui.core import plans
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks import planned as networks
from transfergui.core.nn.classifier import classifier_of
from transfergui.core.nn.losses import Distilled
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.strategies import distillation
from transfergui.core.strategies.distillation import OUTPUT_WEIGHT
from transfergui.core.trained import TrainedModel
from transfergui.core.training.step import make_task

CLASSES = ("ant", "bee", "wasp")
TURNED = ("wasp", "ant", "bee")
HEADS = ({"kind": "linear"}, {"kind": "hidden", "units": 12})


def planned(*classes: str, **options: Any) -> Plan:
    recipe = Recipe().replace(backbone="tgnet", strategy="distillation", options=options)
    return resolve(recipe, split_of(classes or CLASSES))


def task_of(plan: Plan) -> Distilled:
    task = make_task(plan, classifier_of(plan))
    assert isinstance(task, Distilled)
    return task


def code_of(**options: Any) -> str:
    with pytest.raises(UserError) as caught:
        planned(**options)
    assert str(caught.value)
    return caught.value.code


def test_a_published_network_teaches_features_only() -> None:
    plan = planned()
    (phase,) = plan.phases
    assert phase.teacher is not None
    assert phase.teacher.backbone.key == "mobilenet_v2"
    assert phase.teacher.weights is None  # to be looked for
    targets, classes = plan.split.targets, plan.split.classes
    assert distillation.output_weight(plan.options, targets, classes, phase.teacher) == 0
    task = task_of(plan)
    assert task.teacher_head is None
    assert task.projection.weight.shape == (1280, plan.backbone.features)


def test_epochs_and_rate_are_those_chosen() -> None:
    recipe = planned().recipe.replace(run__epochs=7, optim__lr=0.25)
    (phase,) = resolve(recipe, split_of(CLASSES)).phases
    assert (phase.epochs, phase.lr) == (7, 0.25)


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head["kind"])
def test_a_run_with_the_classes_in_another_order_answers_in_ours(
    tmp_path: Path, head: dict[str, Any]
) -> None:
    run = make_run(tmp_path / "run", TURNED, head=head)
    plan = planned(*CLASSES, teacher=str(run.path))
    teacher = plan.phases[0].teacher
    assert teacher is not None
    assert teacher.weights == run.best
    assert networks.of_source(plan, teacher).input.size == SIZE  # type: ignore[attr-defined]
    assert plan.input.size != SIZE  # type: ignore[attr-defined]
    task = task_of(plan)
    assert task.output_weight == OUTPUT_WEIGHT
    features = torch.randn(5, teacher.backbone.features)
    known = TrainedModel.load(run.path).module.head(features)
    wanted = torch.stack([known[:, TURNED.index(name)] for name in CLASSES], 1)
    assert task.teacher_head is not None
    torch.testing.assert_close(task.teacher_head(features), wanted)


def test_a_run_with_other_classes_teaches_features_only(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", ("ant", "bee", "hornet"))
    assert task_of(planned(teacher=str(run.path))).teacher_head is None
    assert code_of(teacher=str(run.path), output_weight=0.5) == "teacher.no_answers"


def test_a_published_network_has_no_answers_to_learn() -> None:
    assert code_of(output_weight=1.0) == "teacher.no_answers"


def test_answers_can_be_switched_off(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", CLASSES)
    assert task_of(planned(teacher=str(run.path), output_weight=0.0)).teacher_head is None


def test_to_learn_nothing_is_refused(tmp_path: Path) -> None:
    nothing = {"feature_weight": 0.0, "label_weight": 0.0}
    assert code_of(**nothing) == "teacher.nothing"
    run = make_run(tmp_path / "run", CLASSES)
    assert code_of(**nothing, teacher=str(run.path), output_weight=0.0) == "teacher.nothing"
    assert planned(**nothing, teacher=str(run.path)).phases  # its answers are something


def test_a_teacher_that_there_is_not_is_named() -> None:
    assert code_of(teacher="mobilenet_v9") == "registry.unknown"
    assert code_of(teacher="/nowhere/run") == "weights.no_file"


def test_the_teacher_may_look_at_another_size() -> None:
    plan = planned(teacher_input={"size": 96, "resize": 96})
    teacher = plan.phases[0].teacher
    assert teacher is not None
    assert networks.of_source(plan, teacher).input.size == 96  # type: ignore[attr-defined]
    assert plan.input.size == plan.backbone.input["size"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("start", "keys"), [("pretrained", ["tgnet"]), ("random", [])])
def test_the_networks_that_must_be_there(start: str, keys: list[str]) -> None:
    plan = planned(start=start)
    assert plan.pretrained == bool(keys)
    assert [s.backbone.key for s in plans.sources(plan)] == [*keys, "mobilenet_v2"]
