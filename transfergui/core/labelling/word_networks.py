"""Networks that compare words with pictures or sounds: folders on this computer, found or chosen.

A folder as the Hugging Face hub has it: :data:`PARTS`. Where weights are searched anyway
(:func:`transfergui.core.base.paths.weights_dirs`, the cache of the hub's own programs), such
folders are found; another one can be chosen, and is remembered. Nothing is downloaded. No torch.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from transfergui.core.base import files, paths, records
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Modality
from transfergui.core.networks.weights import FOLDER_PARTS, FOLDER_WEIGHTS

CONFIG, TOKENIZER, _weights = FOLDER_PARTS
PREPROCESSOR = "preprocessor_config.json"
JSON_PARTS = (CONFIG, TOKENIZER, PREPROCESSOR)
PARTS = (*JSON_PARTS, FOLDER_WEIGHTS)
"""What such a folder must hold."""
OLD_WEIGHTS = "pytorch_model.bin"
"""In the place of :data:`FOLDER_WEIGHTS`, as older networks are published (CLAP)."""
OF_ENGLISH = 100_000
"""Tokens that no SigLIP has which knows English only (32 000); SigLIP 2 has 256 000."""
CHOSEN = "word-networks.json"
"""In the folder of the settings: which folder was chosen, by the key of the kind of data."""
SNAPSHOTS = "snapshots"
"""The folder of the hub's cache whose folders are versions of a network."""


class Family(NamedTuple):
    """Networks of one ``model_type``.

    Attributes:
        title: as people know it.
        modality: key of the kind of data that it compares with words.
        prompt: the sentence in which a name is put, as in the paper.
        scale: the tensor of the weights whose exponential similarities are multiplied by.
        other_languages: whether there are networks for this kind of data that know other languages
            than English.
    """

    title: str
    modality: str
    prompt: str
    scale: str
    other_languages: bool = True


FAMILIES: dict[str, Family] = {
    # Zhai et al., arXiv:2303.15343; Tschannen et al., arXiv:2502.14786 (of a fixed resolution)
    "siglip": Family("SigLIP", "image", "this is a photo of {}.", "logit_scale"),
    # Radford et al., arXiv:2103.00020
    "clip": Family("CLIP", "image", "a photo of a {}.", "logit_scale"),
    # Wu et al., arXiv:2211.06687
    "clap": Family("CLAP", "audio", "this is a sound of {}.", "logit_scale_a", False),
}
"""By ``model_type``, the better ones first."""


class WordNetwork(NamedTuple):
    """A network on this computer.

    Attributes:
        folder: with :data:`PARTS`.
        model_type: of :data:`FAMILIES`.
    """

    folder: Path
    model_type: str

    @property
    def family(self) -> Family:
        return FAMILIES[self.model_type]

    @property
    def title(self) -> str:
        """Its name: that of the folder, or of the network that the hub's cache keeps in it."""
        if self.folder.parent.name == SNAPSHOTS:
            return self.folder.parent.parent.name.rpartition("--")[2]
        return self.folder.name

    def knows(self, names: Iterable[str]) -> bool:
        """Whether names are in a language that it has learned: of English ones, letters tell."""
        if all(name.isascii() for name in names):
            return True
        try:
            tree = self.tree(CONFIG).get("text_config")
        except UserError:
            return True  # which is told where it is loaded
        tokens = tree.get("vocab_size") if isinstance(tree, dict) else None
        return self.model_type == "siglip" and isinstance(tokens, int) and tokens > OF_ENGLISH

    @property
    def weights(self) -> Path:
        """The file of the weights."""
        file = self.folder / FOLDER_WEIGHTS
        return file if file.is_file() else self.folder / OLD_WEIGHTS

    @property
    def parts(self) -> tuple[Path, ...]:
        """All files that it is made of."""
        return (*(self.folder / name for name in JSON_PARTS), self.weights)

    def tree(self, name: str) -> dict[str, Any]:
        """One of the JSON files of the folder.

        Raises:
            UserError: ``words.damaged``.
        """
        try:
            found = json.loads(files.read_regular(self.folder / name, LONGEST))
        except (OSError, ValueError, RecursionError) as error:
            raise damaged(self.folder, error) from None
        if not isinstance(found, dict):
            raise damaged(self.folder, f"{name}: {type(found).__name__}")
        return found


