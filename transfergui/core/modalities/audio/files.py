"""Finding recordings: what is wrong with them, how long they are, who belongs together.

A scan reads headers, and as much of each file as it takes to hear something.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from transfergui.core.base import files
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import DataOptions, Dataset, Problem, Sample
from transfergui.core.data.file_part import MARK, FilePart, is_part
from transfergui.core.data.recordings import ENDINGS, FORMATS, VIDEO_ENDINGS, VIDEOS
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.modalities.audio import decode, groups
from transfergui.core.modalities.audio.decode import Header
from transfergui.core.modalities.audio.options import AudioData
from transfergui.core.modalities.audio.sounds import hearing
from transfergui.core.modalities.audio.sounds.hearing import windows
from transfergui.core.modalities.audio.sounds.sound import Sound
from transfergui.core.reading import scanning
from transfergui.core.reading.files.walk import Walk, extension, joined
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.media import Findings, Media
from transfergui.core.reading.sources.wanted import Wanted

SAME_AS = {
    "WAVEX": "WAV",
    "RF64": "WAV",
    "Speex": "OGG",
    "FLAC in Ogg": "OGG",
    "Theora": "OGG",
    "compressed CAF": "CAF",
}
"""Formats of which nobody knows that they are ones of their own."""

SHORTEST = 0.02
"""Seconds; in less than this there is nothing to hear."""
FAINT = 2e-4
"""A swing between -1 and 1 that nobody hears; what swings less is silent."""
CLIPS = (0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10)
"""Seconds that a clip may have by itself: a second more for its network costs time."""
NEARLY_ALL = 0.95
"""The share of recordings that a clip should hold whole."""

_FORMAT_OF = {
    ending: name
    for formats in (FORMATS, VIDEOS)
    for name, endings in formats.items()
    for ending in endings
}
WANTED = Wanted(N_("recordings"), ENDINGS | VIDEO_ENDINGS)
"""Videos are listed in any case, so that it can be said how to have their sound read."""


def scan(options: DataOptions, progress: ScanProgress = lambda count: None) -> Dataset:
    """See :meth:`transfergui.core.interfaces.plan.Modality.scan`.

    Raises:
        UserError: as :func:`scanning.scan`; ``recipe.invalid``, ``sound.unknown_group``: a data
            option does not fit; ``part.missing``: soundfile.
    """
    chosen = opt.check(options.options, AudioData, "data.options")
    decode.soundfile()  # where it is missing, that is said once and not of every file
    heard = _Heard(chosen)
    media = Media("audio", WANTED, heard.inspect, arrange=heard.arrange)
    return scanning.scan(options, media, progress)


def list_files(paths: Sequence[Path], seconds: float, videos: bool = False) -> Iterator[Path]:
    """The recordings among and below ``paths``, long ones as windows of ``seconds``.

    Args:
        videos: take those in folders, too; those that are named are taken in any case.
    """
    wanted = WANTED if videos else Wanted(WANTED.noun, ENDINGS)
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on too long names
            folders = Walk(path, wanted.has_extension)
            below = (joined(folder.path, name) for folder in folders for name in folder.files)
            for name in sorted(filter(wanted.has_extension, below)):
                yield from _parts(path / name, seconds)
        else:
            yield from _parts(path, seconds)


def _parts(path: Path, seconds: float) -> Iterator[Path]:
    starts: Sequence[int] = ()
    with contextlib.suppress(UserError):  # told again where it is to be answered
        if not is_part(os.fspath(path)):
            starts = windows(decode.header(path).seconds, seconds)
    parts = [Path(str(FilePart(os.fspath(path), start))) for start in starts]
    yield from parts or (path,)


def digest(path: Path) -> str:
    """As :meth:`transfergui.core.interfaces.plan.Modality.digest`."""
    file, part = FilePart.parse(path)
    status = os.stat(file)  # noqa: PTH116 - a plain string
    whole = _digest(file, status.st_size, status.st_mtime_ns)
    if part is None:
        return whole
    return hashlib.blake2b(MARK.join((whole, str(part))).encode(), digest_size=16).hexdigest()


@functools.lru_cache(maxsize=256)
def _digest(path: str, size: int, time: int) -> str:
    """Remembered, because a long file is asked for once for each of its windows; a changed one
    has another size or time."""
    return files.digest(Path(path))


# -- each file


def check(path: Path) -> Problem | None:
    """What is wrong with one file, or None; a video is fine if it has sound."""
    found, _ = inspect(FilePart.parse(path).file, videos=True)
    return next((problem for problem in found if problem.left_out), None)


DOUBTFUL = ("sound.damaged", "sound.cut_off", "sound.partly_heard", "sound.too_short")
"""What makes an answer doubtful, of what is found in a file that can still be heard in parts."""


def prediction_warning(path: Path) -> Note | None:
    """As :meth:`transfergui.core.interfaces.plan.Modality.file_warning`."""
    file = FilePart.parse(path).file
    try:
        status = os.stat(file)  # noqa: PTH116 - a plain string
    except OSError:  # gone since it was read
        return None
    return _doubt(file, status.st_size, status.st_mtime_ns)


@functools.lru_cache(maxsize=256)
def _doubt(path: str, size: int, time: int) -> Note | None:
    """Remembered for the windows of a long file."""
    found, _ = inspect(path, videos=True)
    return next((problem for problem in found if problem.code in DOUBTFUL), None)


def inspect(path: str, videos: bool) -> tuple[Sequence[Problem], Header | None]:
    """What is wrong with a file (one problem), or worth notes, and what it says of itself.

    Args:
        videos: take the sound of videos.
    """
    try:
        return decode.read(path, lambda sound: _looked_through(path, sound, videos))
    except UserError as error:
        if extension(path) in VIDEO_ENDINGS and not videos:
            return (Problem("sound.video", path=path),), None
        return (Problem.of(error.note, path),), None


def _looked_through(path: str, sound: Sound, videos: bool) -> tuple[Sequence[Problem], Header]:
    header = decode.header_of(sound)
    if sound.video and not videos:
        return (Problem("sound.video", path=path),), header
    if header.seconds < SHORTEST:
        values = {"milliseconds": round(1000 * header.seconds)}
        return (Problem("sound.too_short", values, path=path),), header
    early = decode.ends_early(path, sound)
    if early and header.format != "OGG":  # of which what is there is told honestly
        return (Problem("sound.cut_off", path=path),), header
    scale = hearing.full_scale(sound)
    sound.seek(0)
    swing, cancels = decode.listen(sound, FAINT, scale)
    if math.isnan(swing):
        return (Problem("sound.not_finite", path=path),), header
    if swing <= FAINT:
        return (Problem("sound.silent", path=path),), header
    notes = [Problem("sound.cut_off", path=path, left_out=False)] if early else []
    kind = SAME_AS.get(header.format, header.format)
    if kind in _KINDS and _FORMAT_OF.get(extension(path)) != kind:
        notes.append(Problem("sound.wrong_extension", {"format": kind}, path=path, left_out=False))
    if cancels:
        notes.append(Problem("sound.channels_cancel", path=path, left_out=False))
    if scale != 1:
        notes.append(Problem("sound.loud", {"scale": scale}, path=path, left_out=False))
    return (*notes, *_of_parts(path, sound, header)), header


_KINDS = frozenset(_FORMAT_OF.values())


def _of_parts(path: str, sound: Sound, header: Header) -> Iterator[Problem]:
    """What is to be said of a file whose header does not tell all of its sound."""
    seconds = round(header.seconds, 2)
    if sound.stated != 1:
        values = {"seconds": seconds, "stated": round(seconds * sound.stated, 2)}
        yield Problem("sound.wrong_length", values, path=path, left_out=False)
    if sound.heard < sound.parts:
        values = {"count": sound.parts, "heard": sound.heard, "seconds": seconds}
        yield Problem("sound.partly_heard", values, path=path, left_out=False)
    elif sound.parts > 1:
        yield Problem(
            "sound.joined", {"count": sound.parts, "seconds": seconds}, path=path, left_out=False
        )


# -- all of them together


class _Heard:
    """Remembers what each file says of itself, and concludes from all of them."""

    def __init__(self, options: AudioData) -> None:
        self._options = options
        self._headers: dict[str, Header] = {}

    def inspect(self, path: str) -> Sequence[Problem]:
        problems, header = inspect(path, self._options.video_sound)
        if header is not None:
            self._headers[path] = header
        return problems

    def arrange(self, listing: Listing) -> Findings:
        """Choose the clip's length, cut by it, and keep groups together."""
        clip = self._options.clip or automatic_clip(
            [self._header(listing, sample).seconds for sample in listing.samples]
        )
        rates = Counter(self._header(listing, sample).rate for sample in listing.samples)
        videos = self._options.video_sound
        choices = groups.choices(listing)
        groups.apply(listing, self._options.group_by, choices)
        cut = [parts for s in listing.samples if (parts := self._cut(listing, s, clip))]
        if cut:
            values = {"count": len(cut), "pieces": sum(map(len, cut)), "seconds": clip}
            listing.problems.append(Problem("sound.windows", values, path=".", left_out=False))
        if not self._options.group_by and (likely := groups.likely(choices)):
            said = {"names": choices[likely], "key": likely}
            listing.problems.append(Problem("sound.maybe_groups", said, path=".", left_out=False))
        return Findings(
            input={"seconds": clip, "highest": highest(rates), "videos": videos},
            chosen={"clip": clip, "group_by": self._options.group_by, "video_sound": videos},
            choices={"group_by": {"": _("None"), **choices} if choices else {}},
            obstacles={} if choices else {"group_by": groups.obstacle(listing)},
            parts=lambda sample: self._cut(listing, sample, clip),
        )

    def _header(self, listing: Listing, sample: Sample) -> Header:
        return self._headers[f"{os.fspath(listing.root)}/{sample.path}"]

    def _cut(self, listing: Listing, sample: Sample, clip: float) -> Sequence[int]:
        return windows(self._header(listing, sample).seconds, clip)


def automatic_clip(durations: Sequence[float]) -> float:
    """The shortest of :data:`CLIPS` that holds nearly all recordings; the longest if none does."""
    long = sorted(durations)[math.ceil(NEARLY_ALL * len(durations)) - 1]
    return next((float(clip) for clip in CLIPS if clip >= long), float(CLIPS[-1]))


def highest(rates: Counter[int]) -> float:
    """Hertz up to which nearly all recordings reach, by how many have which sample rate.

    Above, a spectrogram would show which recordings were made with better devices.
    """
    left = (1 - NEARLY_ALL) * rates.total()
    for rate in sorted(rates):
        left -= rates[rate]
        if left < 0:
            return rate / 2
    raise ValueError("no recordings")
