"""Wrong labels are found, right ones are left alone, whatever is predicted."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from transfergui.core.checks import label_errors
from transfergui.core.checks.check import Finding, Material
from transfergui.core.checks.left_out import LeftOut
from transfergui.core.data import targets as meanings
from transfergui.core.data.dataset import ONE, Sample
from transfergui.core.data.split import Split
from transfergui.core.data.targets import Targets
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve

N, WIDTH = 300, 20
FLIPPED = 15


def _material(
    classes: Sequence[str],
    features: np.ndarray,
    targets: Targets = ONE,
    groups: Sequence[str | None] = (),
) -> Material:
    """Samples with these classes."""
    known = tuple(dict.fromkeys(classes))
    if targets.objective != "one_class":
        targets = meanings.renewed(targets, known)
    own = groups or [None] * len(classes)
    samples = tuple(
        Sample(f"{at:04}.png", known.index(name), group=group)
        for at, (name, group) in enumerate(zip(classes, own, strict=True))
    )
    split = Split("/data", "image", known, samples, (), (), 0, "split.random", targets=targets)
    plan = resolve(Recipe(), split)
    return Material(plan, samples, ("train",) * len(samples), features.astype(np.float32))


def _clusters(overlap: float = 1.6, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Features [N, WIDTH] of five classes that overlap, and which each sample has."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 5, N)
    centres = rng.normal(size=(5, WIDTH))
    return centres[truth] + overlap * rng.normal(size=(N, WIDTH)), truth


def _find(material: Material) -> Finding:
    return label_errors.find(material, lambda done, total: None)


def _found(finding: Finding, flipped: Sequence[int]) -> float:
    """Which share of the wrong labels is in the first tenth of the list."""
    first = {each.path for each in finding.flagged[: N // 10]}
    return float(np.mean([f"{at:04}.png" in first for at in flipped]))


def _codes(finding: Finding) -> list[str]:
    assert all(note.sentence() for note in finding.notes)
    return [note.code for note in finding.notes]


def test_wrong_classes_are_found_and_right_ones_are_not_doubted() -> None:
    features, truth = _clusters()
    clean = _find(_material([f"c{label}" for label in truth], features))
    assert _codes(clean) == ["check.label_errors_none"]
    given = truth.copy()
    given[:FLIPPED] = (truth[:FLIPPED] + 1) % 5
    finding = _find(_material([f"c{label}" for label in given], features))
    (note,) = finding.notes
    assert note.code == "check.label_errors"
    assert note.values["count"] <= 2 * FLIPPED
    assert _found(finding, range(FLIPPED)) >= 0.7
    first = finding.flagged[0]
    assert first.label != first.suggested
    assert first.score > label_errors.LIKELY
    assert len(first.others) == 2 * label_errors.EXAMPLES
    assert finding.document["label_errors"][0] == {
        "path": first.path,
        "label": first.label,
        "suggested": first.suggested,
        "score": first.score,
        "likely": True,
    }
    right = [
        each.suggested == f"c{truth[int(each.path[:4])]}"
        for each in finding.flagged
        if int(each.path[:4]) < FLIPPED
    ]
    assert np.mean(right) > 0.7


def test_labels_that_mean_nothing_are_not_called_wrong() -> None:
    rng = np.random.default_rng(1)
    names = [f"c{label}" for label in rng.integers(0, 3, N)]
    finding = _find(_material(names, rng.normal(size=(N, WIDTH))))
    assert _codes(finding) == ["check.label_errors_unknown"] and not finding.flagged


def test_the_most_doubtful_are_shown_where_none_is_certain_but_the_order_helps() -> None:
    features, truth = _clusters(2.6, seed=3)
    names = [f"c{label}" for label in truth]
    finding = _find(_material(names, features))
    (note,) = finding.notes
    assert note.code == "check.label_errors_doubtful" and note.level == "info"
    assert note.values["first"] >= label_errors.HELPS * note.values["total"]
    listed = [each.path for each in finding.flagged]
    assert len(listed) == note.values["count"] == N // 10
    assert not any(row["likely"] for row in finding.document["label_errors"])
    assert label_errors.shown_of(finding.flagged) == [*finding.flagged]
    material = _material(names, features)
    kept = {path: names[int(path[:4])] for path in listed}
    reviewed = replace(
        material, plan=resolve(Recipe().replace(data__confirmed=kept), material.plan.split)
    )
    assert _codes(_find(reviewed)) == ["check.label_errors_reviewed"]


def test_copies_do_not_vouch_for_each_other() -> None:
    features, truth = _clusters(0.8)
    features[1] = features[0]
    names = [f"c{label}" for label in truth]
    names[0] = names[1] = f"c{(truth[0] + 1) % 5}"
    groups = ["copies", "copies", *(None for _rest in range(N - 2))]
    finding = _find(_material(names, features, groups=groups))
    assert {each.path for each in finding.flagged[:2]} == {"0000.png", "0001.png"}
    assert not set(finding.flagged[0].others) & {"0000.png", "0001.png"}


def test_a_class_that_nothing_else_shows_is_not_doubted() -> None:
    features, truth = _clusters()
    names = [f"c{label}" for label in truth]
    names[7] = "only one"
    assert "0007.png" not in {each.path for each in _find(_material(names, features)).flagged}


def test_each_of_several_labels_is_looked_at() -> None:
    features, truth = _clusters(0.8)
    held = [{f"l{label}", *(["odd"] if label % 2 else [])} for label in truth]
    bare = Targets("several_labels", ("l0", "l1", "l2", "l3", "l4", "odd"))

    def named() -> list[str]:
        return [meanings.labels_text(n for n in bare.names if n in own) for own in held]

    assert _codes(_find(_material(named(), features, bare))) == ["check.label_errors_none"]
    for own in held[:FLIPPED]:
        own ^= {"odd"}
    finding = _find(_material(named(), features, bare))
    assert finding.notes
    assert _found(finding, range(FLIPPED)) >= 0.7
    first = finding.flagged[0]
    assert ("odd" in first.label) != ("odd" in first.suggested)


def test_each_question_is_looked_at() -> None:
    features, truth = _clusters(0.8)
    answers = [[f"c{label}", "odd" if label % 2 else "even"] for label in truth]
    answers[20][0] = None  # type: ignore[call-overload]
    bare = Targets("several_questions", ("class", "kind"), (("c0",), ("odd",)))

    def named() -> list[str]:
        return [meanings.answers_text(row) for row in answers]

    assert _codes(_find(_material(named(), features, bare))) == ["check.label_errors_none"]
    for row in answers[:FLIPPED]:
        row[1] = "odd" if row[1] == "even" else "even"
    finding = _find(_material(named(), features, bare))
    assert finding.notes
    assert _found(finding, range(FLIPPED)) >= 0.7
    first = finding.flagged[0]
    assert first.suggested.split(" · ")[0] == first.label.split(" · ")[0]


def test_numbers_far_from_what_is_expected_are_found() -> None:
    rng = np.random.default_rng(2)
    features = rng.normal(size=(N, WIDTH))
    values = np.round(20 + 5 * features[:, 0] + rng.standard_t(4, N), 1)
    bare = Targets("number", ("size",))

    def named() -> list[str]:
        return [meanings.number_text(float(value)) for value in values]

    clean = _find(_material(named(), features, bare))
    assert sum(each.score > label_errors.LIKELY for each in clean.flagged) <= N // 100
    values[:FLIPPED] += 15 * rng.choice([-1, 1], FLIPPED)
    finding = _find(_material(named(), features, bare))
    assert finding.notes
    assert _found(finding, range(FLIPPED)) >= 0.9
    assert abs(float(finding.flagged[0].suggested) - float(finding.flagged[0].label)) > 5


@pytest.mark.parametrize("shape", [(40, 60), (60, 40)])
def test_leaving_out_is_what_a_model_without_the_group_says(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    features = rng.normal(size=shape)
    wanted = rng.normal(size=(shape[0], 2))
    groups = [str(max(1, at)) for at in range(shape[0])]  # the first two are one
    left_out = LeftOut(features, groups)
    x = features - features.mean(0)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    for rows in ([0, 1], [5]):
        rest = np.setdiff1d(np.arange(shape[0]), rows)
        centred, mean = x[rest] - x[rest].mean(0), wanted[rest].mean(0)
        system = centred.T @ centred + 0.3 * np.eye(shape[1])
        weights = np.linalg.solve(system, centred.T @ (wanted[rest] - mean))
        expected = (x[rows] - x[rest].mean(0)) @ weights + mean
        assert np.allclose(left_out.predictions(wanted, 0.3)[rows], expected, atol=1e-4)


def test_features_that_are_not_there_are_counted_or_said() -> None:
    features, truth = _clusters()
    material = _material([f"c{label}" for label in truth], features)
    assert not label_errors.obstacle(material)
    bare = Material(material.plan, material.samples, material.parts, None)
    assert label_errors.obstacle(bare) == "check.label_errors_no_features"


def test_the_worst_are_those_that_cleanlab_finds_worst() -> None:
    from cleanlab.filter import find_label_issues

    features, truth = _clusters(0.8)
    given = truth.copy()
    given[:FLIPPED] = (truth[:FLIPPED] + 1) % 5
    material = _material([f"c{label}" for label in given], features)
    labels = material.labels
    looked = label_errors._Looked(
        LeftOut(features, [s.path for s in material.samples]),
        [s.path for s in material.samples],
        lambda done, total: None,
    )
    doubts = looked.doubts(labels, 5)
    assert doubts is not None
    ours = set(np.flatnonzero(doubts.wrong >= label_errors.LIKELY).tolist())
    theirs = find_label_issues(
        labels, doubts.probabilities, return_indices_ranked_by="self_confidence", n_jobs=1
    )
    assert ours <= set(theirs.tolist())
    assert set(theirs[: len(ours)].tolist()) == ours


def test_what_is_written_can_be_read() -> None:
    features, truth = _clusters()
    finding = _find(_material([f"c{label}" for label in truth], features))
    assert msgspec.json.decode(msgspec.json.encode(finding), type=Finding).check == "label_errors"
