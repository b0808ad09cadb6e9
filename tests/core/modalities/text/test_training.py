"""Whole trainings on texts: what an interruption leaves, what a second one finds in the cache."""

import dataclasses
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from safetensors.torch import load_file

from tests.core.modalities.text.test_equipment import BAD, GOOD, planned, table
from transfergui.core.app.seen_input import SeenInput
from transfergui.core.interfaces.plan import Plan
from transfergui.core.interfaces.samples import Text
from transfergui.core.modalities.previews import preview_variants
from transfergui.core.modalities.text import preview, tfidf
from transfergui.core.networks.planned import save_assets
from transfergui.core.resolve import resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import candidates, progress_reporter, ranking, start, trainer
from transfergui.core.training.ranking import Ranked

FINE: dict[str, Any] = {"strategy": "fine_tuning", "run__epochs": 2}


@pytest.fixture
def english(tmp_path: Path) -> Path:
    return table(tmp_path / "english.csv", GOOD, BAD)


def fresh(plan: Plan, folder: Path) -> Run:
    return Run.create(plan.recipe, plan.split, folder)


@pytest.mark.parametrize("named", ["network", "word_vectors_lstm", "tfidf"])
def test_resumed_is_uninterrupted(
    named: str, english: Path, tiny_bert: Path, tmp_path: Path
) -> None:
    backbone = str(tiny_bert) if named == "network" else named
    strategy = FINE if named == "network" else {"run__epochs": 2}
    plan = planned(english, backbone, **strategy)
    whole, run = fresh(plan, tmp_path / "whole"), fresh(plan, tmp_path / "run")
    list(trainer.train(plan, whole))
    for event in trainer.train(plan, run):
        if isinstance(event, ev.EpochEnded):
            run.request_stop("cancel")
    assert isinstance(event, ev.Finished)
    assert event.outcome == "cancelled"
    last = list(trainer.train(resume_plan(run), run))[-1]
    assert isinstance(last, ev.Finished)
    assert last.outcome == "done"
    one, other = load_file(whole.best), load_file(run.best)
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert last.report["baselines"]
    assert last.report["transferred"] is (named != "tfidf")


def test_a_teacher_that_reads_shorter_texts_is_refused_in_words(
    tiny_bert: Path, tmp_path: Path
) -> None:
    long = [" ".join([text] * 12) for text in (*GOOD, *BAD)]
    data = table(tmp_path / "long.csv", long[: len(GOOD)], long[len(GOOD) :])
    teacher = {"teacher": str(tiny_bert)}
    plan = planned(data, "word_vectors", strategy="distillation", options=teacher)
    last = list(trainer.train(plan, fresh(plan, tmp_path / "run")))[-1]
    assert isinstance(last, ev.Failed)
    assert (last.code, last.values["limit"]) == ("text.too_many_tokens", 34)


def test_rates_and_epochs_suit_the_network(english: Path, tiny_bert: Path) -> None:
    """What is known of networks for pictures would tear a transformer apart."""
    plain = planned(english, "word_vectors", strategy="fine_tuning").phases[0]
    phase = planned(english, str(tiny_bert), strategy="fine_tuning").phases[0]
    assert phase.lr == pytest.approx(plain.lr / 10)
    assert phase.epochs < plain.epochs / 2
    asked = planned(english, str(tiny_bert), **FINE, optim__lr=0.5).phases[0]
    assert (asked.lr, asked.epochs) == (0.5, 2)


def test_only_what_is_new_is_trained_above_frozen_vectors(english: Path) -> None:
    phase = planned(english, "word_vectors_lstm").phases[0]
    assert (phase.groups, phase.cache_features) == (1, False)


def test_a_second_training_finds_the_features(
    english: Path, tiny_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_reporter, "EVERY", 0)  # else a quick machine has nothing to tell
    plan = planned(english, str(tiny_bert), run__epochs=1)
    stages = []
    for number in range(2):
        events = list(trainer.train(plan, fresh(plan, tmp_path / f"{number}")))
        stages.append([e for e in events if isinstance(e, ev.Progress) and e.stage == "features"])
    assert stages[0]
    assert not stages[1]


