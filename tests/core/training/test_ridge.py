"""Linear models in closed form: as good as logistic regression, and quick with many classes."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tests.core.conftest import Run
from tests.core.training.test_sub_samples import clouds
from transfergui.core.interfaces.objective import Probe
from transfergui.core.resolve import resolve
from transfergui.core.training import frozen_probe, linear_probe, ranking, ridge, sub_samples


def test_what_is_forgotten_was_not_learnt() -> None:
    features, labels = clouds(30, 30, 30)
    x, columns = ridge.narrowed(features), ridge.columns_of([Probe("classes", labels)])
    rows = np.random.default_rng(0).permutation(90)
    whole, fewer = (ridge.Ridge(x, columns.wanted, 8) for _model in range(2))
    whole.learn(rows)
    fewer.learn(rows[20:])
    np.testing.assert_allclose(
        whole.without(rows[:20]).answers(rows), fewer.answers(rows), atol=1e-5
    )
    assert (whole.classes(rows) == labels[rows]).mean() > 0.6


def test_probabilities_are_of_the_classes_that_occur() -> None:
    features, labels = clouds(60, 60, apart=3)
    found = ridge.probabilities(features, labels, np.arange(0, 120, 2), 3)
    np.testing.assert_allclose(found.sum(1), 1)
    assert (found[:, 2] == 0).all() and (found.argmax(1) == labels).mean() > 0.95
    assert 0.85 < found.max(1).mean() <= 1


@pytest.mark.filterwarnings("error")
def test_many_classes_take_one_solution_for_each_size_and_draw(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    features, labels = clouds(*[3] * 120, apart=2)
    solved = []
    answers = ridge.Ridge.answers
    monkeypatch.setattr(LogisticRegression, "fit", None)
    monkeypatch.setattr(
        ridge.Ridge, "answers", lambda self, rows: solved.append(1) or answers(self, rows)
    )
    found = sub_samples.measured(features, [Probe("classes", labels)])
    assert len(solved) == len(found.sizes) * sub_samples.DRAWS
    assert found.values.mean(axis=1).min() > 6 / 120
    assert len(linear_probe.of_classes(features, labels)) == 3  # as many as each class has


def test_more_features_than_are_looked_at() -> None:
    wide = np.random.default_rng(0).normal(size=(60, 40)).astype("f4")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ridge, "MOST_WIDTH", 20)
        assert ridge.narrowed(wide).shape == (60, 20)


def test_word_counts_of_many_texts_keep_their_angles(
    objective_run: Callable[[str, str], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without all of them in the memory at once."""
    run = objective_run("one_class", "text")
    plan = resolve(run.recipe.replace(backbone="tfidf", input={}), run.split)
    assert plan.backbone.no_cache
    whole, kept = frozen_probe.features(plan, run.split.train)
    monkeypatch.setattr(ranking, "MOST_TURNED", 0)
    many, same = frozen_probe.features(plan, run.split.train)
    assert kept == same
    np.testing.assert_allclose(many @ many.T, whole @ whole.T, atol=1e-3)
