"""Encoders for texts: families of networks, word vectors, counted n-grams."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from tests.core.modalities.text.conftest import TINY, config_of, make_network
from transfergui.core.base.errors import UserError
from transfergui.core.exporters.graph import quietly
from transfergui.core.modalities.text import backbones, folders, models, tfidf, tokens
from transfergui.core.modalities.text.models import (
    CountedNGrams,
    MeanPooled,
    Recurrent,
    WordVectors,
)
from transfergui.core.modalities.text.options import TextInput
from transfergui.core.networks import weights as weights_files
from transfergui.core.nn.classifier import Classifier

IDS = torch.tensor([[2, 3, 4, 5, 0, 0, 0, 0], [6, 0, 0, 0, 0, 0, 0, 0], [7, 8, 9, 2, 3, 4, 5, 6]])


def built(folder: Path, weights: bool = True) -> tuple[folders.Backbone, nn.Module]:
    source = folders.source(folder)
    assert source is not None
    input = TextInput(assets=str(folder))
    return source.backbone, models.build(
        source.backbone, source.weights if weights else None, input
    )


# -- the BERT family


@pytest.mark.parametrize("model_type", TINY)
@torch.no_grad()
def test_every_family_is_built_grouped_and_filled(model_type: str, tmp_path: Path) -> None:
    assert set(TINY) == set(folders.FAMILIES)
    folder = make_network(tmp_path / "net", model_type)
    row, encoder = built(folder)
    assert (row.features, row.family) == (16, folders.FAMILIES[model_type].title)
    assert len(row.groups) == 3
    grouped = Classifier(encoder, nn.Identity(), groups=row.groups).group_parameters()
    assert all(grouped)
    features = encoder.eval()(IDS)
    assert features.shape == (3, 16)
    assert torch.isfinite(features).all()
    saved = load_file(folder / "model.safetensors")
    for name, tensor in encoder.network.state_dict().items():
        assert torch.equal(tensor, saved[name])


@torch.no_grad()
def test_padding_changes_nothing(tiny_bert: Path) -> None:
    encoder = built(tiny_bert)[1].eval()
    longer = torch.nn.functional.pad(IDS, (0, 9))
    torch.testing.assert_close(encoder(longer), encoder(IDS))
    torch.testing.assert_close(encoder(IDS[1:2, :1]), encoder(IDS)[1:2])


@torch.no_grad()
def test_training_leaves_shared_padding_out() -> None:
    seen = []

    class Watching(WordVectors):
        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            seen.append(tuple(ids.shape))
            return super().forward(ids, mask)

    encoder = MeanPooled(Watching(12, 4), pad=0)
    short = torch.nn.functional.pad(IDS, (0, 20))
    torch.testing.assert_close(encoder.train()(short), encoder.eval()(short))
    encoder.train()(torch.zeros(2, 5, dtype=torch.long))
    assert seen == [(3, 8), (3, 28), (2, 1)]


@pytest.mark.parametrize("prefix", ["", "bert."])
@torch.no_grad()
def test_weights_of_other_times_and_tasks_fit(prefix: str, tiny_bert: Path, tmp_path: Path) -> None:
    """As BERT was published: within a larger model, layer norms with gamma and beta."""
    tensors = load_file(tiny_bert / "model.safetensors")
    if prefix:
        tensors["cls.predictions.bias"] = torch.zeros(40)
    renamed = {
        (name if name.startswith("cls.") else prefix + name)
        .replace("LayerNorm.weight", "LayerNorm.gamma")
        .replace("LayerNorm.bias", "LayerNorm.beta"): tensor.half()
        for name, tensor in tensors.items()
    }
    folder = make_network(tmp_path / "old")
    save_file(renamed, folder / "model.safetensors")
    wanted = built(tiny_bert)[1].eval()(IDS)
    torch.testing.assert_close(built(folder)[1].eval()(IDS), wanted, atol=1e-2, rtol=1e-2)


def test_weights_that_do_not_fit(tiny_bert: Path, tmp_path: Path) -> None:
    folder = make_network(tmp_path / "net")
    tensors = load_file(folder / "model.safetensors")
    tensors.pop("embeddings.word_embeddings.weight")
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(UserError) as caught:
        built(folder)
    assert caught.value.code == "weights.misfit"


def test_the_same_seed_begins_alike(tiny_bert: Path) -> None:
    states = []
    for seed in (0, 0, 1):
        torch.manual_seed(seed)
        states.append(built(tiny_bert, weights=False)[1].state_dict())
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert not all(torch.equal(states[0][name], states[2][name]) for name in states[0])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"model_type": "gpt2"}, "text.unknown_family"),
        ({"hidden_size": 15}, "text.bad_tokenizer"),
        ({"num_hidden_layers": "many"}, "text.bad_tokenizer"),
    ],
)
def test_descriptions_of_no_use(change: dict, code: str, tmp_path: Path, tiny_bert: Path) -> None:
    row = built(tiny_bert)[0]
    (tmp_path / tokens.CONFIG).write_text(json.dumps(config_of("bert") | change))
    with pytest.raises(UserError) as caught:
        models.build(row, None, TextInput(assets=str(tmp_path)))
    assert caught.value.code == code


def test_no_assets(tmp_path: Path, tiny_bert: Path) -> None:
    with pytest.raises(UserError) as caught:
        models.build(built(tiny_bert)[0], None, TextInput(assets=str(tmp_path)))
    assert caught.value.code == "text.no_tokenizer"


# -- word vectors


@torch.no_grad()
def test_the_mean_of_word_vectors() -> None:
    network = WordVectors(12, 3)
    encoder = MeanPooled(network, pad=0)
    table = network.table.weight
    wanted = torch.stack(
        [table[[2, 3, 4, 5]].mean(0), table[6], table[[7, 8, 9, 2, 3, 4, 5, 6]].mean(0)]
    )
    torch.testing.assert_close(encoder(IDS), wanted)
    assert torch.equal(encoder(torch.zeros(1, 4, dtype=torch.long)), torch.zeros(1, 3))


@torch.no_grad()
def test_an_lstm_reads_each_text_by_itself() -> None:
    torch.manual_seed(0)
    encoder = MeanPooled(Recurrent(12, 6, 8), pad=0).eval()
    features = encoder(IDS)
    assert features.shape == (3, 8)
    torch.testing.assert_close(encoder(torch.nn.functional.pad(IDS, (0, 5))), features)
    torch.testing.assert_close(encoder(IDS[:1, :4]), features[:1])
    turned = IDS.clone()
    turned[0, :4] = IDS[0, :4].flip(0)
    assert not torch.allclose(encoder(turned)[0], features[0])


@torch.no_grad()
def test_built_in_vectors_are_read() -> None:
    for key in ("word_vectors", "word_vectors_lstm"):
        row = next(row for row in backbones.ROWS if row.key == key)
        weights = weights_files.require(row)
        input = TextInput(assets=str(weights.parent))
        encoder = models.build(row, weights, input)
        parameters = sum(p.numel() for p in encoder.parameters())
        assert parameters == row.params
        grouped = Classifier(encoder, nn.Identity(), groups=row.groups).group_parameters()
        assert all(grouped)
        table = encoder.network.table.weight
        assert not table[0].any()
        assert table[2000:].norm(dim=1).min() > 0


# -- counted n-grams


def test_n_grams_are_counted_alike_with_and_without_torch() -> None:
    rng = np.random.default_rng(0)
    idf = torch.from_numpy(rng.uniform(1, 3, tfidf.SLOTS)).float()
    counting = CountedNGrams(idf, longest=3, known=40)
    ids = torch.from_numpy(rng.integers(1, 40, (4, 9)))
    ids[1, 5:] = 0
    ids[2] = 0
    found = counting(ids)
    for row, features in zip(ids, found, strict=True):
        own = row[row != 0].numpy()
        slots, counts = np.unique(tfidf.slots(own, 3, 40), return_counts=True)
        wanted = np.zeros(tfidf.SLOTS)
        wanted[slots] = (1 + np.log(counts)) * idf.numpy()[slots]
        wanted *= tfidf.LENGTH / max(1e-6, np.linalg.norm(wanted))
        np.testing.assert_allclose(features.numpy(), wanted, atol=1e-4)
    assert not list(counting.parameters())


def test_counting_words_is_scikit_learns_tfidf() -> None:
    """Without pairs, nothing shares a place."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["a good film", "a bad bad film", "good good plot a", "the film"]
    words = sorted({word for text in texts for word in text.split()})
    tokenizer = tokens.Tokenizer(tokens.with_cleaning(tokens.word_level(words, False)), {})
    ids = torch.from_numpy(np.stack([tokenizer.ids(text, 6) for text in texts]))
    having = np.zeros(tfidf.SLOTS)
    for row in ids.numpy():
        having[np.unique(row[row != 0])] += 1
    idf = torch.from_numpy(np.log((1 + len(texts)) / (1 + having)) + 1).float()
    found = CountedNGrams(idf, 1, tokenizer.size)(ids).numpy()[:, 2 : 2 + len(words)]
    vectorizer = TfidfVectorizer(token_pattern=r"\w+", vocabulary=words, sublinear_tf=True)
    wanted = vectorizer.fit_transform(texts).toarray()
    np.testing.assert_allclose(found / tfidf.LENGTH, wanted, atol=1e-5)


@pytest.mark.parametrize("kind", ["bert", "lstm", "counted"])
def test_networks_are_traced_for_any_batch(kind: str, tiny_bert: Path) -> None:
    torch.manual_seed(0)
    networks = {
        "bert": lambda: built(tiny_bert)[1],
        "lstm": lambda: MeanPooled(Recurrent(12, 6, 8), pad=0),
        "counted": lambda: CountedNGrams(torch.rand(tfidf.SLOTS) + 1, 2, 40),
    }
    encoder = networks[kind]().eval()
    batch = {0: torch.export.Dim("batch")}
    with quietly():  # LSTMs are told off for keeping a list of their weights
        traced = torch.export.export(encoder, (torch.full((2, 8), 2),), dynamic_shapes=(batch,))
    torch.testing.assert_close(traced.module()(IDS), encoder(IDS))