def test_an_unsuitable_network_is_said_to_be_one(tmp_path: Path) -> None:
    chinese = table(tmp_path / "a.csv", ["很快好吃味道足量大"], ["太慢了很难吃"])
    plan = planned(chinese, "word_vectors", run__epochs=1)
    events = list(trainer.train(plan, fresh(plan, tmp_path / "run")))
    notices = [e for e in events if isinstance(e, ev.Notice)]
    assert [(n.code, n.level) for n in notices] == [("text.unknown_words", "warning")]


def test_recommended_tries_tfidf(english: Path, tmp_path: Path) -> None:
    """It said afterwards that TF-IDF does better, which it had not tried."""
    plan = planned(english, "auto", strategy="auto", options={"time": "one"}, run__epochs=1)
    run = fresh(plan, tmp_path / "run")
    *_, last = start.train(plan, run)
    assert isinstance(last, ev.Finished)
    assert last.outcome == "done"
    (trial,) = (trial for trial in run.history().trials if trial.backbone == "tfidf")
    assert trial.strategy == candidates.FROZEN
    assert trial.accuracy is not None


def test_recommended_tries_tfidf_before_what_takes_long() -> None:
    rows = [Ranked(key=key, title=key, published=1.0) for key in ("one", "other")]
    baseline = ev.Tried(backbone="tfidf", title="TF-IDF", strategy=candidates.FROZEN)
    order = [(trial.backbone, trial.strategy) for trial in candidates.likely(rows, [baseline])]
    assert order[2] == ("tfidf", candidates.FROZEN)
    assert {way for _key, way in order[:2]} == {candidates.FROZEN}
    assert candidates.FROZEN not in {way for _key, way in order[3:]}


def test_rank_leaves_out_networks_that_cannot_read_the_texts(english: Path, tmp_path: Path) -> None:
    def why(data: Path) -> str:
        found = {row.key: why for row, why in ranking.turns(planned(data, "tfidf"))}
        return found["word_vectors"]

    german = [
        "Das Gerät kam pünktlich an und funktioniert einwandfrei",
        "Leider war die Verpackung beschädigt und niemand hat geantwortet",
    ]
    assert why(english) == ""
    assert why(table(tmp_path / "b.csv", german[:1], german[1:])) == ""  # it knows the letters
    russian = ["Товар пришёл вовремя"], ["Коробка была повреждена"]
    assert why(table(tmp_path / "c.csv", *russian)) == ranking.OTHER_LANGUAGE


def test_tfidf_is_ranked_beside_the_networks(tmp_path: Path) -> None:
    """It was left out, and the best of networks that do worse was said to suit the texts best."""
    words = [["好吃", "很快", "喜欢"], ["太慢", "难吃", "再也不点"]]
    texts = [[f"{a}{b}第{at}次" for at in range(4) for a in w for b in w if a != b] for w in words]
    plan = planned(table(tmp_path / "a.csv", *texts), "tfidf")
    rows = {row.key: row for row in ranking.rank(plan)}
    found = rows["tfidf"]
    assert found.skipped is None
    assert found.accuracy == 1
    assert found.n == ranking.SAMPLES
    assert found.logme is not None
    assert ranking.ordered(list(rows.values()))[0].key == "tfidf"


def test_what_is_counted_may_be_turned(english: Path, tmp_path: Path) -> None:
    """A linear classifier sees the same distances and angles."""
    plan = save_assets(planned(english, "tfidf"), tmp_path / "assets")
    turned, labels = ranking.counted(plan, plan.split.train)
    network = plan.modality.build(plan.backbone, None, plan.input)
    paths = [Path(plan.split.root) / sample.path for sample in plan.split.train]
    whole = network(torch.stack([plan.modality.load(path, plan.input) for path in paths])).numpy()
    assert turned.shape == (len(labels), len(labels))
    assert turned @ turned.T == pytest.approx(whole @ whole.T, abs=1e-4)


