"""Networks that are folders, and files of word vectors, on the disk."""

import gzip
import json
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from tests.core.modalities.text.conftest import WORDS, make_network
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.text import backbones, folders, tokens, word_vectors
from transfergui.core.modalities.text.options import TextInput
from transfergui.core.networks import weights as weights_files
from transfergui.core.networks.weights import FOLDER_PARTS, FOLDER_WEIGHTS
from transfergui.core.registry import modality
from transfergui.core.sources import named_backbone

ROWS = {row.key: row for row in backbones.ROWS}
VECTORS = np.random.default_rng(0).normal(size=(len(WORDS), 5)).astype(np.float32)


# -- folders


def test_a_local_folder_is_a_network(tiny_bert: Path) -> None:
    source = named_backbone(modality("text"), str(tiny_bert))
    row = source.backbone
    assert (row.key, row.title, row.family) == ("tiny_bert", "tiny-bert", "BERT")
    assert row.params == sum(a.size for a in load_file(tiny_bert / FOLDER_WEIGHTS).values())
    assert source.weights == tiny_bert / FOLDER_WEIGHTS
    assert source.input == {"assets": str(tiny_bert)}
    assert (row.lr_scale, row.epoch_scale) == (folders.PACE, folders.SHARE)


@pytest.mark.parametrize(
    ("missing", "code"),
    [(tokens.TOKENIZER, "text.no_tokenizer"), (FOLDER_WEIGHTS, "weights.no_file")],
)
def test_folders_that_lack_something(missing: str, code: str, tmp_path: Path) -> None:
    folder = make_network(tmp_path / "net")
    (folder / missing).unlink()
    with pytest.raises(UserError) as caught:
        folders.source(folder)
    assert caught.value.code == code


def test_folders_of_no_use(tmp_path: Path) -> None:
    folder = make_network(tmp_path / "net")
    for content, code in (
        ("{", "text.bad_tokenizer"),
        ('{"model_type": "t5"}', "text.unknown_family"),
        ('{"model_type": "bert"}', "text.bad_tokenizer"),
    ):
        (folder / tokens.CONFIG).write_text(content)
        with pytest.raises(UserError) as caught:
            folders.source(folder)
        assert caught.value.code == code
    assert folders.source(tmp_path) is None
    assert folders.source(tmp_path / "gone.vec") is None
    damaged = make_network(tmp_path / "damaged")
    (damaged / FOLDER_WEIGHTS).write_bytes(b"\0" * 20)
    with pytest.raises(UserError) as caught:
        folders.source(damaged)
    assert caught.value.code == "weights.damaged"


def test_texts_must_not_be_longer_than_the_network_reads(tiny_bert: Path, tmp_path: Path) -> None:
    row = ROWS["minilm"]
    folders.require_length(row, TextInput(tokens=34, assets=str(tiny_bert)))
    with pytest.raises(UserError) as caught:
        folders.require_length(row, TextInput(tokens=35, assets=str(tiny_bert)))
    assert caught.value.note.values["limit"] == 34
    roberta = make_network(tmp_path / "net", "roberta")
    config = json.loads((roberta / tokens.CONFIG).read_text()) | {"pad_token_id": 1}
    (roberta / tokens.CONFIG).write_text(json.dumps(config))
    with pytest.raises(UserError) as caught:
        folders.require_length(row, TextInput(tokens=33, assets=str(roberta)))
    assert caught.value.note.values["limit"] == 32


# -- where published networks are found


def weights_folder(home: Path, tiny_bert: Path) -> Path:
    home.mkdir(parents=True)
    for name in FOLDER_PARTS:
        shutil.copy(tiny_bert / name, home / name)
    return home


@pytest.mark.parametrize("name", ["minilm", "all-MiniLM-L6-v2"])
def test_folders_are_found_by_key_and_by_name(name: str, tmp_path: Path, tiny_bert: Path) -> None:
    row = ROWS["minilm"]
    assert weights_files.state(row, str(tmp_path)) == "download"
    home = weights_folder(tmp_path / name, tiny_bert)
    assert weights_files.find(row, str(tmp_path)) == home / FOLDER_WEIGHTS
    assert weights_files.state(row, str(tmp_path)) == "on disk"
    assert folders.beside(row, home / FOLDER_WEIGHTS) == {"assets": str(home)}
    (home / tokens.TOKENIZER).unlink()
    assert weights_files.find(row, str(tmp_path)) is None


