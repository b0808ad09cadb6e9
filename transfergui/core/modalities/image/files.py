"""Finding pictures and looking into them, without decoding more than is needed."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from transfergui.core.base import options as opt
from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.base.notes import Note
from transfergui.core.base.parallel import in_chunks
from transfergui.core.data.dataset import DataOptions, Dataset, Problem, Sample
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.modalities.image import decode, deep, ground, near
from transfergui.core.modalities.image.deep import Reading
from transfergui.core.modalities.image.options import ImageData
from transfergui.core.reading import scanning
from transfergui.core.reading.files.duplicates import Comparison, KnownDigests
from transfergui.core.reading.files.walk import Walk, extension, joined
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.marks.pages import Stored
from transfergui.core.reading.media import Findings, Media
from transfergui.core.reading.sources import shard_listing
from transfergui.core.reading.sources.wanted import Wanted

FORMATS = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "PNG": (".png", ".apng"),
    "GIF": (".gif",),
    "BMP": (".bmp", ".dib"),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
    "AVIF": (".avif",),
    "JPEG2000": (".jp2", ".j2k", ".jpx"),
    "PPM": (".ppm", ".pgm", ".pbm", ".pnm"),
    "HEIF": (".heic", ".heif", ".hif"),
}
"""Pillow's names of formats, and the extensions of each."""

USUAL_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA"})
SAME_AS = {"MPO": "JPEG", "DIB": "BMP"}
"""Formats of which nobody knows that they are ones of their own (phones write MPO)."""

ENDS = {"JPEG": b"\xff\xd9", "MPO": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}
"""How whole files end. Cut-off data cannot end so by chance."""
LENGTHS = {"BMP": (2, 0), "WEBP": (4, 8)}
"""Where the file says its length (32 bits, little-endian), and what is not counted there."""
TAIL = 64
PADDING = b"\0\r\n "
TINY = 8
"""Pixels of the shorter side below which there is little to see (digits of 8 x 8 are learnt)."""
GROUND_SAMPLE = 200
"""So many transparent pictures tell which background suits all."""
EXTREME = 10
"""Ratio of the sides from which on most of a picture is lost by any way of making it square."""

_FORMAT_OF = {ending: name for name, endings in FORMATS.items() for ending in endings}


def stored(path: str) -> Stored | None:
    """How large a picture is, by its header; None where there is none."""
    try:
        return decode.read(path, lambda i: Stored(i.width, i.height, decode.orientation(i)))
    except UserError:
        return None


WANTED = Wanted(N_("pictures"), frozenset(_FORMAT_OF), stored)


def scan(options: DataOptions, progress: ScanProgress = lambda count: None) -> Dataset:
    """See :meth:`transfergui.core.interfaces.plan.Modality.scan`."""
    looked = _PictureScan(opt.check(options.options, ImageData, "data.options"))
    media = Media("image", WANTED, looked.inspect, looked.compare, looked.arrange, looked.identical)
    with decode.without_warnings():  # once instead of for every file
        return scanning.scan(options, media, progress)


