"""Losses of several labels, numbers and questions: by hand, as torch has them, and gradients."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from transfergui.core.data.targets import Targets
from transfergui.core.nn.objective_losses import (
    AsymmetricLoss,
    BinaryCrossEntropy,
    QuestionsLoss,
    StandardizedSmoothL1,
    Standardizer,
    expected_start,
    soft_targets,
)
from transfergui.core.objectives.number import Number

NUMBER = Number()


@pytest.fixture
def random() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.fixture
def logits(random: torch.Generator) -> Tensor:
    """[5, 3], in double precision for the gradients."""
    return torch.randn(5, 3, generator=random, dtype=torch.float64).requires_grad_()


@pytest.fixture
def labels(random: torch.Generator) -> Tensor:
    return (torch.rand(5, 3, generator=random) < 0.4).double()


@pytest.fixture
def mixed(random: torch.Generator) -> Tensor:
    return torch.rand(5, 3, generator=random, dtype=torch.float64)


# -- binary cross-entropy


def test_binary_cross_entropy_is_that_of_torch(logits: Tensor, labels: Tensor) -> None:
    wanted = F.binary_cross_entropy(logits.sigmoid(), labels)
    assert torch.allclose(BinaryCrossEntropy()(logits, labels), wanted)


def test_label_smoothing_and_positive_weights_by_hand() -> None:
    loss = BinaryCrossEntropy(smoothing=0.2, positive_weights=[1.0, 3.0])
    value = loss(torch.tensor([[2.0, -1.0]]), torch.tensor([[1, 0]]))
    p, q = 1 / (1 + math.exp(-2)), 1 / (1 + math.exp(1))
    first = -(0.9 * math.log(p) + 0.1 * math.log(1 - p))
    second = -(3 * 0.1 * math.log(q) + 0.9 * math.log(1 - q))
    assert value.item() == pytest.approx((first + second) / 2, rel=1e-6)


def test_gradients_of_binary_cross_entropy(logits: Tensor, mixed: Tensor) -> None:
    loss = BinaryCrossEntropy(0.1, [1.0, 2.0, 5.0])
    assert torch.autograd.gradcheck(lambda x: loss(x, mixed), logits)


@pytest.mark.parametrize("smoothing", [-0.1, 1.0])
def test_smoothing_out_of_bounds_is_refused(smoothing: float) -> None:
    with pytest.raises(ValueError, match="smoothing"):
        BinaryCrossEntropy(smoothing)
    with pytest.raises(ValueError, match="smoothing"):
        QuestionsLoss([2], smoothing=smoothing)


# -- asymmetric loss


def asymmetric(p: float, target: float, gamma_neg: float, gamma_pos: float, clip: float) -> float:
    """Equations 5 to 7 of the paper."""
    p_m = max(p - clip, 0)
    positive = (1 - p) ** gamma_pos * math.log(p)
    negative = p_m**gamma_neg * math.log(1 - p_m)
    return -(target * positive + (1 - target) * negative)


@pytest.mark.parametrize("settings", [(4, 1, 0.05), (2, 0, 0.0), (0, 0, 0.2), (1, 1.5, 0.05)])
@pytest.mark.parametrize("target", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("logit", [-4.0, -0.5, 0.0, 3.0])
def test_asymmetric_loss_by_hand(
    settings: tuple[float, float, float], target: float, logit: float
) -> None:
    p = 1 / (1 + math.exp(-logit))
    found = AsymmetricLoss(*settings)(
        torch.tensor([[logit]], dtype=torch.float64), torch.tensor([[target]])
    )
    assert found.item() == pytest.approx(asymmetric(p, target, *settings), rel=1e-6, abs=1e-12)


def test_without_focus_and_clip_it_is_binary_cross_entropy(logits: Tensor, labels: Tensor) -> None:
    found = AsymmetricLoss(0, 0, 0)(logits, labels)
    assert torch.allclose(found, BinaryCrossEntropy()(logits, labels))


@pytest.mark.parametrize("settings", [(4, 1, 0.05), (4, 1, 0.0), (0, 0, 0.05), (1, 1, 0.05)])
def test_gradients_of_asymmetric_loss(
    settings: tuple[float, float, float], logits: Tensor, mixed: Tensor
) -> None:
    loss = AsymmetricLoss(*settings)
    assert torch.autograd.gradcheck(lambda x: loss(x, mixed), logits)


@pytest.mark.parametrize("clip", [0.0, 0.05, 1e-9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_asymmetric_loss_of_huge_logits_is_finite(clip: float, dtype: torch.dtype) -> None:
    outputs = torch.tensor([[-3e4, -120.0, 0.0, 120.0, 3e4]] * 2, dtype=dtype)
    outputs = outputs.requires_grad_()
    targets = torch.tensor([[0.0] * 5, [1.0] * 5])
    value = AsymmetricLoss(clip=clip)(outputs, targets)
    value.backward()
    assert value.isfinite()
    assert outputs.grad is not None and outputs.grad.isfinite().all()


def test_easy_negatives_below_the_clip_cost_nothing() -> None:
    outputs = torch.tensor([[-3.0]], requires_grad=True)  # p = 0.047
    value = AsymmetricLoss()(outputs, torch.zeros(1, 1))
    value.backward()
    assert value.item() == 0
    assert outputs.grad is not None and outputs.grad.item() == 0


@pytest.mark.parametrize("settings", [(0.5, 1, 0.05), (4, -1, 0.05), (4, 1, 1.0), (4, 1, -0.1)])
def test_settings_out_of_bounds_are_refused(settings: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"gamma|clip"):
        AsymmetricLoss(*settings)


@pytest.mark.parametrize("loss", [BinaryCrossEntropy(), AsymmetricLoss()])
def test_shapes_that_would_be_broadcast_are_refused(loss: torch.nn.Module) -> None:
    with pytest.raises(ValueError, match="shape"):
        loss(torch.zeros(4, 2), torch.zeros(2))


# -- numbers


def test_standardizer_by_hand() -> None:
    values = torch.tensor([1.0, 4.0, 9.0])
    found = Standardizer(4.0, 5**0.5)(values)
    assert found.tolist() == pytest.approx([-3 / 5**0.5, 0, 5**0.5])
    back = NUMBER.answers(found, Targets("number", ("n",), mean=4.0, scale=5**0.5))
    assert back.tolist() == pytest.approx([1, 4, 9])


def test_standardizer_is_kept_with_the_weights() -> None:
    saved = Standardizer(2.0, 1.0).state_dict()
    fresh = Standardizer()
    fresh.load_state_dict(saved)
    assert (fresh.mean.item(), fresh.scale.item()) == (2.0, 1.0)
    assert set(saved) == {"mean", "scale"}


def test_large_numbers_keep_their_digits_in_double_precision() -> None:
    values = torch.tensor([1.7e9, 1.7e9 + 1000.0], dtype=torch.float64)
    found = Standardizer(1.7e9 + 512, 500.0)(values)
    assert (found[1] - found[0]).item() == pytest.approx(2, rel=1e-6)
    back = NUMBER.answers(found, Targets("number", ("n",), mean=1.7e9 + 512, scale=500.0))
    assert back.tolist() == pytest.approx(values.tolist(), abs=1e-5)


@pytest.mark.parametrize("mean", [float("nan"), float("inf"), 1.5e39])
def test_a_mean_that_float32_cannot_hold_is_refused(mean: float) -> None:
    with pytest.raises(ValueError, match="mean"):
        Standardizer(mean)


@pytest.mark.parametrize("scale", [0.0, -1.0])
def test_a_scale_that_is_not_positive_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        Standardizer(0.0, scale)


def test_smooth_l1_by_hand() -> None:
    """Mean 10, scale 2: differences of 0.5 and 3 standard deviations."""
    loss = StandardizedSmoothL1(Standardizer(10.0, 2.0))
    targets = torch.tensor([11.0, 4.0])
    assert loss(torch.tensor([0.0, 0.0]), targets).item() == pytest.approx((0.125 + 2.5) / 2)
    assert loss(torch.zeros(2, 1), targets).item() == pytest.approx((0.125 + 2.5) / 2)
    assert loss(torch.zeros(2, dtype=torch.bfloat16), targets).dtype == torch.float32


def test_gradients_of_smooth_l1(random: torch.Generator) -> None:
    outputs = torch.randn(6, 1, generator=random, dtype=torch.float64).requires_grad_()
    targets = torch.tensor([1.0, 4.0, 9.0, -20.0, 3.0, 5.0], dtype=torch.float64)
    loss = StandardizedSmoothL1(
        Standardizer(targets.mean().item(), targets.std(correction=0).item()), beta=0.5
    )
    assert torch.autograd.gradcheck(lambda x: loss(x, targets), outputs)


@pytest.mark.parametrize("shape", [(3, 2), (1,), (1, 1), (3, 1, 1)])
def test_outputs_that_would_be_broadcast_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        StandardizedSmoothL1(Standardizer())(torch.zeros(shape), torch.zeros(3))


def test_beta_must_be_positive() -> None:
    with pytest.raises(ValueError, match="beta"):
        StandardizedSmoothL1(Standardizer(), beta=0)


# -- questions

CLASSES = (3, 4)
TARGETS = torch.tensor([[0, 3], [2, -1], [1, 0], [-1, -1]])


@pytest.fixture
def outputs(random: torch.Generator) -> list[Tensor]:
    return [
        torch.randn(4, c, generator=random, dtype=torch.float64).requires_grad_() for c in CLASSES
    ]


def by_hand(outputs: list[Tensor], targets: Tensor) -> list[float]:
    """The summed cross-entropy of the answers to each question, over the samples."""
    return [
        sum(
            -output.log_softmax(1)[at, target].item()
            for at, target in enumerate(column.tolist())
            if target >= 0
        )
        / len(targets)
        for output, column in zip(outputs, targets.T, strict=True)
    ]


def test_questions_by_hand(outputs: list[Tensor]) -> None:
    first, second = by_hand(outputs, TARGETS)
    assert QuestionsLoss(CLASSES, "none")(outputs, TARGETS).item() == pytest.approx(first + second)
    balanced = QuestionsLoss(CLASSES)(outputs, TARGETS).item()
    assert balanced == pytest.approx(first / math.log(3) + second / math.log(4))
    measured = QuestionsLoss(CLASSES, start_values=[0.5, 4.0])(outputs, TARGETS).item()
    assert measured == pytest.approx(first / 0.5 + second / 4)


def test_without_missing_answers_it_is_the_sum_of_mean_cross_entropies(
    outputs: list[Tensor],
) -> None:
    targets = torch.tensor([[0, 3], [2, 1], [1, 0], [2, 2]])
    wanted = sum(
        F.cross_entropy(output, column, label_smoothing=0.1)
        for output, column in zip(outputs, targets.T, strict=True)
    )
    found = QuestionsLoss(CLASSES, "none", smoothing=0.1)(outputs, targets)
    assert torch.allclose(found, torch.as_tensor(wanted))


def test_an_untrained_head_starts_with_one_for_each_question() -> None:
    zeros = [torch.zeros(4, c) for c in CLASSES]
    targets = torch.tensor([[0, 3], [2, 1], [1, 0], [2, 2]])
    assert QuestionsLoss(CLASSES)(zeros, targets).item() == pytest.approx(2)
    assert (expected_start(4), expected_start(1)) == (math.log(4), 1.0)


def test_a_question_without_answers_adds_nothing_and_has_zero_gradients() -> None:
    zeros = [torch.zeros(4, c, requires_grad=True) for c in CLASSES]
    targets = torch.stack([torch.tensor([0, 1, 2, 0]), torch.full((4,), -1)], 1)
    value = QuestionsLoss(CLASSES)(zeros, targets)
    value.backward()
    assert value.item() == pytest.approx(1)
    assert zeros[1].grad is not None and not zeros[1].grad.any()
    value = QuestionsLoss(CLASSES)(zeros, torch.full((4, 2), -1))
    value.backward()
    assert value.item() == 0


def test_an_empty_batch_costs_nothing() -> None:
    empty = [torch.zeros(0, c, requires_grad=True) for c in CLASSES]
    QuestionsLoss(CLASSES)(empty, torch.zeros(0, 2, dtype=torch.int64)).backward()
    assert QuestionsLoss(CLASSES)(empty, torch.zeros(0, 2, dtype=torch.int64)).item() == 0


def test_micro_batches_add_up_to_the_whole(outputs: list[Tensor]) -> None:
    """A mean over the answers of each would not: the second question has 1 answer in each half."""
    loss = QuestionsLoss(CLASSES, answered=[0.8, 0.5])
    halves = [loss([o[rows] for o in outputs], TARGETS[rows]) for rows in ([0, 1], [2, 3])]
    assert torch.allclose(sum(halves) / 2, loss(outputs, TARGETS))


def test_shares_of_answers_bring_each_question_to_its_mean(outputs: list[Tensor]) -> None:
    loss = QuestionsLoss(CLASSES, "none", answered=[0.75, 0.5])
    means = sum(
        F.cross_entropy(output, column, ignore_index=-1)
        for output, column in zip(outputs, TARGETS.T, strict=True)
    )
    assert torch.allclose(loss(outputs, TARGETS), torch.as_tensor(means))
    losses, answers = loss.per_question(outputs, TARGETS)
    assert answers.tolist() == pytest.approx([1, 1])
    assert torch.allclose(losses.sum(), torch.as_tensor(means))


@pytest.mark.parametrize("balance", ["start", "none", "uncertainty"])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_soft_targets_of_one_class_are_class_indices(
    balance, smoothing: float, outputs: list[Tensor]
) -> None:
    weights = [[1.0, 2.0, 0.5], None]
    loss = QuestionsLoss(CLASSES, balance, smoothing=smoothing, class_weights=weights)
    soft = [soft_targets(TARGETS[:, k], c) for k, c in enumerate(CLASSES)]
    assert torch.allclose(loss(outputs, soft), loss(outputs, TARGETS))


def test_mixup_with_a_missing_answer_counts_the_other_with_its_share(
    outputs: list[Tensor],
) -> None:
    """The loss of mixed targets is the mixed loss of both."""
    loss = QuestionsLoss(CLASSES, smoothing=0.1)
    other = TARGETS.flip(0)
    mixed = [
        0.7 * soft_targets(TARGETS[:, k], c) + 0.3 * soft_targets(other[:, k], c)
        for k, c in enumerate(CLASSES)
    ]
    assert mixed[1].sum(1).tolist() == pytest.approx([0.7, 0.3, 0.7, 0.3])
    wanted = 0.7 * loss(outputs, TARGETS) + 0.3 * loss(outputs, other)
    assert torch.allclose(loss(outputs, mixed), wanted)


@pytest.mark.parametrize("balance", ["start", "none", "uncertainty"])
def test_gradients_of_questions(balance, outputs: list[Tensor]) -> None:
    loss = QuestionsLoss(CLASSES, balance, smoothing=0.1, answered=[0.9, 0.5]).double()
    assert torch.autograd.gradcheck(lambda *x: loss(list(x), TARGETS), tuple(outputs))
    soft = [soft_targets(TARGETS[:, k], c, torch.float64) * 0.6 for k, c in enumerate(CLASSES)]
    assert torch.autograd.gradcheck(lambda *x: loss(list(x), soft), tuple(outputs))


def test_class_weights_by_hand(outputs: list[Tensor]) -> None:
    loss = QuestionsLoss(CLASSES, "none", class_weights=[[1.0, 2.0, 0.5], None])
    weighted = -sum(
        w * outputs[0].log_softmax(1)[at, c] for at, c, w in ((0, 0, 1.0), (1, 2, 0.5), (2, 1, 2.0))
    )
    wanted = weighted.item() / 4 + by_hand(outputs, TARGETS)[1]
    assert loss(outputs, TARGETS).item() == pytest.approx(wanted)


# -- uncertainty weighting


def test_uncertainty_weighting_by_hand(outputs: list[Tensor]) -> None:
    loss = QuestionsLoss(CLASSES, "uncertainty")
    with torch.no_grad():
        loss.log_variances.copy_(torch.tensor([0.5, -1.0]))
    first, second = by_hand(outputs, TARGETS)
    wanted = (
        math.exp(-0.5) / 2 * first + 3 / 4 * math.log(1 + math.exp(0.5))
        + math.exp(1.0) / 2 * second + 2 / 4 * math.log(1 + math.exp(-1.0))
    )  # fmt: skip
    assert loss(outputs, TARGETS).item() == pytest.approx(wanted)


def test_weights_learnt_are_the_best_ones_and_the_loss_stays_positive() -> None:
    """Where ``L / (2 c²) + log(1 + c²)`` is smallest: 2 c⁴ = L (1 + c²)."""
    loss = QuestionsLoss((2, 2), "uncertainty")
    outputs = [torch.tensor([[6.0, 0.0]]), torch.tensor([[0.0, 0.0]])]
    targets = torch.tensor([[0, 0]])
    optimizer = torch.optim.Adam(loss.parameters(), lr=0.05)
    for _ in range(400):
        optimizer.zero_grad()
        value = loss(outputs, targets)
        assert value.item() > 0
        value.backward()
        optimizer.step()
    values = loss.per_question(outputs, targets)[0].tolist()
    wanted = [(x + math.sqrt(x * x + 8 * x)) / 4 for x in values]
    assert loss.log_variances.exp().tolist() == pytest.approx(wanted, rel=1e-2)


def test_gradients_of_the_uncertainties(outputs: list[Tensor]) -> None:
    loss = QuestionsLoss(CLASSES, "uncertainty").double()
    fixed = [output.detach() for output in outputs]
    scores = torch.tensor([0.3, -0.7], dtype=torch.float64).requires_grad_()

    def of(values: Tensor) -> Tensor:
        return torch.func.functional_call(loss, {"log_variances": values}, (fixed, TARGETS))

    assert torch.autograd.gradcheck(of, scores)


def test_weights_rest_where_a_question_has_no_answer(outputs: list[Tensor]) -> None:
    loss = QuestionsLoss(CLASSES, "uncertainty")
    loss(outputs, torch.tensor([[0, -1]] * 4)).backward()
    assert loss.log_variances.grad[0] != 0
    assert loss.log_variances.grad[1] == 0


def test_only_uncertainty_weighting_has_parameters() -> None:
    assert [name for name, _ in QuestionsLoss((2, 3), "uncertainty").named_parameters()] == [
        "log_variances"
    ]
    assert list(QuestionsLoss((2, 3)).parameters()) == []


def test_half_precision_is_computed_in_float32() -> None:
    outputs = [torch.full((2, 3), 300.0, dtype=torch.float16)]
    assert QuestionsLoss([3])(outputs, torch.tensor([[0], [1]])).dtype == torch.float32


@pytest.mark.parametrize(
    "settings",
    [
        {"classes": []},
        {"classes": [2, 3], "start_values": [1.0]},
        {"classes": [2, 3], "start_values": [1.0, 0.0]},
        {"classes": [2, 3], "answered": [1.0, 0.0]},
        {"classes": [2, 3], "answered": [1.0, 1.5]},
        {"classes": [2, 3], "class_weights": [None, [1.0, 1.0]]},
        {"classes": [2, 3], "start_values": []},
        {"classes": [2, 3], "balance": "none", "start_values": [1.0, 1.0]},
        {"classes": [2, 3], "balance": "equal"},
    ],
)
def test_settings_that_do_not_fit_are_refused(settings) -> None:
    with pytest.raises(ValueError, match=r"question|positive|shares|class|balance"):
        QuestionsLoss(**settings)


def test_outputs_that_do_not_fit_are_refused(outputs: list[Tensor]) -> None:
    loss = QuestionsLoss(CLASSES)
    with pytest.raises(ValueError, match="outputs"):
        loss(outputs[:1], TARGETS)
    with pytest.raises(ValueError, match="classes"):
        loss(outputs[::-1], TARGETS)
    with pytest.raises(ValueError, match="shape"):
        loss(outputs, [torch.zeros(4, 2), torch.zeros(4, 4)])
