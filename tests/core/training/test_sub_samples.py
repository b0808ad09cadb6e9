"""Linear models of fewer samples than there are."""

import numpy as np
import pytest

from transfergui.core.interfaces.objective import Probe
from transfergui.core.training import sub_samples


def clouds(*counts: int, apart: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Features [N, 8] and classes [N]: a cloud for each class."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(len(counts)), counts)
    centres = rng.normal(0, apart, (len(counts), 8))
    return (centres[labels] + rng.normal(size=(len(labels), 8))).astype(np.float32), labels


def test_more_samples_are_better() -> None:
    features, labels = clouds(60, 60, 60)
    found = sub_samples.measured(features, [Probe("classes", labels)])
    assert found.sizes[-1] == 144 and len(found.sizes) >= 4
    assert found.values.shape == (len(found.sizes), sub_samples.DRAWS)
    means = found.values.mean(axis=1)
    assert means[-1] > means[0] + 0.02
    assert found.recalls is not None and found.recall_of(-1).mean() == pytest.approx(
        means[-1], abs=0.05
    )
    assert 0 < found.noise < 0.06


@pytest.mark.parametrize("kind", ["label", "number"])
def test_other_figures(kind: str) -> None:
    features, labels = clouds(60, 60)
    wanted = labels if kind == "label" else features[:, 0] + 0.1 * labels
    found = sub_samples.measured(features, [Probe(kind, wanted)])  # type: ignore[arg-type]
    assert found.recalls is None
    assert 0.5 < found.values[-1].mean() <= 1


def test_groups_are_drawn_whole() -> None:
    """Where a group is known by its place, samples of the same group would give the class away."""
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(24), 6)
    labels = rng.integers(0, 2, 24)[groups]
    features = (rng.normal(size=(24, 16))[groups] + rng.normal(0, 0.1, (144, 16))).astype("f4")
    probe = [Probe("classes", labels)]
    mixed = sub_samples.measured(features, probe)
    whole = sub_samples.measured(features, probe, groups.tolist())
    assert mixed.values[-1].mean() > 0.9
    assert whole.values[-1].mean() < 0.75
    assert whole.groups == 24 and whole.noise > 1.5 * mixed.noise


def test_the_class_with_too_few_samples_costs_most() -> None:
    features, labels = clouds(40, 240, 240, apart=0.8)
    rare, *others = sub_samples.halved(features, labels, [0, 1, 2])
    assert rare.cost > max(other.cost for other in others) + 2 * rare.error