def list_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files among ``paths``, and the pictures (by name) below the folders and in the tars among
    them."""
    for path in paths:
        if path.suffix.lower() == shards.SUFFIX and path.is_file():
            yield from shard_listing.pictures(path, WANTED)
            continue
        if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on too long names
            yield path
            continue
        folders = Walk(path, WANTED.has_extension)
        below = (joined(folder.path, name) for folder in folders for name in folder.files)
        found = sorted(filter(WANTED.has_extension, below))
        yield from (path / name for name in found)
        for name in () if found else shard_listing.tars(path, WANTED):
            yield from shard_listing.pictures(path / name, WANTED)


def check(path: Path) -> Problem | None:
    """What is wrong with one file, or None."""
    return next((problem for problem in inspect(os.fspath(path)) if problem.left_out), None)


def inspect(path: str) -> Sequence[Problem]:
    """What is wrong with a file (one problem), or worth a note (any number).

    Reads the header and the last bytes; decodes, small, only what may not be whole.
    """
    return _PictureScan(ImageData()).inspect(path)


class _PictureScan:
    """What one scan has seen: how bright deep pictures get, and which ones are transparent."""

    def __init__(self, options: ImageData) -> None:
        self._options = options
        self._extents: dict[str, tuple[deep.Kind, deep.Range]] = {}
        self._transparent: list[str] = []
        self._reading = Reading()
        self._known = KnownDigests()
        self.identical = self._known.identical

    def inspect(self, path: str) -> Sequence[Problem]:
        """As :func:`inspect`, on several threads."""
        try:
            data = None
            if shards.is_member(path):
                data = decode.content(path)
                self._known.note(path, data)
            return decode.read(path, lambda image: self._notes(path, image), data)
        except UserError as error:
            return (Problem.of(error.note, path),)

    def _notes(self, path: str, image: Image.Image) -> Sequence[Problem]:
        notes = [Problem.of(note, path, left_out=False) for note in _unusual(path, image)]
        if image.has_transparency_data and not deep.alpha_is_none(image):
            self._transparent.append(path)
        if deep.is_deep(image):
            found = deep.read(image)
            if reach := deep.extent(found):
                self._extents[path] = found.kind, reach
        elif not _is_whole(image):
            image.draft(None, (1, 1))  # an eighth of the size, yet every byte is read
            image.load()
        return notes

    def arrange(self, listing: Listing) -> Findings:
        """Choose one white, black and background for all pictures."""
        if not self._extents and not self._transparent:
            return Findings(input=self._reading._asdict())
        paths = {f"{os.fspath(listing.root)}/{sample.path}" for sample in listing.samples}
        extents = {path: self._extents[path] for path in sorted(self._extents) if path in paths}
        every = dict(extents)
        listing.problems += _without_outliers(extents, os.fspath(listing.root))
        scales = self._scales(list(extents.values()))
        listing.problems += _mixed(every, scales, len(paths), os.fspath(listing.root))
        reading = Reading(scales.get("integers"), scales.get("floats"))
        ground = self._ground([path for path in self._transparent if path in paths], reading)
        self._reading = reading._replace(ground=ground or reading.ground)
        chosen: dict[str, Any] = {}
        if scales:
            black, white = scales.get("integers") or scales["floats"]
            chosen = {"white": white, "black": black}
        if ground:
            chosen["ground"] = ground
        return Findings(input=self._reading._asdict(), chosen=chosen)

    def _scales(self, found: Sequence[tuple[deep.Kind, deep.Range]]) -> dict[deep.Kind, deep.Range]:
        """Black and white by kind, of the kinds that there are."""
        reach: dict[deep.Kind, deep.Range | None] = {}
        for kind, extent in found:
            reach[kind] = deep.joined(reach.get(kind), extent)
        return {kind: self._scale(kind, extent) for kind, extent in reach.items() if extent}

    def _scale(self, kind: deep.Kind, extent: deep.Range) -> deep.Range:
        black, white = deep.scale(kind, extent)
        black = black if self._options.black is None else self._options.black
        white = white if self._options.white is None else self._options.white
        if white <= black:
            raise UserError("picture.white_not_above_black", white=white, black=black)
        return black, white

    def _ground(self, paths: Sequence[str], reading: Reading) -> deep.Ground | None:
        """What is seen through transparent pictures; None where there are none."""
        some = sorted(paths)[:: len(paths) // GROUND_SAMPLE + 1]
        with contextlib.closing(in_chunks(lambda p: _contrasts(p, reading), some, size=4)) as found:
            seen = [each for each in found if each is not None]
        if not seen:
            return None
        return self._options.ground or ground.choose(seen)

    def compare(
        self, root: str, samples: Sequence[Sample], progress: Callable[[], None]
    ) -> Comparison | None:
        """See :func:`near.compare`."""
        return near.compare(root, samples, progress, self._reading)


def _mixed(
    extents: Mapping[str, tuple[deep.Kind, deep.Range]],
    scales: Mapping[deep.Kind, deep.Range],
    total: int,
    root: str,
) -> Iterator[Problem]:
    """A note for each kind of deep pictures that is beside other pictures."""
    for kind, (black, white) in scales.items():
        alike = [path for path in extents if extents[path][0] == kind]
        if len(alike) < total:
            first = min(alike).removeprefix(f"{root}/")
            values = {"count": len(alike), "total": total, "first": first}
            ends = {"black": f"{black:g}", "white": f"{white:g}"}
            yield Problem("picture.mixed_depth", values | ends, path=".", left_out=False)


def _without_outliers(
    extents: dict[str, tuple[deep.Kind, deep.Range]], root: str
) -> Iterator[Problem]:
    """Take out of ``extents`` the file of each kind that alone would set black and white."""
    for kind in sorted({kind for kind, _ in extents.values()}):
        paths = sorted(path for path in extents if extents[path][0] == kind)
        at = deep.outlier([extents[path][1] for path in paths])
        if at is not None:
            low, high = (f"{value:g}" for value in extents.pop(paths[at])[1])
            path = paths[at].removeprefix(f"{root}/")
            yield Problem("picture.outlier", {"low": low, "high": high}, path=path, left_out=False)


def prediction_warning(path: Path, reading: Reading) -> Note | None:
    """As :meth:`transfergui.core.interfaces.plan.Modality.file_warning`."""
    try:
        if code := near.damage(decode.content(path)):
            return Note(code)
        return decode.read(path, lambda image: _beyond(image, reading))
    except UserError as error:
        return error.note


def _beyond(image: Image.Image, reading: Reading) -> Note | None:
    """Whether a deep picture is brighter or darker than all of those that were trained on."""
    if not deep.is_deep(image):
        return None
    found = deep.read(image)
    reach, told = deep.extent(found), deep.told(found, reading)
    if reach is None or told is None or (told[0] <= reach[0] and reach[1] <= told[1]):
        return None
    low, high, black, white = (f"{value:g}" for value in (*reach, *told))
    return Note("picture.beyond", {"low": low, "high": high, "black": black, "white": white})


def _contrasts(path: str, reading: Reading) -> ground.Contrasts | None:
    try:
        return ground.contrasts(decode.transparent(Path(path), reading))
    except UserError:  # told where it is compared
        return None


def _unusual(path: str, image: Image.Image) -> Iterator[Note]:
    """What is unusual about a picture that can be used."""
    width, height = image.size
    kind = SAME_AS.get(image.format or "", image.format)
    if _FORMAT_OF.get(extension(path)) != kind and not shards.is_member(path):
        yield Note("picture.wrong_extension", {"format": kind})
    if image.format != "MPO" and getattr(image, "is_animated", False):
        yield Note("picture.animated", {"frames": getattr(image, "n_frames", 0)})
    if image.mode not in USUAL_MODES and not image.mode.startswith(("I", "F")):  # told of all
        yield Note("picture.unusual_mode", {"mode": image.mode})
    if min(width, height) < TINY:
        yield Note("picture.tiny", {"width": width, "height": height})
    elif max(width, height) >= EXTREME * min(width, height):
        yield Note("picture.extreme_shape", {"width": width, "height": height})


def _is_whole(image: Image.Image) -> bool:
    """Whether the file has the end or the length of a whole one; False where that is not told."""
    kind, stream = image.format or "", getattr(image, "fp", None)
    if stream is None or not (kind in ENDS or kind in LENGTHS):
        return False
    position = stream.tell()
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - TAIL) if kind in ENDS else 0)
    part = stream.read(TAIL)
    stream.seek(position)
    if kind in ENDS:
        return bool(part.rstrip(PADDING).endswith(ENDS[kind]))
    start, more = LENGTHS[kind]
    return bool(int.from_bytes(part[start : start + 4], "little") + more <= size)
