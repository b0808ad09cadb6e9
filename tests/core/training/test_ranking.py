"""Ranking networks: the scores mean what they say, and only training samples are looked at."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from tests.core.made_objectives import MEANINGS, meaning
from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.data.targets import of_numbers
from transfergui.core.figures.transferability import logme
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.training import ranking
from transfergui.core.training.linear_probe import of_classes as accuracies


def features(seed: int, n: int = 60, width: int = 12, signal: float = 2.0) -> tuple:
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    means = rng.normal(size=(3, width)) * signal
    return (means[labels] + rng.normal(size=(n, width))).astype(np.float32), labels


def test_better_features_are_told_apart_better() -> None:
    good, labels = features(2, signal=2.0)
    poor, _labels = features(2, signal=0.2)
    assert accuracies(good, labels).mean() > accuracies(poor, labels).mean()
    assert accuracies(good, labels).mean() > 0.9


def test_the_scale_of_the_features_does_not_matter_to_the_probe() -> None:
    x, labels = features(3, signal=0.6)
    assert (accuracies(x, labels) == accuracies(1000 * x + 7, labels)).all()


def test_rows_with_the_same_score_share_a_place() -> None:
    scores = (0.91, 0.9101, 0.9, None)
    rows = [ranking.Ranked(key=str(score), title="", score=score) for score in scores]
    assert ranking.places(rows) == [1, 1, 3, None]


def test_a_class_of_two_is_enough() -> None:
    x, labels = features(4)
    kept = (labels < 2) | (np.arange(len(labels)) < 6)
    assert len(accuracies(x[kept], labels[kept])) == 2


def test_every_class_gives_its_share() -> None:
    samples = [Sample(f"{n}", int(n >= 900)) for n in range(1000)]
    chosen = ranking.spread(samples, 100)
    assert [sum(s.label == c for s in chosen) for c in (0, 1)] == [90, 10]
    assert len(set(chosen)) == len(chosen)
    assert ranking.spread(samples[:5], 100) == samples[:5]
    assert sum(s.label for s in ranking.spread(samples, 5)) == 2  # never fewer than two


def test_networks_that_are_here_are_tried_on_training_samples_alone(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = lab.plan()
    looked: set[str] = set()
    load = made.modality.load

    def noted(path: Path, input: object) -> torch.Tensor:
        looked.add(path.name)
        return load(path, input)  # type: ignore[arg-type]

    monkeypatch.setattr(made.modality, "load", noted)
    rows = ranking.ordered(list(ranking.rank(made)))
    tried = {row.key: row for row in rows if not row.skipped}
    assert set(tried) == {BACKBONE, "tgnet"}
    assert all(
        row.accuracy is not None and row.n == len(made.split.train) for row in tried.values()
    )
    assert looked <= {Path(s.path).name for s in made.split.train}
    codes = {row.skipped.code for row in rows if row.skipped}
    assert codes == {"rank.not_here", "objective.detector"}
    assert [row.key for row in rows[:2]] == sorted(
        tried, key=lambda key: -(tried[key].accuracy or 0)
    )


def test_damaged_weights_do_not_spoil_the_others(lab: Lab, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    (folder / f"{BACKBONE}.pth").write_bytes(b"nothing")
    rows = {row.key: row for row in ranking.rank(lab.plan(weights_dir=str(folder)))}
    skipped = rows[BACKBONE].skipped
    assert skipped is not None
    assert skipped.code.startswith("weights.")
    assert not rows["tgnet"].skipped


def test_where_time_is_short_the_likely_ones_come_first(lab: Lab) -> None:
    """By published accuracy among those that can be looked with in time, then the quick ones."""
    turns = ranking.turns(lab.plan(), seconds=1.0)
    rows = {row.key: row for row, _why in turns}
    hurried = list(rows)
    in_time = [key for key in hurried if rows[key].flops * 34 <= ranking.SPEED]
    assert hurried[: len(in_time)] == sorted(in_time, key=lambda key: -(rows[key].accuracy or 0.0))
    late = hurried[len(in_time) :]
    assert late == sorted(late, key=lambda key: rows[key].flops)
    assert in_time
    assert late


def test_a_class_of_one_is_left_out() -> None:
    x, labels = features(4)
    alone = np.append(labels, 3)
    scores = accuracies(np.append(x, x[:1], 0), alone)
    assert (scores == accuracies(x, labels)).all()


@pytest.mark.parametrize("labels", [[0, 1, 2], [0, 0, 1], [0, 0, 0]])
def test_what_cannot_be_learnt_and_tested_has_no_score(labels: list[int]) -> None:
    assert accuracies(np.eye(3, dtype=np.float32), np.array(labels)).size == 0


def test_without_accuracies_logme_decides() -> None:
    rows = [ranking.Ranked(key=str(logme), title="", logme=logme) for logme in (-2.0, -1.0, None)]
    assert [row.key for row in ranking.ordered(rows)] == ["-1.0", "-2.0", "None"]


def test_numbers_are_looked_at_evenly_and_no_more_than_classes() -> None:
    """Each may be there once: the same share of every class would be all of them."""
    classes = tuple(str(value) for value in range(1000))
    samples = tuple(Sample(f"{value}.png", value) for value in range(1000))
    targets = msgspec.structs.replace(of_numbers(classes, "weight"), mean=500.0, scale=300.0)
    split = Split("/data", "image", classes, samples, (), (), 0, "split.random", targets=targets)
    plan = resolve(Recipe(), split)
    looked = ranking.looked_at(samples, plan.objective)
    assert len(looked) == ranking.SAMPLES
    assert (looked[0].label, looked[1].label, looked[-1].label) == (0, 2, 997)


@pytest.mark.parametrize("objective", MEANINGS)
def test_features_that_tell_what_is_predicted_rank_higher(objective: str) -> None:
    samples = tuple(Sample(f"{n:02}.png", n % 2) for n in range(60))
    one_class = Split("/data", "image", ("a", "b"), samples, (), (), 0, "split.random")
    plan = resolve(Recipe(), meaning(one_class, objective))
    labels = np.array([sample.label for sample in plan.split.train])
    wanted = ranking._columns(plan, labels)
    assert wanted.shape[0] == 60
    assert np.allclose(wanted.mean(0), 0)
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(60, 8))
    good = noise + 3 * wanted @ rng.normal(size=(wanted.shape[1], 8))
    assert logme(good, wanted) > logme(noise, wanted)
