import math

import pytest
import torch
from torch import nn

from transfergui.core.nn.adaptation import (
    Adversarial,
    ClassConfusion,
    class_confusion,
    ramp,
    undecided,
)
from transfergui.core.nn.losses import CrossEntropy


def test_the_weight_grows_to_its_full_value() -> None:
    assert ramp(0.0) == 0.0
    assert ramp(0.5) == pytest.approx(2 / (1 + math.exp(-5)) - 1)
    assert ramp(1.0) == pytest.approx(1.0, abs=1e-4)


def test_class_confusion_as_in_the_paper() -> None:
    """Formulas (3) to (7) of arXiv:1912.03699, term by term."""
    logits = torch.tensor([[2.0, 0.0, 0.5], [0.0, 1.0, 0.0], [1.0, 1.0, 3.0], [0.2, 0.1, 0.0]])
    shares = (logits / 2.5).softmax(1)
    entropy = [-sum(p * math.log(p) for p in row) for row in shares.tolist()]
    weights = [1 + math.exp(-each) for each in entropy]
    weights = [len(weights) * each / sum(weights) for each in weights]
    size = range(3)
    pairs = list(zip(weights, shares.tolist(), strict=True))
    confusion = [[sum(w * row[i] * row[j] for w, row in pairs) for j in size] for i in size]
    rows = [[value / sum(row) for value in row] for row in confusion]
    wanted = sum(rows[i][j] for i in size for j in size if i != j) / 3
    assert float(class_confusion(logits, 2.5)) == pytest.approx(wanted, rel=1e-5)


def test_sure_predictions_of_all_classes_are_not_confused() -> None:
    assert float(class_confusion(100 * torch.eye(4), 2.5)) == pytest.approx(0, abs=1e-6)


def task(kind: str) -> ClassConfusion | Adversarial:
    torch.manual_seed(0)
    head = nn.Linear(6, 3)
    loss = CrossEntropy(0.0, None)
    if kind == "mcc":
        return ClassConfusion(head, loss, 1.0, 2.5)
    return Adversarial(head, loss, 1.0, 6, 3, conditional=kind == "cdan")


@pytest.mark.parametrize("kind", ["mcc", "dann", "cdan"])
def test_at_first_the_target_changes_nothing(kind: str) -> None:
    made = task(kind)
    inputs, targets = torch.randn(8, 6, requires_grad=True), torch.arange(8) % 3
    made(inputs, targets, torch.randn(5, 6)).value.backward()
    assert inputs.grad is not None
    found = inputs.grad.clone()
    inputs.grad = None
    made.loss(made.model(inputs), targets).backward()
    torch.testing.assert_close(found, inputs.grad)


@pytest.mark.parametrize("kind", ["dann", "cdan"])
@pytest.mark.parametrize("answer", [4.0, -4.0])
def test_features_go_to_where_the_domain_classifier_guesses(kind: str, answer: float) -> None:
    """From both sides: where it is wrong about a sample, they do not go farther still."""
    made = task(kind)
    assert isinstance(made, Adversarial)
    made.done = 1.0
    made.domain[-1].bias.data.fill_(answer)  # of samples of either data
    inputs, other = (torch.randn(8, 6, requires_grad=True) for _both in range(2))
    logits = [made.model(each).detach() for each in (inputs, other)]

    @torch.no_grad()
    def unsure(*both: torch.Tensor) -> float:
        return float(made._confusion(made._shown(torch.cat(both), torch.cat(logits))))

    loss, _logs = made.adapting(inputs, logits[0], other, logits[1])
    loss.backward()
    assert inputs.grad is not None and other.grad is not None
    before = unsure(inputs, other)
    for each in (inputs, other):
        moved = [rows - 0.1 * rows.grad if rows is each else rows for rows in (inputs, other)]
        assert unsure(*moved) < before


@pytest.mark.parametrize("kind", ["dann", "cdan"])
def test_the_domain_classifier_learns_to_tell_apart_and_nothing_else(kind: str) -> None:
    made = task(kind)
    assert isinstance(made, Adversarial)
    inputs, other = torch.randn(8, 6), torch.randn(5, 6)
    logits = made.model(inputs).detach(), made.model(other).detach()
    found = []
    for made.done in (0.0, 1.0):  # features join in the second
        made.zero_grad()
        loss, logs = made.adapting(inputs, logits[0], other, logits[1])
        loss.backward()
        found.append([p.grad for p in made.domain.parameters()])
    torch.testing.assert_close(*found)
    assert all(each.abs().sum() > 0 for each in found[0])
    assert loss.item() > logs["domain"].item() > 0


def test_what_is_told_of_a_step() -> None:
    made, rows = task("dann"), torch.randn(8, 6)
    assert isinstance(made, Adversarial)
    made.domain[-1].weight.data.zero_()
    for bias, correct in ((-1.0, 0.5), (1.0, 0.5)):  # always the same answer: both alike
        made.domain[-1].bias.data.fill_(bias)
        answer = made(rows, torch.arange(8) % 3, torch.randn(2, 6))
        assert float(answer.logs["domain_accuracy"]) == pytest.approx(correct)
        assert not any(log.requires_grad or log.ndim for log in answer.logs.values())
    whole = answer.logs["classification"] + answer.logs["domain"]
    torch.testing.assert_close(whole, answer.value.detach())
    sure, torn = torch.tensor([[50.0, 0.0]]), torch.zeros(3, 4)
    assert [float(undecided(logits)) for logits in (sure, torn)] == pytest.approx([0, 1])


def test_conditional_domains_see_features_for_each_class() -> None:
    made = task("cdan")
    assert isinstance(made, Adversarial)
    assert made.domain[1].in_features == 6 * 3


def test_wide_products_are_projected_and_keep_their_inner_products() -> None:
    """Else the domain classifier of 100 classes had 33 million weights."""
    torch.manual_seed(0)
    width, classes = 1280, 100
    loss = CrossEntropy(0.0, None)
    made = Adversarial(nn.Linear(width, classes), loss, 1.0, width, classes, conditional=True)
    assert made.domain[1].in_features == 1024
    assert {"of_features", "of_shares"} < made.state_dict().keys()  # as it was, when resumed
    features, shares = torch.randn(2, width), torch.eye(classes)[:1].repeat(2, 1)
    features[1] += features[0]
    seen = made._together(features, shares)
    assert float(seen[0] @ seen[1]) == pytest.approx(float(features[0] @ features[1]), rel=0.25)
