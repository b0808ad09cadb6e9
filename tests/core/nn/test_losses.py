"""Losses, compared with what one computes by hand."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.core.made_runs import split_of
from transfergui.core.interfaces.plan import Plan
from transfergui.core.nn.classifier import Classifier
from transfergui.core.nn.losses import CrossEntropy, Distilled, Supervised, relations
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve

CLASSES = ("a", "b", "c")
INPUTS = 5


@pytest.fixture
def plan() -> Plan:
    return resolve(Recipe().replace(backbone="tgnet"), split_of(CLASSES))


@pytest.fixture
def model(plan: Plan) -> Classifier:
    torch.manual_seed(0)
    width = plan.backbone.features
    return Classifier(nn.Linear(INPUTS, width), nn.Linear(width, len(CLASSES)))


def distilled(model: nn.Module, plan: Plan, **changes: Any) -> Distilled:
    """Nothing counts but what ``changes`` gives a weight."""
    settings: dict[str, Any] = {
        "width": plan.backbone.features,
        "teacher_width": plan.backbone.features,
        "teacher_head": None,
        "feature_weight": 0.0,
        "relation_weight": 0.0,
        "output_weight": 0.0,
        "label_weight": 0.0,
        "temperature": 4.0,
    }
    return Distilled(model, CrossEntropy(0.0, None), **settings | changes)


def cost(task: Supervised, *parts: Tensor) -> float:
    return float(task(*parts).value.detach())


@pytest.fixture
def inputs() -> Tensor:
    return torch.randn(4, INPUTS, generator=torch.Generator().manual_seed(1))


TARGETS = torch.tensor([0, 1, 2, 1])


# -- features


def test_features_of_the_same_direction_cost_nothing(
    plan: Plan, model: Classifier, inputs: Tensor
) -> None:
    task = distilled(model, plan, feature_weight=2.0)
    with torch.no_grad():
        task.projection.weight.copy_(3 * torch.eye(plan.backbone.features))
        task.projection.bias.zero_()
    features = model.encoder(inputs).detach()
    assert cost(task, inputs, TARGETS, 7 * features) == pytest.approx(0, abs=1e-5)
    assert cost(task, inputs, TARGETS, -features) == pytest.approx(2 * 2, abs=1e-5)


def test_feature_distance_is_that_of_the_angle(plan: Plan, model: Classifier) -> None:
    """The projection gives (1, 0) whatever comes; the teacher's (1, 1) is 45 degrees off."""
    task = distilled(model, plan, teacher_width=2, feature_weight=3.0)
    with torch.no_grad():
        task.projection.weight.zero_()
        task.projection.bias.copy_(torch.tensor([1.0, 0.0]))
    found = cost(task, torch.ones(2, INPUTS), TARGETS[:2], torch.ones(2, 2))
    assert found == pytest.approx(3 * (1 - math.sqrt(0.5)))


def test_of_auxiliary_features_the_main_ones_are_compared(plan: Plan, inputs: Tensor) -> None:
    class TwoFold(nn.Module):
        def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
            return inputs.repeat(1, plan.backbone.features // INPUTS + 1)[
                :, : plan.backbone.features
            ], inputs

    model = Classifier(
        TwoFold(), nn.Linear(plan.backbone.features, 3), auxiliary=nn.Linear(INPUTS, 3)
    )
    task = distilled(model, plan, feature_weight=1.0)
    with torch.no_grad():
        task.projection.weight.copy_(torch.eye(plan.backbone.features))
        task.projection.bias.zero_()
    teacher = model.encoder(inputs)[0]
    assert cost(task, inputs, TARGETS, teacher) == pytest.approx(0, abs=1e-5)


# -- answers


def softened(logits: Tensor, temperature: float) -> np.ndarray:
    powers = np.exp(logits.detach().double().numpy() / temperature)
    return powers / powers.sum(1, keepdims=True)


@pytest.mark.parametrize("temperature", [1.0, 2.5, 4.0])
def test_divergence_of_the_answers_by_hand(
    plan: Plan, model: Classifier, inputs: Tensor, temperature: float
) -> None:
    teacher_head = nn.Linear(6, 3)
    teacher = torch.randn(4, 6, generator=torch.Generator().manual_seed(2))
    task = distilled(
        model,
        plan,
        teacher_width=6,
        teacher_head=teacher_head,
        output_weight=0.5,
        temperature=temperature,
    )
    wanted = softened(teacher_head(teacher), temperature)
    given = softened(model(inputs), temperature)
    by_hand = (wanted * np.log(wanted / given)).sum(1).mean() * temperature**2
    assert by_hand > 0.01
    assert cost(task, inputs, TARGETS, teacher) == pytest.approx(0.5 * by_hand, rel=1e-4)


