"""What is said of networks that look together: by what their features are worth."""

import msgspec
import numpy as np
import pytest
import torch

from transfergui.core import registry
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Sample
from transfergui.core.data.targets import Targets, of_labels, of_numbers, of_questions
from transfergui.core.interfaces.networks import Backbone, Merge, Part
from transfergui.core.training import partners
from transfergui.core.training.features import FeatureSource

CLASSES, COUNT, WIDTH = 4, 160, 6
LABELS = np.arange(COUNT) % CLASSES


def source(*parts: np.ndarray) -> FeatureSource:
    samples = [Sample(path=f"{row}.png", label=int(label)) for row, label in enumerate(LABELS)]
    features = np.concatenate(parts, 1)[None].astype(np.float32)
    return FeatureSource(features, samples, torch.from_numpy(LABELS), 0)


def fused(merge: Merge = "concatenate") -> Backbone:
    one = registry.backbone(registry.modality("image"), "tgnet")
    titles = ("First", "Other")
    rows = [msgspec.structs.replace(one, title=title, features=WIDTH) for title in titles]
    parts = tuple(Part(backbone=row, input={}) for row in rows)
    return msgspec.structs.replace(one, parts=parts, merge=merge, features=2 * WIDTH)


def seeing(what: np.ndarray, seed: int) -> np.ndarray:
    """Features of which the first tells ``what`` of each sample; the others are noise."""
    made = np.random.default_rng(seed).normal(size=(COUNT, WIDTH))
    made[:, 0] = 6.0 * what
    return made


def note(backbone: Backbone, known: FeatureSource) -> Note | None:
    return partners.note(backbone, known, registry.objective("one_class"), Targets())


def test_a_partner_that_sees_nothing_is_told() -> None:
    said = note(fused(), source(seeing(LABELS, 0), seeing(0 * LABELS, 1)))
    assert said is not None
    assert said.level == "warning"
    assert said.values["title"] == "First"
    assert said.values["together"] <= said.values["alone"]
    assert said.values["n"] == COUNT
    assert said.is_known


@pytest.mark.parametrize("merge", ["concatenate", "average"])
def test_partners_that_see_different_things_are_worth_it(merge: Merge) -> None:
    other = np.roll(seeing(LABELS // 2, 1), 1, 1)  # in another place, for the average
    assert note(fused(merge), source(seeing(LABELS % 2, 0), other)) is None


@pytest.mark.parametrize(
    ("objective", "targets", "score"),
    [
        ("number", of_numbers([str(10 * n) for n in range(CLASSES)], "weight"), "R²"),
        ("several_labels", of_labels(["(none)", "x", "x; y", "x; y; z"]), "Mean average precision"),
        (
            "several_questions",
            of_questions(["x · a", "x · b", "y · b", "y · ?"], ("p", "q")),
            "Mean accuracy of the questions",
        ),
    ],
)
def test_it_is_told_of_every_objective_by_its_figure(
    objective: str, targets: Targets, score: str
) -> None:
    what = registry.objective(objective)
    useless = source(seeing(LABELS, 0), seeing(0 * LABELS, 1))
    said = partners.note(fused(), useless, what, targets)
    assert said is not None
    assert said.values["title"] == "First"
    assert f"reaches {score} " in said.sentence()
    shown = np.where(LABELS % 2, 6.0, 0.0), np.where(LABELS // 2, 6.0, 0.0)
    helping = source(*(seeing(each / 6, seed) for seed, each in enumerate(shown)))
    assert partners.note(fused(), helping, what, targets) is None