def test_recommended_loses_no_time_with_networks_that_cannot_read_the_texts(tmp_path: Path) -> None:
    """A minute went by with networks for English, of whose tokens every one was unknown."""
    chinese = table(tmp_path / "a.csv", ["很快好吃味道足量大"], ["太慢了很难吃"])
    plan = planned(chinese, "auto", strategy="auto", options={"time": "one"}, run__epochs=1)
    run = fresh(plan, tmp_path / "run")
    *_, last = start.train(plan, run)
    assert isinstance(last, ev.Finished)
    trials = {trial.backbone: trial for trial in run.history().trials}
    assert set(trials) == {"word_vectors", "tfidf"}
    assert trials["word_vectors"].dropped == "auto.other_language"
    assert trials["word_vectors"].accuracy is None
    assert run.recipe.backbone == "tfidf"
    assert last.report["tried"] == [candidates.FROZEN]


@pytest.mark.parametrize("named", ["tfidf", "word_vectors"])
def test_what_the_network_sees_is_shown_before_any_training(named: str, english: Path) -> None:
    """TF-IDF's vocabulary is made from the training texts, and was not there yet."""
    plan = planned(english, named)
    seen = SeenInput(plan)
    path = Path(plan.split.root) / plan.split.train[0].path
    previews = preview_variants(plan.modality, path, seen.options(), plan.augment, 0, 6)
    assert len(previews) == 8
    texts = [preview.data for preview in previews]
    assert all(isinstance(text, Text) and text.tokens for text in texts)
    assert seen.serves(planned(english, named))
    fewer = msgspec.structs.replace(plan.split, train=plan.split.train[1:])
    assert not seen.serves(dataclasses.replace(plan, split=fewer))


def test_tfidf_shows_the_words_that_it_counts_and_their_weights(
    english: Path, tmp_path: Path
) -> None:
    """The weights are those that the network computes."""
    plan = save_assets(planned(english, "tfidf"), tmp_path / "assets")
    path = Path(plan.split.root) / plan.split.train[0].path
    shown = preview.of_text(path, plan.input).data
    assert len(shown.tokens) == len(shown.weights) == len(set(shown.tokens)) > 2
    assert list(shown.weights) == sorted(shown.weights, reverse=True)
    loaded = plan.modality.load(path, plan.input)
    network = plan.modality.build(plan.backbone, None, plan.input)
    features = network(loaded[None])[0] / tfidf.LENGTH
    own = features[features > 0].sort(descending=True).values.tolist()
    assert own == pytest.approx(shown.weights, abs=1e-4)
    assert any(" " in token for token in shown.tokens)  # pairs of words
    seen = preview.of_ids(loaded.numpy(), plan.input).data
    assert (seen.text, seen.tokens, seen.weights) == ("", shown.tokens, shown.weights)
    assert shown.pieces[0] == f"{shown.tokens[0]} {shown.weights[0]:.2f}"


def test_other_networks_show_tokens_in_their_order(english: Path, tmp_path: Path) -> None:
    plan = save_assets(planned(english, "word_vectors"), tmp_path / "assets")
    path = Path(plan.split.root) / plan.split.train[0].path
    shown = preview.of_text(path, plan.input).data
    assert shown.weights == ()
    assert shown.pieces == shown.tokens


def test_texts_are_no_longer_than_the_own_network_reads(
    english: Path, tiny_bert: Path, tmp_path: Path
) -> None:
    """The length that the data ask for; one that the user asks for is refused where it is more."""
    plan = planned(english, str(tiny_bert), **FINE)
    run = fresh(plan, tmp_path / "run")
    list(trainer.train(plan, run))
    long = [" ".join([text] * 12) for text in (*GOOD, *BAD)]
    data = table(tmp_path / "long.csv", long[: len(GOOD)], long[len(GOOD) :])
    assert planned(data).input.tokens > 34  # type: ignore[attr-defined]
    for backbone in (str(tiny_bert), str(run.path)):
        later = planned(data, backbone, **FINE)
        assert later.input.tokens == 34  # type: ignore[attr-defined]
        assert later.recipe.input["tokens"] == 34
    last = list(trainer.train(later, fresh(later, tmp_path / "later")))[-1]
    assert isinstance(last, ev.Finished)
    asked = planned(data, str(run.path), input__tokens=35, **FINE)
    last = list(trainer.train(asked, fresh(asked, tmp_path / "asked")))[-1]
    assert isinstance(last, ev.Failed)
    assert last.code == "text.too_many_tokens"
