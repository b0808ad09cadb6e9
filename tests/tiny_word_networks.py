"""Folders of networks that compare words with pictures or sounds: tiny, with random weights."""

import json
from pathlib import Path
from typing import Any

SPECIAL = {
    "siglip": ["</s>", "<unk>"],
    "clip": ["<|startoftext|>", "<|endoftext|>"],
    "clap": ["<s>", "<pad>", "</s>", "<unk>"],
}
SMALL = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
}
SOUND = {
    "patch_embeds_hidden_size": 8,
    "depths": [1, 1],
    "num_attention_heads": [2, 2],
    "num_hidden_layers": 2,
    "hidden_size": 16,
    "spec_size": 64,
    "num_mel_bins": 16,
    "window_size": 4,
    "projection_dim": 16,
}
PICTURE = {
    "do_resize": True,
    "size": {"height": 32, "width": 32},
    "resample": 3,
    "image_mean": [0.5, 0.4, 0.3],
    "image_std": [0.5, 0.25, 0.2],
}
PREPROCESSORS: dict[str, dict[str, Any]] = {
    "siglip": PICTURE,
    "clip": PICTURE | {"size": {"shortest_edge": 32}, "crop_size": 32, "do_center_crop": True},
    "clap": {
        "feature_size": 16,
        "sampling_rate": 8000,
        "hop_length": 80,
        "max_length_s": 1,
        "fft_window_size": 256,
        "frequency_max": 4000,
        "truncation": "rand_trunc",
    },
}


def make_word_network(folder: Path, kind: str) -> Path:
    """Write what a folder of that ``model_type`` holds.

    Args:
        kind: ``siglip``, ``clip`` or ``clap``.
    """
    import torch
    from transformers import AutoConfig, AutoModel

    from transfergui.core.labelling.word_encoder import quietly

    folder.mkdir(parents=True)
    count = _write_tokenizer(folder, kind)
    text = SMALL | {"vocab_size": count, "max_position_embeddings": 64, "projection_dim": 16}
    numbers = {"siglip": (0, 0, 0), "clip": (0, 1, 1), "clap": (0, 2, 1)}[kind]
    text |= dict(zip(("bos_token_id", "eos_token_id", "pad_token_id"), numbers, strict=True))
    other = {"audio_config": SOUND}
    if kind != "clap":
        other = {"vision_config": SMALL | {"image_size": 32, "patch_size": 16}}
    own = text | ({"projection_size": 16} if kind == "siglip" else {})
    with quietly():
        config = AutoConfig.for_model(kind, text_config=own, projection_dim=16, **other)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = AutoModel.from_config(config)
        for name, tensor in model.named_parameters():
            if "logit" in name:
                tensor.data.fill_(4.6)
            else:  # the usual ones are so small that all names are alike
                torch.nn.init.normal_(tensor, std=0.8)
    with quietly():
        model.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSORS[kind]))
    return folder


def _write_tokenizer(folder: Path, kind: str) -> int:
    """A token for each byte, with the marks of the family; returns how many there are."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    special = SPECIAL[kind]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {name: at for at, name in enumerate([*special, *alphabet])}
    made = Tokenizer(models.BPE(vocabulary, []))
    made.add_special_tokens(special)
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    if kind != "siglip":
        first, last = special[0], special[{"clip": 1, "clap": 2}[kind]]
        pairs = [(name, vocabulary[name]) for name in (first, last)]
        made.post_processor = processors.TemplateProcessing(f"{first} $A {last}", None, pairs)
    made.save(str(folder / "tokenizer.json"))
    return len(vocabulary)
