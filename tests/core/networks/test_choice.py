"""The default network: the best quick one that is there, else the built-in one; never silently."""

from typing import Any

import pytest

from transfergui.core import registry
from transfergui.core.data.languages import ENGLISH, EVERY, OTHER
from transfergui.core.interfaces.choices import BackboneChoice
from transfergui.core.interfaces.networks import Backbone, WeightState
from transfergui.core.networks import choice, weights
from transfergui.core.sources import named_backbone

MODALITY = registry.modality("image")
ROWS = {row.key: row for row in MODALITY.backbones()}


def states(*here: str, built_in: WeightState = "built-in") -> dict[str, WeightState]:
    """Nothing is on the disk but ``here``."""
    absent: dict[str, WeightState] = dict.fromkeys(ROWS, "download")
    return absent | {"tgnet": built_in} | dict.fromkeys(here, "on disk")


def chosen(*here: str, compact: bool = False) -> str:
    return choice.choose(MODALITY, states(*here), compact).backbone.key


def test_with_nothing_on_the_disk_it_is_the_one_that_comes_along() -> None:
    found = choice.choose(MODALITY, states())
    assert found.backbone.key == "tgnet"
    assert found.better is ROWS["mobilenet_v2"]
    assert (
        found.why.sentence()
        == "This backbone comes with TransferGUI; no better fast one is on this computer."
    )


def test_what_is_on_the_disk_and_better_is_taken() -> None:
    found = choice.choose(MODALITY, states("squeezenet1_1", "mobilenet_v2", "resnet18"))
    assert found.backbone.key == "mobilenet_v2"
    assert found.better is None
    assert "most accurate" in found.why.sentence()


@pytest.mark.parametrize(
    ("here", "key"),
    [
        (["resnet50", "vgg16"], "tgnet"),  # too slow for somebody who did not ask for them
        (["resnet50", "resnet18"], "resnet18"),
        (["alexnet"], "tgnet"),  # quick, but no better
        (["squeezenet1_1", "alexnet"], "squeezenet1_1"),
        (["efficientnet_b0", "mobilenet_v2"], "efficientnet_b0"),
    ],
)
def test_only_quick_and_better_ones_take_its_place(here: list[str], key: str) -> None:
    assert chosen(*here) == key


def test_what_is_worth_its_download_is_offered() -> None:
    assert choice.choose(MODALITY, states("mobilenet_v3_small")).better is ROWS["mobilenet_v2"]
    assert choice.choose(MODALITY, states("regnet_y_400mf")).better is None


@pytest.mark.parametrize("here", [[], ["mobilenet_v2"]])
def test_where_a_small_one_is_the_point_it_is_the_built_in_one(here: list[str]) -> None:
    found = choice.choose(MODALITY, states(*here), compact=True)
    assert (found.backbone.key, found.better) == ("tgnet", None)
    assert "small" in found.why.sentence()


def test_a_damaged_installation_takes_what_is_there() -> None:
    broken = states("squeezenet1_1", built_in="missing")
    assert choice.choose(MODALITY, broken).backbone.key == "squeezenet1_1"
    assert choice.choose(MODALITY, states(built_in="missing")).backbone.key == "tgnet"


def test_a_strategy_that_nothing_here_suits_names_the_smallest_network_that_does() -> None:
    """It can be downloaded; that the built-in one does not suit would help nobody."""

    def attends(row: Backbone) -> bool:
        return row.attention

    found = choice.choose(MODALITY, states("mobilenet_v2"), able=attends)
    assert found.backbone.key == "swin_t"
    assert "can be trained with this strategy" in found.why.sentence()
    own = choice.choose(MODALITY, states("vit_b_16"), able=attends)
    assert own.backbone.key == "vit_b_16"
    assert choice.choose(MODALITY, states(), able=lambda row: False).backbone.key == "tgnet"


@pytest.mark.parametrize("modality", registry.MODALITIES, ids=lambda m: m.key)
def test_every_modality_has_a_quick_network_of_its_own_and_recommends_one(modality) -> None:
    own = choice.built_in(modality)
    assert own.speed == choice.QUICK
    assert weights.state(own) == "built-in"
    recommended = registry.backbone(modality, modality.recommended)
    assert recommended.weights_url and recommended.speed == choice.QUICK
    assert choice.AUTO not in {row.key for row in modality.backbones()}


