"""What a run keeps beside its weights, what is said before it begins, and TF-IDF."""

import json
from pathlib import Path

import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.split import SplitOptions, split
from transfergui.core.interfaces.plan import Plan
from transfergui.core.modalities.text import equipment, files, lengths, reading, tfidf, tokens
from transfergui.core.networks.planned import save_assets
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve

GOOD = ["a fine and moving film", "great cast and a very good plot", "good fun from start to end"]
BAD = ["a dull and pointless film", "poor cast and a very bad plot", "bad jokes from start to end"]
CHINESE = ["很快好吃味道足量大", "送餐快态度也特别好"], ["太慢了很难吃", "态度差又慢没有送水"]


def table(path: Path, good: list[str], bad: list[str]) -> Path:
    lines = [
        f"{text} {at},{label}"
        for at in range(20)
        for label, some in (("y", good), ("n", bad))
        for text in some
    ]
    path.write_text("text,label\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def planned(path: Path, backbone: str = "word_vectors", **settings: object) -> Plan:
    dataset = files.scan(DataOptions(path=str(path)))
    recipe = Recipe(modality="text", data=DataOptions(path=str(path)), backbone=backbone)
    return resolve(recipe.replace(**settings), split(dataset, SplitOptions(), 0))


@pytest.fixture
def english(tmp_path: Path) -> Path:
    return table(tmp_path / "english.csv", GOOD, BAD)


@pytest.fixture
def chinese(tmp_path: Path) -> Path:
    return table(tmp_path / "chinese.csv", *CHINESE)


# -- equipment


def test_a_run_keeps_what_reads_texts_by_itself(english: Path, tmp_path: Path) -> None:
    from tokenizers import Tokenizer as Library

    plan = save_assets(planned(english), tmp_path / "assets")
    assert plan.input.assets == str(tmp_path / "assets")  # type: ignore[attr-defined]
    library = Library.from_file(str(tmp_path / "assets" / tokens.TOKENIZER))
    for sample in plan.split.test:
        path = Path(plan.split.root) / sample.path
        loaded = plan.modality.load(path, plan.input).tolist()
        assert library.encode(reading.read(path, plan.input)).ids == loaded  # type: ignore[arg-type]


def test_the_length_comes_from_the_data(english: Path) -> None:
    plan = planned(english)
    assert plan.input.tokens == lengths.FEWEST_TOKENS  # type: ignore[attr-defined]
    assert planned(english, input__tokens=33).input.tokens == 33  # type: ignore[attr-defined]


def test_a_network_that_is_not_here_is_told(english: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        save_assets(planned(english, "minilm"), tmp_path / "assets")
    assert caught.value.code == "weights.missing_folder"


def test_a_local_network_is_equipped(english: Path, tiny_bert: Path, tmp_path: Path) -> None:
    plan = save_assets(planned(english, str(tiny_bert)), tmp_path / "assets")
    kept = {path.name for path in (tmp_path / "assets").iterdir()}
    assert kept == {tokens.TOKENIZER, tokens.CONFIG, "backbone.json"}
    assert plan.backbone.key == "tiny_bert"


# -- notes


def test_an_english_network_warns_of_chinese(english: Path, chinese: Path, tmp_path: Path) -> None:
    fine = save_assets(planned(english), tmp_path / "one")
    assert list(equipment.notes(fine)) == []
    plan = save_assets(planned(chinese), tmp_path / "two")
    (note,) = equipment.notes(plan)
    assert (note.code, note.level) == ("text.unknown_words", "warning")
    assert note.values["percent"] > 40
    assert note.values["title"] == plan.backbone.title
    (note,) = equipment.notes(plan, searched=True)
    assert (note.code, note.level) == ("text.unknown_words_searched", "warning")
    assert "TF-IDF" not in note.sentence()


@pytest.mark.shared_data
def test_minilm_warns_of_chinese_reviews(shared_data: Path, minilm: Path, tmp_path: Path) -> None:
    path = shared_data / "text" / "takeaway-reviews-zh.csv"
    plan = save_assets(planned(path, "minilm", weights_dir=str(minilm)), tmp_path / "assets")
    (note,) = equipment.notes(plan)
    assert 50 < note.values["percent"] < 90


# -- TF-IDF


def test_scripts_without_spaces_are_counted_by_character() -> None:
    assert not tfidf.of_characters(GOOD)
    assert tfidf.of_characters(CHINESE[0])
    assert not tfidf.of_characters([])


def test_words_that_are_equally_common_are_in_the_order_of_the_alphabet() -> None:
    """That of a set differs from process to process, and with it the weights that are learnt."""
    texts = [f"word{number:02} pear apple fig" for number in range(3)]
    assert tfidf._vocabulary(texts, characters=False) == ["apple", "fig", "pear"]
    assert tfidf._vocabulary(["fig", "apple"], characters=False) == ["apple", "fig"]


@pytest.mark.parametrize("name", ["english", "chinese"])
def test_a_vocabulary_is_fitted_to_the_training_texts(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    plan = save_assets(planned(request.getfixturevalue(name), "tfidf"), tmp_path / "assets")
    config = json.loads((tmp_path / "assets" / tokens.CONFIG).read_text())
    idf = json.loads((tmp_path / "assets" / tfidf.IDF).read_text())
    assert config["longest"] == (3 if name == "chinese" else 2)
    assert len(idf) == tfidf.SLOTS == plan.backbone.features
    assert min(idf) == 0
    assert min(value for value in idf if value) >= 1
    assert not plan.pretrained
    encoder = plan.modality.build(plan.backbone, None, plan.input)
    path = Path(plan.split.root) / plan.split.train[0].path
    features = encoder(plan.modality.load(path, plan.input)[None])
    assert float(features.norm()) == pytest.approx(tfidf.LENGTH, rel=1e-4)
    assert list(equipment.notes(plan)) == []


def test_a_simple_method_is_measured_beside_every_network(english: Path, chinese: Path) -> None:
    for path in (english, chinese):
        plan = planned(path)
        (baseline,) = tfidf.baselines(plan)
        assert baseline.n == len(plan.split.test)
        assert baseline.accuracy > 0.9


@pytest.mark.shared_data
def test_the_baseline_on_chinese_reviews(shared_data: Path) -> None:
    (baseline,) = tfidf.baselines(planned(shared_data / "text" / "takeaway-reviews-zh.csv"))
    assert baseline.accuracy >= 0.88
