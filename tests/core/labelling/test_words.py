"""Suggestions from class names: the networks' own scores, and which suggestions are shown."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import TINY
from tests.tiny_word_networks import PREPROCESSORS
from transfergui.core import registry
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.labelling import suggestions, word_features, word_networks, words
from transfergui.core.labelling.examples import Examples, examples
from transfergui.core.labelling.features import Features
from transfergui.core.labelling.table import LabelTable
from transfergui.core.labelling.word_networks import WordNetwork

NAMES = ("T-shirt", "red_hat", "dog")
Made = Callable[[str], Path]


def network_of(folder: Path, modality: str = "image") -> WordNetwork:
    return word_networks.opened(folder, registry.modality(modality))


def own_logits(network: WordNetwork, samples: Examples, texts: list[str]) -> np.ndarray:
    """What transformers itself makes of files and of sentences, read with Pillow or soundfile."""
    import soundfile
    import torch
    from PIL import Image
    from transformers import AutoModel, PreTrainedTokenizerFast

    from transfergui.core.labelling.word_encoder import quietly

    with quietly():
        model = AutoModel.from_pretrained(network.folder).eval()
    files = [Path(samples.root) / path for path in samples.paths]
    file = str(network.folder / "tokenizer.json")
    sides = {"siglip": ("</s>", "</s>"), "clip": ("<|endoftext|>",) * 2, "clap": ("</s>", "<pad>")}
    end, pad = sides[network.model_type]
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=file, eos_token=end, pad_token=pad)
    if network.model_type == "siglip":
        texts = [f"{text}</s>" for text in texts]
        ids = tokenizer(texts, padding="max_length", max_length=64, return_tensors="pt")
        given: dict[str, Any] = {"input_ids": ids["input_ids"]}
    else:
        given = dict(tokenizer(texts, padding=True, return_tensors="pt"))
        given.pop("token_type_ids", None)
    values = PREPROCESSORS[network.model_type]
    if network.model_type == "clap":
        from transformers import ClapFeatureExtractor

        waves = [soundfile.read(file)[0] for file in files]
        extract = ClapFeatureExtractor(**values)
        waves = [wave - wave.mean() for wave in waves]
        given |= extract(waves, sampling_rate=8000, return_tensors="pt")
        given["input_features"] = given["input_features"].float()
    else:
        pixels = [np.asarray(Image.open(file).convert("RGB"), np.float32) / 255 for file in files]
        scaled = (np.stack(pixels) - values["image_mean"]) / values["image_std"]
        given["pixel_values"] = torch.from_numpy(scaled).permute(0, 3, 1, 2).float()
    with torch.inference_mode():
        found = model(**given)
    side = "logits_per_audio" if network.model_type == "clap" else "logits_per_image"
    return found[side].numpy()


SENTENCES = {
    "siglip": ("this is a photo of tshirt", "this is a photo of red hat", "this is a photo of dog"),
    "clip": ("a photo of a T-shirt.", "a photo of a red hat.", "a photo of a dog."),
    "clap": tuple(f"this is a sound of {name}." for name in ("T-shirt", "red hat", "dog")),
}
"""Of :data:`NAMES`, as each network learnt them."""


@pytest.mark.parametrize(
    ("kind", "modality"), [("siglip", "image"), ("clip", "image"), ("clap", "audio")]
)
def test_scores_are_those_of_the_network(
    kind: str,
    modality: str,
    word_network: Made,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = TINY[modality](tmp_path / "data", per_class=5)
    samples = examples(registry.modality(modality), str(data))
    network = network_of(word_network(kind), modality)
    told: list[tuple[int, int]] = []
    rows = word_features.of_examples(network, samples, lambda *done: told.append(done))
    found = words.scored(words.WordRows(network, rows), NAMES)
    assert found is not None and found.paths == samples.paths
    logits = own_logits(network, samples, [*SENTENCES[kind]]).astype(np.float64)
    wanted = np.exp(logits - logits.max(1, keepdims=True))
    wanted /= wanted.sum(1, keepdims=True)
    assert np.abs(found.probabilities - wanted).max() < 1e-5
    assert wanted.std(0).max() > 1e-3  # they differ
    assert (8, 10) in told
    # from then on, all of it is in the cache: the network is not loaded again
    from transfergui.core.labelling import word_encoder

    monkeypatch.delattr(word_encoder, "WordEncoder")
    again = word_features.of_examples(network, samples)
    assert np.array_equal(again.rows, rows.rows)
    repeated = words.scored(words.WordRows(network, again), NAMES)
    assert repeated is not None
    assert np.array_equal(repeated.probabilities, found.probabilities)


def test_a_damaged_folder_is_told_in_a_sentence(word_network: Made, tmp_path: Path) -> None:
    data = TINY["image"](tmp_path / "data", per_class=2)
    samples = examples(registry.modality("image"), str(data))

    def code(change: Callable[[Path], object]) -> str:
        folder = tmp_path / "network"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(word_network("clip"), folder)
        change(folder)
        with pytest.raises(UserError) as caught:
            network = network_of(folder)
            found = word_features.of_examples(network, samples)
            words.scored(words.WordRows(network, found), NAMES)
        assert str(folder) in str(caught.value)
        return caught.value.code

    def cut(name: str) -> Callable[[Path], object]:
        return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-100])

    def without_a_tensor(folder: Path) -> None:
        from safetensors.torch import load_file, save_file

        tensors = load_file(folder / "model.safetensors")
        del tensors["visual_projection.weight"]
        save_file(tensors, folder / "model.safetensors")

    assert code(lambda folder: (folder / "tokenizer.json").unlink()) == "words.not_a_network"
    assert code(cut("config.json")) == "words.not_a_network"
    for change in (cut("tokenizer.json"), cut("preprocessor_config.json"), without_a_tensor):
        assert code(change) == "words.damaged"
    assert code(cut("model.safetensors")) == "weights.damaged"


def test_a_network_is_found_and_another_one_remembered(
    word_network: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from safetensors.torch import load_file

    image, audio, text = map(registry.modality, ("image", "audio", "text"))
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    assert word_networks.found(image) is None
    with pytest.raises(UserError) as caught:
        word_networks.required(image)
    assert caught.value.code == "words.none" and str(tmp_path) in str(caught.value)
    with pytest.raises(UserError) as caught:
        word_networks.required(text)
    assert caught.value.code == "words.unsupported"
    # as older networks are published
    old = tmp_path / "old"
    shutil.copytree(word_network("clap"), old)
    tensors = load_file(old / "model.safetensors")
    torch.save(tensors, old / "pytorch_model.bin")
    (old / "model.safetensors").unlink()
    network = word_networks.required(audio)
    assert network.title == "old"
    same = word_features.of_names(network_of(word_network("clap"), "audio"), NAMES)
    assert np.allclose(word_features.of_names(network, NAMES), same, atol=1e-6)
    assert word_features.scale(network) == pytest.approx(np.exp(4.6))
    shutil.rmtree(old)
    cached = tmp_path / "hub" / "models--openai--clip-tiny" / "snapshots" / "123"
    cached.mkdir(parents=True)
    for file in word_network("clip").iterdir():  # as the hub's own programs keep it
        (cached / file.name).symlink_to(file)
    assert word_networks.required(image).title == "clip-tiny"
    shutil.copytree(word_network("siglip"), tmp_path / "siglip-tiny")
    assert word_networks.required(image).title == "siglip-tiny"
    assert word_networks.found(audio) is None
    word_networks.remember(word_networks.opened(cached, image))
    assert word_networks.required(image).title == "clip-tiny"
    assert (paths.settings_dir() / word_networks.CHOSEN).is_file()
    json.loads((paths.settings_dir() / word_networks.CHOSEN).read_text())


def test_the_labels_are_shown_once_they_are_correct_as_often() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 60)
    x = np.eye(2, 8)[truth] + 0.6 * rng.standard_normal((60, 8))
    names = tuple(map(str, range(60)))
    classes = ("cat", "dog")
    rows = Features(names, x.astype(np.float32))

    def table(count: int) -> LabelTable:
        made = LabelTable("/data", "image", classes)
        for row in range(count):
            made = made.assigned([names[row]], classes[truth[row]])
        return made

    def scores(wrong: int) -> words.WordScores:
        """From words, of which the first ``wrong`` are not correct."""
        at = np.where(np.arange(60) < wrong, 1 - truth, truth)
        return words.WordScores("tiny", names, classes, np.eye(2)[at] * 0.8 + 0.1)

    def compared(count: int, wrong: int) -> words.Comparison:
        found = suggestions.suggested(rows.rows, names, table(count))
        return words.compared(scores(wrong), found, table(count))

    assert compared(0, 0) == words.Comparison("tiny", "words", 0, 0)
    assert compared(5, 2) == words.Comparison("tiny", "words", 5, 3)
    by_words, by_labels = compared(20, 0), compared(20, 8)
    assert (by_words.words, by_labels.words) == (20, 12)
    assert by_words.labels == by_labels.labels
    assert by_labels.labels is not None and 12 < by_labels.labels < 20
    assert (by_words.shown, by_labels.shown) == ("words", "labels")
    assert scores(0).guesses()["3"] == (classes[truth[3]], pytest.approx(0.9))
    # what does not belong to any class counts against the words, which cannot say so
    none = table(4).assigned(["10"], table(4).none_class)
    assert words.compared(scores(0), None, none) == words.Comparison("tiny", "words", 5, 4)
    for each in (compared(0, 0), compared(5, 2), by_words, by_labels):
        assert "tiny" in each.sentence()