def test_the_same_answers_cost_nothing(plan: Plan, model: Classifier, inputs: Tensor) -> None:
    """Also where they differ by a constant, which the softmax does not see."""
    head = nn.Linear(3, 3)
    with torch.no_grad():
        head.weight.copy_(torch.eye(3))
        head.bias.fill_(5.0)
    task = distilled(model, plan, teacher_width=3, teacher_head=head, output_weight=1.0)
    assert cost(task, inputs, TARGETS, model(inputs).detach()) == pytest.approx(0, abs=1e-5)


# -- labels


def test_labels_of_weight_zero_change_nothing(
    plan: Plan, model: Classifier, inputs: Tensor
) -> None:
    task = distilled(model, plan, feature_weight=1.0)
    teacher = torch.ones(4, plan.backbone.features)
    one, other = (task(inputs, targets, teacher) for targets in (TARGETS, TARGETS.flip(0)))
    assert torch.equal(one.value, other.value)
    assert torch.equal(one.logits, model(inputs))  # for the accuracy, all the same


def test_labels_alone_are_supervised_learning(
    plan: Plan, model: Classifier, inputs: Tensor
) -> None:
    soft = torch.full((4, 3), 1 / 3)
    task, plain = (
        distilled(model, plan, label_weight=2.0),
        Supervised(model, CrossEntropy(0.0, None)),
    )
    for targets in (TARGETS, soft):
        teacher = torch.ones(4, plan.backbone.features)
        assert cost(task, inputs, targets, teacher) == pytest.approx(
            2 * cost(plain, inputs, targets)
        )


# -- gradients


def test_the_gradient_reaches_the_student_and_the_projection_but_not_the_teacher(
    plan: Plan, model: Classifier, inputs: Tensor
) -> None:
    head = nn.Sequential(nn.Dropout(0.5), nn.Linear(6, 3))
    task = distilled(
        model, plan, teacher_width=6, teacher_head=head, feature_weight=1.0, output_weight=1.0
    )
    model.train()
    task(inputs, TARGETS, torch.randn(4, 6)).value.backward()
    for module in (model.encoder, model.head, task.projection):
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in module.parameters())
    assert all(p.grad is None and not p.requires_grad for p in head.parameters())
    assert not head.training  # it does not guess with half of what it knows


def test_relations_do_not_depend_on_scale_place_or_turn() -> None:
    features = torch.randn(6, 5, generator=torch.Generator().manual_seed(0))
    turn, _upper = torch.linalg.qr(torch.randn(5, 5, generator=torch.Generator().manual_seed(1)))
    assert float(relations(3 * features @ turn + 7, features)) == pytest.approx(0, abs=1e-9)
    wider = torch.cat([features, torch.zeros(6, 4)], 1)
    assert float(relations(wider, features)) == pytest.approx(0, abs=1e-9)


def related(features: np.ndarray) -> tuple[list[float], list[float]]:
    """All distances in units of their mean, and the cosines of all angles, one by one."""
    n = range(len(features))
    distances = [float(np.linalg.norm(features[j] - features[i])) for i in n for j in n if i < j]
    cosines = []
    for at, one, other in itertools.product(n, n, n):
        u, v = features[one] - features[at], features[other] - features[at]
        length = np.linalg.norm(u) * np.linalg.norm(v)
        cosines.append(float(u @ v / length) if length else 0.0)
    return [d / np.mean(distances) for d in distances], cosines


def test_relations_one_by_one() -> None:
    rng = np.random.default_rng(0)
    student, teacher = rng.normal(size=(5, 3)), rng.normal(size=(5, 7))
    pairs = zip(related(student), related(teacher), strict=True)
    distance, angle = (np.mean(huber(np.subtract(one, other))) for one, other in pairs)
    found = relations(torch.tensor(student), torch.tensor(teacher))
    assert float(found) == pytest.approx(distance + 2 * angle)


def huber(difference: np.ndarray) -> np.ndarray:
    size = np.abs(difference)
    return np.where(size < 1, size**2 / 2, size - 0.5)


def test_relations_teach_and_are_finite_for_equal_samples() -> None:
    student = torch.randn(5, 3, generator=torch.Generator().manual_seed(2)).requires_grad_()
    teacher = torch.randn(5, 4, generator=torch.Generator().manual_seed(3))
    relations(student, teacher).backward()
    assert student.grad is not None
    assert student.grad.abs().sum() > 0
    same = torch.ones(4, 3, requires_grad=True)
    value = relations(same, torch.ones(4, 2))
    value.backward()
    assert torch.isfinite(value)
    assert same.grad is not None
    assert torch.isfinite(same.grad).all()
    assert float(relations(student[:1], teacher[:1]).detach()) == 0
