"""A network of :mod:`transfergui.core.labelling.word_networks`, loaded: sentences, pictures or
sounds in, rows of length 1 in one space out."""

from __future__ import annotations

import contextlib
import string
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.base import memory
from transfergui.core.base.i18n import _
from transfergui.core.labelling.word_networks import PREPROCESSOR, TOKENIZER, WordNetwork, damaged
from transfergui.core.nn import state_dicts
from transfergui.core.training import devices

if TYPE_CHECKING:
    from transfergui.core.base.options import Options
    from transfergui.core.interfaces.plan import Modality

BATCH = 8
"""Examples at once. Fixed, and the last batch filled up, so that a row does not depend on how many
others were missing."""
RESAMPLING = {2: "bilinear", 3: "bicubic"}
"""Of Pillow's numbers, by which networks name it."""
SIZE, RATE = 224, 48_000
"""Pixels and hertz where the folder does not tell."""
LIMIT = 16_000_000_000
"""Bytes of a file with weights, at most."""
MODELS = {"siglip": "SiglipModel", "clip": "CLIPModel", "clap": "ClapModel"}
"""What transformers calls them."""
OFFSET = 2
"""Places of RoBERTa's, on which CLAP stands, that no token takes."""


class Inputs:
    """How a network wants pictures or sounds, from its ``preprocessor_config.json``; no weights.

    Args:
        input: how the examples are read.

    Attributes:
        input: the same, with the size or the rate of the network.

    Raises:
        UserError: ``words.damaged``.
    """

    def __init__(self, network: WordNetwork, input: Options) -> None:
        self._tree = network.tree(PREPROCESSOR)
        self._sounds = network.model_type == "clap"
        try:
            self.input = msgspec.structs.replace(input, **self._options())
            self._extractor = self._make_extractor() if self._sounds else None
            mean, std = (self._tree.get(name, (0.5,) * 3) for name in ("image_mean", "image_std"))
            self._mean, self._std = (torch.tensor(each).view(3, 1, 1) for each in (mean, std))
        except (AttributeError, KeyError, RuntimeError, TypeError, ValueError) as error:
            raise damaged(network.folder, error) from None

    def of(self, modality: Modality, path: Any) -> Tensor:
        """What the network gets of one example: a picture [3, S, S], or the mel bands of a sound.

        Raises:
            UserError: the file cannot be read; the code says why.
        """
        loaded = modality.load(path, self.input)
        if self._extractor is None:
            return (modality.prepare(loaded, self.input) - self._mean) / self._std
        spare = max(0, len(loaded) - self._extractor.nb_max_samples)  # of more, the middle
        wave = loaded[spare // 2 :][: self._extractor.nb_max_samples].numpy()
        rate = self._extractor.sampling_rate
        found = self._extractor([wave], sampling_rate=rate, return_tensors="np")
        return torch.from_numpy(np.asarray(found["input_features"][0], np.float32))

    def _options(self) -> dict[str, Any]:
        """Of reading, those that the network decides."""
        tree = self._tree
        if self._sounds:
            return {"rate": int(tree.get("sampling_rate", RATE))}
        crop = bool(tree.get("do_center_crop", False))
        resize = _side(tree.get("size", SIZE))
        size = _side(tree.get("crop_size", resize)) if crop else resize
        how = RESAMPLING.get(tree.get("resample", 3), "bicubic")
        fit = "crop" if crop else "squash"
        return {"size": size, "resize": resize, "fit": fit, "interpolation": how}

    def _make_extractor(self) -> Any:
        from transformers import ClapFeatureExtractor

        return ClapFeatureExtractor(**self._tree)


def _side(size: Any) -> int:
    """Pixels: written as a number, as a shorter edge, or as height and width."""
    if isinstance(size, dict):
        size = size.get("shortest_edge") or size["height"]
    return int(size)


class WordEncoder:
    """See the module.

    Raises:
        UserError: ``words.damaged``, or a ``weights.`` code.
    """

    def __init__(self, network: WordNetwork) -> None:
        self._network = network
        self._device = devices.find("auto")
        self._model = _loaded(network).to(self._device)

    @torch.inference_mode()
    def examples(self, inputs: Sequence[Tensor]) -> np.ndarray:
        """Rows float32 [N, D] of at most :data:`BATCH` examples, as of :class:`Inputs`."""
        filled = [*inputs, *[inputs[0]] * (BATCH - len(inputs))]
        batch = torch.stack(filled).to(self._device)
        if self._network.model_type == "clap":
            longer = torch.zeros(len(batch), 1, dtype=torch.bool, device=self._device)
            found = self._model.get_audio_features(input_features=batch, is_longer=longer)
        else:
            found = self._model.get_image_features(pixel_values=batch)
        return _rows(found)[: len(inputs)]

    @torch.inference_mode()
    def names(self, names: Sequence[str]) -> np.ndarray:
        """Rows float32 [C, D] of class names, each put into the sentence of its family.

        Raises:
            UserError: ``words.damaged``.
        """
        ids, mask = _tokens(self._network, self._model.config.text_config, names)
        given = {"input_ids": ids, "attention_mask": mask}
        if self._network.model_type == "siglip":  # it learnt from sentences filled up, without one
            del given["attention_mask"]
        on_device = {name: value.to(self._device) for name, value in given.items()}
        return _rows(self._model.get_text_features(**on_device))


def tensors(network: WordNetwork) -> dict[str, Tensor]:
    """The weights by name; nothing in the file is run.

    Raises:
        UserError: a ``weights.`` code.
    """
    return state_dicts.read(network.weights, LIMIT)


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Without the bars and remarks of transformers, which go to the terminal."""
    from transformers.utils import logging

    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity(logging.CRITICAL)
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _rows(found: Any) -> np.ndarray:
    """A row of length 1 for each; newer versions of transformers return more than that."""
    rows = found if isinstance(found, Tensor) else found.pooler_output
    return F.normalize(rows.float(), dim=-1).cpu().numpy()


def _loaded(network: WordNetwork) -> Any:
    """The network in eval mode; every tensor of it must be in the file, and finite.

    Raises:
        UserError: ``words.damaged``, or a ``weights.`` code.
    """
    import transformers

    given = tensors(network)
    try:
        with quietly():
            made = getattr(transformers, MODELS[network.model_type])
            config = transformers.AutoConfig.from_pretrained(network.folder, local_files_only=True)
            model, told = made.from_pretrained(
                None,
                config=config,
                state_dict=given,
                dtype=torch.float32,
                output_loading_info=True,
            )
    except Exception as error:  # the library meets arbitrary files here, and raises anything
        if memory.explains(error):
            raise
        raise damaged(network.folder, error) from error
    lacking = sorted([*told["missing_keys"], *map(str, told["mismatched_keys"])])
    if lacking:
        raise damaged(network.folder, _("{name} is missing").format(name=lacking[0]))
    if not all(bool(torch.isfinite(tensor).all()) for tensor in model.parameters()):
        raise damaged(network.folder, _("its weights are not numbers"))
    return model.eval()


def sentences(network: WordNetwork, names: Sequence[str], canonical: bool) -> list[str]:
    """The sentence of each class name.

    Args:
        canonical: without punctuation, as the first SigLIP networks learnt.
    """
    made = [network.family.prompt.format(name.replace("_", " ").strip()) for name in names]
    if network.model_type == "siglip":  # all of them learnt from small letters
        made = [text.lower() for text in made]
    if canonical:
        made = [text.translate(str.maketrans("", "", string.punctuation)) for text in made]
    return made


def _tokens(network: WordNetwork, config: Any, names: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Numbers of tokens, and which of them are no filling: int64 [C, L] each.

    Raises:
        UserError: ``words.damaged``.
    """
    from tokenizers import Tokenizer

    try:
        library = Tokenizer.from_file(str(network.folder / TOKENIZER))
    except Exception as error:  # whatever the library raises for a file of its own
        if memory.explains(error):
            raise
        raise damaged(network.folder, error) from error
    library.no_padding()
    library.no_truncation()
    if network.model_type == "siglip":
        return _siglip_tokens(network, library, config, names)
    most = config.max_position_embeddings - (OFFSET if network.model_type == "clap" else 0)
    library.enable_truncation(most)
    rows = [library.encode(text).ids for text in sentences(network, names, canonical=False)]
    pad = config.pad_token_id if config.pad_token_id is not None else 0
    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[pad] * (longest - len(row))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


def _siglip_tokens(
    network: WordNetwork, library: Any, config: Any, names: Sequence[str]
) -> tuple[Tensor, Tensor]:
    """As these networks were trained: the end is marked, then all places are filled up. Those of
    SigLIP 2 have Gemma's tokenizer, the first ones fill up with the mark of the end."""
    second = library.token_to_id("<eos>") is not None
    end = library.token_to_id("<eos>" if second else "</s>")
    pad = library.token_to_id("<pad>") if second else end
    if end is None or pad is None:
        raise damaged(network.folder, _("{name} is missing").format(name="</s>"))
    length = config.max_position_embeddings
    rows = []
    for text in sentences(network, names, canonical=not second):
        found = library.encode(text, add_special_tokens=False).ids[: length - 1]
        rows.append([*found, end, *[pad] * (length - 1 - len(found))])
    ids = torch.tensor(rows)
    return ids, torch.ones_like(ids)