def test_the_cache_of_the_hub_is_looked_at(
    tmp_path: Path, tiny_bert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    stored = "models--sentence-transformers--all-MiniLM-L6-v2"
    home = weights_folder(tmp_path / "hub" / stored / "snapshots" / "abc", tiny_bert)
    assert weights_files.find(ROWS["minilm"]) == home / FOLDER_WEIGHTS
    assert weights_files.find(ROWS["bert"]) is None


def test_missing_weights_are_named_with_all_their_files(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        weights_files.require(ROWS["minilm"], str(tmp_path))
    sentence = str(caught.value)
    assert caught.value.code == "weights.missing_folder"
    assert all(part in sentence for part in FOLDER_PARTS)
    assert str(tmp_path / "all-MiniLM-L6-v2") in sentence


def test_a_download_brings_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def fetch(url: str, target: Path, **rest: object) -> Path:
        asked.append((url.removeprefix("https://huggingface.co/"), target, rest["sha256"]))
        return target

    monkeypatch.setattr(weights_files, "fetch", fetch)
    row = ROWS["minilm"]
    found = weights_files.download(row, tmp_path)
    home = tmp_path / "all-MiniLM-L6-v2"
    assert found == home / FOLDER_WEIGHTS
    assert [target for _, target, _ in asked] == [home / name for name in FOLDER_PARTS]
    assert asked[-1][0] == f"{row.hub}/resolve/main/{FOLDER_WEIGHTS}"
    assert [sha for _, _, sha in asked] == ["", "", row.weights_hash]


def test_what_needs_no_weights_is_there() -> None:
    states = weights_files.states(backbones.ROWS)
    here = {key for key, state in states.items() if state == "built-in"}
    assert here == {"word_vectors", "word_vectors_lstm", "tfidf"}


# -- rows


def test_rows_say_what_is_known() -> None:
    assert backbones.ROWS[0].weights_url is None
    for row in backbones.ROWS:
        assert bool(row.hub) == (row.weights_url is not None)
        assert len(row.weights_hash) in (0, 64)
        assert row.weights_of in ("", *ROWS)


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("minilm", {"hidden_size": 384, "num_hidden_layers": 6, "intermediate_size": 1536}),
        ("bert", {}),
        ("bert_chinese", {"vocab_size": 21128}),
        (
            "minilm_multilingual",
            {"hidden_size": 384, "intermediate_size": 1536, "vocab_size": 250037},
        ),
        ("distilbert", {}),
        ("roberta", {"vocab_size": 50265, "max_position_embeddings": 514, "type_vocab_size": 1}),
    ],
)
def test_parameters_are_those_of_the_architecture(key: str, change: dict) -> None:
    """With BERT's pooler, as published."""
    import torch
    from transformers import AutoConfig, AutoModel

    row: Backbone = ROWS[key]
    families = {family.title: name for name, family in folders.FAMILIES.items()}
    with torch.device("meta"):
        network = AutoModel.from_config(AutoConfig.for_model(families[row.family], **change))
    assert sum(p.numel() for p in network.parameters()) == row.params
    named = [f"network.{name}" for name, _ in network.named_parameters() if "pooler" not in name]
    prefixes = tuple(f"{prefix}." for group in row.groups for prefix in group)
    assert all(name.startswith(prefixes) for name in named)


# -- word vectors


def vectors_file(path: Path, kind: str) -> Path:
    lines = [f"{word} " + " ".join(map(str, row)) for word, row in zip(WORDS, VECTORS, strict=True)]
    header = f"{len(WORDS)} {VECTORS.shape[1]}"
    if kind == "bin":
        rows = (
            w.encode() + b" " + struct.pack("<5f", *r) for w, r in zip(WORDS, VECTORS, strict=True)
        )
        path.write_bytes(header.encode() + b"\n" + b"\n".join(rows) + b"\n")
        return path
    text = "\n".join([header, *lines] if kind != "glove" else lines) + "\n"
    if kind == "gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.vec", "word2vec"), ("glove.5d.txt", "glove"), ("a.bin", "bin"), ("a.vec.gz", "gz")],
)
def test_files_of_word_vectors_are_converted(name: str, kind: str, tmp_path: Path) -> None:
    path = vectors_file(tmp_path / name, kind)
    source = folders.source(path)
    assert source is not None
    assert (source.backbone.features, source.weights) == (5, path)
    weights = word_vectors.converted(path)
    assert word_vectors.converted(path) == weights
    table = load_file(weights)[word_vectors.TABLE]
    tokenizer = tokens.open_folder(weights.parent)
    assert table.shape == (len(WORDS) + 2, 5)
    assert not table[:2].any()
    for word, vector in zip(WORDS, VECTORS, strict=True):
        (number,) = tokenizer.whole(word).ids
        np.testing.assert_allclose(table[number], vector, rtol=1e-5)
    assert folders.source(weights.parent).backbone.features == 5  # type: ignore[union-attr]


@pytest.mark.parametrize("content", ["", "no vectors here\nat all\n", "3 4\nword 1 2\n", "a nan\n"])
def test_files_that_hold_no_vectors(content: str, tmp_path: Path) -> None:
    path = tmp_path / "a.vec"
    path.write_text(content)
    with pytest.raises(UserError) as caught:
        folders.source(path)
        word_vectors.converted(path)
    assert caught.value.code == "vectors.unreadable"


def test_eight_bits_are_enough() -> None:
    table = np.random.default_rng(0).normal(size=(50, 32)).astype(np.float32)
    table[3] = 0
    rows, scale = word_vectors.to_bytes_per_row(table)
    assert (rows.dtype, scale.dtype, scale.shape) == (np.int8, np.float16, (50, 1))
    again = rows * scale.astype(np.float32)
    assert np.abs(again - table).max() < np.abs(table).max() / 100
    assert not again[3].any()


def test_the_built_in_table_is_small_and_whole() -> None:
    weights = weights_files.require(ROWS["word_vectors"])
    assert weights.stat().st_size < 10_000_000
    tensors = load_file(weights)
    assert tensors[word_vectors.TABLE].shape == backbones.VECTORS
    assert tokens.open_folder(weights.parent).size == backbones.VECTORS[0]
    assert tokens.open_folder(weights.parent).whole("a film").tokens == ("a", "film")