def test_without_published_figures_the_recommended_one_is_the_better_one() -> None:
    texts = registry.modality("text")
    absent: dict[str, WeightState] = {row.key: "download" for row in texts.backbones()}
    built_in: dict[str, WeightState] = {
        row.key: "built-in" for row in texts.backbones() if row.weights_url is None
    }
    found = choice.choose(texts, absent | built_in)
    assert found.backbone.key == "word_vectors"
    assert found.better is not None
    assert found.better.key == "minilm"
    here = choice.choose(texts, absent | built_in | {"minilm": "on disk", "bert": "on disk"})
    assert (here.backbone.key, here.better) == ("minilm", None)


# -- the language of texts

TEXT = registry.modality("text")
TEXT_ROWS = {row.key: row for row in TEXT.backbones()}


def of_texts(languages: tuple[str, ...], *here: str, **options: Any) -> BackboneChoice:
    """The choice for texts in these languages, with what comes along and ``here`` on the disk."""
    absent: dict[str, WeightState] = dict.fromkeys(TEXT_ROWS, "download")
    own: dict[str, WeightState] = dict.fromkeys(
        ("word_vectors", "word_vectors_lstm", "tfidf"), "built-in"
    )
    there: dict[str, WeightState] = dict.fromkeys(here, "on disk")
    return choice.choose(TEXT, absent | own | there, languages=languages, **options)


@pytest.mark.parametrize("language", [code for code in (*EVERY, OTHER) if code != ENGLISH])
def test_texts_in_another_language_get_no_network_for_english(language: str) -> None:
    found = of_texts((language,))
    assert found.backbone.key == "tfidf"
    assert found.better == (None if language == OTHER else TEXT_ROWS["minilm_multilingual"])
    assert "TF-IDF works for any language" in found.why.sentence()
    if language != OTHER:
        there = of_texts((language,), "minilm", "minilm_multilingual")
        assert (there.backbone.key, there.better) == ("minilm_multilingual", None)
        assert "was pretrained on this" in there.why.sentence()


def test_english_texts_are_as_before() -> None:
    for languages in ((), (ENGLISH,)):
        assert of_texts(languages).backbone.key == "word_vectors"
        assert of_texts(languages).better == TEXT_ROWS["minilm"]
        assert of_texts(languages, "minilm", "minilm_multilingual").backbone.key == "minilm"


def test_two_languages_need_a_network_for_both() -> None:
    found = of_texts(("Hani", ENGLISH))
    assert (found.backbone.key, found.better) == ("tfidf", TEXT_ROWS["minilm_multilingual"])
    assert found.why.sentence().startswith("The texts are in Chinese and English. No fast backbone")


def test_a_strategy_that_tf_idf_does_not_suit_says_what_is_missing() -> None:
    found = of_texts(("Hani",), able=lambda row: row.params > 0, compact=True)
    assert found.backbone.key == "word_vectors"
    assert found.better == TEXT_ROWS["minilm_multilingual"]
    assert found.why.sentence().startswith("The texts are in Chinese. None of the backbones")


def test_a_teacher_that_is_left_to_the_program_knows_the_language() -> None:
    assert named_backbone(TEXT, choice.AUTO).backbone.key == "minilm"
    assert named_backbone(TEXT, choice.AUTO, (ENGLISH,)).backbone.key == "minilm"
    found = named_backbone(TEXT, choice.AUTO, ("Hani",)).backbone
    assert found.key == "minilm_multilingual"


def test_networks_that_know_the_language_go_first_beside_another() -> None:
    there: dict[str, WeightState] = dict.fromkeys(TEXT_ROWS, "on disk")
    found = choice.others(TEXT, there, TEXT_ROWS["tfidf"], ("Hani",))
    assert found[0].key == "minilm_multilingual"
    assert choice.others(TEXT, there, TEXT_ROWS["tfidf"])[0].key == "minilm"


def test_other_kinds_of_data_have_no_languages() -> None:
    for modality in registry.MODALITIES:
        if modality.key != "text":
            assert not any(row.languages for row in modality.backbones())