LONGEST = 100_000_000
"""Bytes of a JSON file, at most."""


def families(modality: Modality) -> tuple[str, ...]:
    """Titles of the networks that compare words with this kind of data; none for texts."""
    return tuple(row.title for row in FAMILIES.values() if row.modality == modality.key)


def place() -> Path:
    """Where a folder with a network is found by itself."""
    return paths.weights_dirs()[0]


def opened(folder: Path, modality: Modality) -> WordNetwork:
    """The network in a folder that somebody named.

    Raises:
        UserError: ``words.not_a_network``: no such network for this kind of data;
            ``words.unsupported``: there is none for this kind of data at all.
    """
    if not families(modality):
        raise UserError("words.unsupported", noun=modality.many)
    found = _network(folder, modality)
    if found is None:
        raise UserError("words.not_a_network", path=str(folder), **_wanted(modality))
    return found


def found(modality: Modality) -> WordNetwork | None:
    """The network that is taken where none is named: the one chosen last, else the best one."""
    chosen = _chosen().get(modality.key)
    known = _network(Path(chosen), modality) if chosen else None
    if known is not None:
        return known
    order = list(FAMILIES)
    networks = [each for each in (_network(f, modality) for f in _candidates()) if each]
    return min(networks, key=lambda each: order.index(each.model_type), default=None)


def required(modality: Modality) -> WordNetwork:
    """As :func:`found`.

    Raises:
        UserError: ``words.none``; ``words.unsupported``.
    """
    if not families(modality):
        raise UserError("words.unsupported", noun=modality.many)
    network = found(modality)
    if network is None:
        raise UserError("words.none", folder=str(place()), **_wanted(modality))
    return network


def _wanted(modality: Modality) -> dict[str, str]:
    """What the sentences on a network that is not there name."""
    known = ", ".join(families(modality))
    return {"noun": modality.many, "known": known, "files": ", ".join(PARTS)}


def remember(network: WordNetwork) -> None:
    """Take this network from now on; where that cannot be saved, only until the program ends."""
    chosen = {**_chosen(), network.family.modality: str(network.folder)}
    with contextlib.suppress(OSError):
        files.write_atomic(paths.settings_dir() / CHOSEN, json.dumps(chosen, indent=2))


def damaged(folder: Path, reason: object) -> UserError:
    """The sentence on a network that cannot be used."""
    return UserError("words.damaged", path=str(folder), reason=str(reason).strip().split("\n")[0])


def _chosen() -> dict[str, str]:
    """What was chosen, by the key of the kind of data; nothing where that cannot be read."""
    try:
        tree = records.parse((paths.settings_dir() / CHOSEN).read_bytes())
        return records.convert(tree, dict[str, str])
    except records.ERRORS:
        return {}


def _candidates() -> Iterator[Path]:
    """Folders that may hold a network: those where weights are searched, and those in them; and
    of each network in the hub's cache the newest version first."""
    for home in paths.weights_dirs():
        yield home
        yield from _within(home)
    for home in _within(paths.hub_cache_dir()):
        yield from sorted(_within(home / SNAPSHOTS), key=files.changed, reverse=True)


def _within(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def _network(folder: Path, modality: Modality) -> WordNetwork | None:
    """The network in a folder, where there is one for this kind of data."""
    try:
        network = WordNetwork(folder, "")
        if not all(file.is_file() for file in network.parts):
            return None
        model_type = str(network.tree(CONFIG).get("model_type", ""))
    except (OSError, UserError):
        return None
    family = FAMILIES.get(model_type)
    if family is None or family.modality != modality.key:
        return None
    return network._replace(model_type=model_type)
