"""WebDataset shards as a listing: tars whose pictures and labels belong together by their key.

Nothing is unpacked: a sample is a part of a tar (:mod:`transfergui.core.base.shards`).
"""

import contextlib
import itertools
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.parallel import ordered_map
from transfergui.core.data.dataset import Problem, Sample, natural_order
from transfergui.core.data.file_part import FilePart
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.reading.files.walk import Walk, joined
from transfergui.core.reading.listings.listing import Listing, some
from transfergui.core.reading.names import kinds
from transfergui.core.reading.names.words import SPLIT_WORDS
from transfergui.core.reading.sources.detection import part_of_path
from transfergui.core.reading.sources.shard_index import Index, Row, index_of
from transfergui.core.reading.sources.wanted import Wanted

NAMES = (
    *("classnames.txt", "class_names.txt", "classes.txt", "labels.txt"),
    *("dataset.json", "dataset_info.json", "_info.json", "info.json", "classes.json"),
)
"""Files beside shards that may say how the classes are called, by number."""
NAME_FIELDS = ("classes", "class_names", "classnames", "label_names", "names", "labels")
MOST_NAMES = 1 << 22
FEWEST_LABELLED = 0.5
"""Such a share of the pictures must have a label of one kind for it to be taken."""
CAPTIONS = 0.5
"""If so many of the texts are different, they are captions."""
WORD = re.compile(r"[^\W\d_]+")
BROKEN = {"cut_off": "shards.cut_off", "damaged": "shards.damaged"}
"""The code of the problem with a tar that cannot be read to its end."""
FAULTS = {
    "twice": "shards.twice",
    "without_picture": "shards.without_picture",
    "link": "shards.link",
    "sparse": "shards.sparse",
    "special": "shards.special",
    "outside": "shards.outside",
    "long_label": "shards.long_label",
    "unreadable_label": "shards.unreadable_label",
}
"""The code of a problem for each kind of faults that an index counts."""


def tars(source: Path, wanted: Wanted) -> Sequence[str]:
    """The tars in a folder in which nothing else can be learnt from, in natural order."""
    found = []
    for folder in Walk(source):
        for name in folder.files:
            if wanted.has_extension(name):
                return []
            if name.lower().endswith(shards.SUFFIX):
                found.append(joined(folder.path, name))
    return natural_order(found)


def compressed(source: Path) -> Sequence[str]:
    """The compressed tars in a folder, or the one that is a file itself."""
    if not source.is_dir():
        return [source.name] if shards.COMPRESSED.search(source.name) else []
    names = (joined(f.path, name) for f in Walk(source) for name in f.files)
    return natural_order(name for name in names if shards.COMPRESSED.search(name))


def refuse_compressed(source: Path, noun: str) -> None:
    """
    Raises:
        UserError: ``shards.compressed``.
    """
    if found := compressed(source):
        first = source / found[0] if source.is_dir() else source
        values = {"path": str(first), "count": len(found), "noun": noun}
        raise UserError("shards.compressed", **values)


def read_shards(
    root: Path, names: Sequence[str], objective: str, wanted: Wanted, progress: ScanProgress
) -> Listing:
    """The pictures in tars, labelled by what lies beside them there.

    Args:
        root: the folder that ``names`` are relative to.
        objective: what is predicted, as the user chose it.
        progress: called with the number of pictures listed so far.

    Raises:
        UserError: ``shards.objective``, ``shards.pictures_only``, ``shards.unreadable``,
            ``shards.captions``, ``shards.unlabelled``, ``shards.empty``.
    """
    if wanted.stored is None:
        raise UserError("shards.pictures_only", path=str(root / names[0]))
    if objective not in ("", "one_class", "number"):
        raise UserError("shards.objective", path=str(root / names[0]))
    kinds_found: Counter[str] = Counter()
    faults: list[tuple[str, dict[str, tuple[int, str]]]] = []
    total = 0
    for name, index in _indices(root, names, wanted):
        kinds_found.update(kind for row in index.rows for kind in _kinds(row))
        faults.append((name, index.faults))
        total += len(index.rows)
        progress(total)
    listing = Listing(root, problems=list(_problems(faults, wanted.noun)))
    if not total:
        raise UserError("shards.empty", path=str(root), noun=wanted.noun, count=len(names))
    kind = _best(kinds_found, total)
    if not kind:
        raise UserError("shards.unlabelled", path=str(root), noun=wanted.noun, count=total)
    _fill(listing, names, kind, wanted, progress)
    if kind == "txt" and len(listing.classes) > CAPTIONS * len(listing.samples):
        first = listing.classes[0]
        raise UserError("shards.captions", path=str(root), noun=wanted.noun, name=first)
    if kind != "folder":
        _name_classes(listing, names)
    if not any(sample.split == "train" for sample in listing.samples):
        listing.samples = [Sample(s.path, s.label, s.size) for s in listing.samples]
    how = _("the folder of the key") if kind == "folder" else f"key.{kind}"
    values = {"count": len(listing.samples), "shards": len(names), "noun": wanted.noun, "how": how}
    listing.problems.append(Problem("shards.read", values, path=".", left_out=False))
    return listing


def _indices(root: Path, names: Sequence[str], wanted: Wanted) -> Iterator[tuple[str, Index]]:
    """
    Raises:
        UserError: ``shards.unreadable``.
    """

    def read(name: str) -> Index:
        try:
            return index_of(root / name, wanted.extensions)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError("shards.unreadable", path=str(root / name), reason=reason) from error

    with contextlib.closing(ordered_map(read, names, threads=2, ahead=4)) as found:  # type: ignore[type-var]
        yield from zip(names, found, strict=True)


def pictures(path: Path, wanted: Wanted) -> Iterator[Path]:
    """The pictures in a tar, whether they have a label or not; the tar itself where it has none or
    cannot be read, so that it is told."""
    try:
        rows = index_of(path, wanted.extensions).rows
    except OSError:
        rows = []
    yield from (Path(str(FilePart(str(path), row.offset))) for row in rows)
    if not rows:
        yield path


def _kinds(row: Row) -> Iterator[str]:
    """Everything that says the class of a picture."""
    if row.cls is not None:
        yield "cls"
    if row.json is not None:
        yield f"json:{row.json.partition('=')[0]}"
    if row.txt is not None:
        yield "txt"
    if "/" in row.key:
        yield "folder"


def _best(found: Counter[str], total: int) -> str:
    """``cls`` before ``json:field`` before ``txt`` before ``folder``, of those that most have."""
    enough = [kind for kind in found if found[kind] >= FEWEST_LABELLED * total]
    order = ("cls", "json", "txt", "folder")
    return min(enough, key=lambda kind: order.index(kind.partition(":")[0]), default="")


def _said(row: Row, kind: str) -> str | None:
    if kind == "folder":
        above = [part for part in row.key.split("/")[:-1] if kinds.split_of(part) is None]
        return above[-1] if above else None
    if kind == "cls":
        return row.cls
    if kind == "txt":
        return row.txt
    field, _equals, value = (row.json or "").partition("=")
    return value if row.json is not None and f"json:{field}" == kind else None


def _fill(
    listing: Listing, names: Sequence[str], kind: str, wanted: Wanted, progress: ScanProgress
) -> None:
    """The samples, from the indices that are in the cache now."""
    classes: dict[str, int] = {}
    missing, first = 0, ""
    for name, index in _indices(listing.root, names, wanted):
        size = (listing.root / name).stat().st_size
        split = split_of(name)
        for row in index.rows:
            text = _said(row, kind)
            if text is None:
                missing, first = missing + 1, first or f"{name}: {row.key}"
                continue
            path = str(FilePart(name, row.offset))
            own = split or part_of_path(row.key)
            label = classes.setdefault(text, len(classes))
            listing.samples.append(Sample(path, label, size, None, own))
        progress(len(listing.samples))
    listing.classes = list(classes)
    if missing:
        values = {"count": missing, "noun": wanted.noun, "first": first}
        listing.problems.append(Problem("shards.without_label", values, path="."))


def split_of(name: str) -> Any:
    """The split that the name of a shard, or a folder above it, says: ``in1k-train-0001.tar``."""
    own = {
        SPLIT_WORDS[w] for w in WORD.findall(name.rpartition("/")[2].lower()) if w in SPLIT_WORDS
    }
    return own.pop() if len(own) == 1 else part_of_path(name)


def _problems(
    faults: Sequence[tuple[str, dict[str, tuple[int, str]]]], noun: str
) -> Iterator[Problem]:
    """What is wrong in tars: one for each that is damaged, one for each kind of other faults."""
    together: dict[str, tuple[int, str]] = {}
    for name, found in faults:
        for kind in BROKEN.keys() & found.keys():
            yield Problem(BROKEN[kind], {"at": int(found[kind][1]), "noun": noun}, path=name)
        for kind in FAULTS.keys() & found.keys():
            count, first = found[kind]
            before, named = together.get(kind, (0, f"{name}: {first}"))
            together[kind] = before + count, named
    for kind, (count, first) in sorted(together.items()):
        yield Problem(FAULTS[kind], {"count": count, "first": first, "noun": noun}, path=".")


# -- how the classes are called


def _name_classes(listing: Listing, names: Sequence[str]) -> None:
    """Names instead of numbers, where a file beside the shards says them."""
    numbers = [int(text) if text.isdecimal() else -1 for text in listing.classes]
    if min(numbers, default=-1) < 0:
        return
    homes = dict.fromkeys((listing.root, *(listing.root / Path(name).parent for name in names)))
    for home in homes:
        for file in NAMES:
            known = names_in(home / file)
            if len(known) > max(numbers):
                listing.classes = _distinct(listing, [known[number] for number in numbers])
                values = {"names": some(listing.classes), "count": len(known)}
                where = Path(os.path.relpath(home / file, listing.root)).as_posix()
                listing.problems.append(Problem("shards.names", values, path=where, left_out=False))
                return


def _distinct(listing: Listing, texts: Sequence[str]) -> list[str]:
    """``texts``, the number behind those that two numbers have, as ``crane`` of ImageNet."""
    counts = Counter(texts)
    pairs = zip(texts, listing.classes, strict=True)
    return [f"{text} ({number})" if counts[text] > 1 else text for text, number in pairs]


def names_in(path: Path) -> list[str]:
    """The names of classes in a file, by number; empty where it says none."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_NAMES:
            return []
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError):
        return []
    if path.suffix != ".json":
        lines = [line.strip() for line in text.splitlines()]
        while lines and not lines[-1]:
            lines.pop()
        return lines if all(lines) else []
    try:
        return _of_tree(json.loads(text))
    except (ValueError, RecursionError):
        return []


def _of_tree(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        found = next((tree[field] for field in NAME_FIELDS if field in tree), tree)
        if isinstance(found, dict):
            numbered = {int(k): v for k, v in found.items() if str(k).isdecimal()}
            whole = sorted(numbered) == list(range(len(found)))
            found = [numbered[at] for at in sorted(numbered)] if whole and numbered else []
        tree = found
    fine = isinstance(tree, list) and all(isinstance(each, str) and each.strip() for each in tree)
    return [each.strip() for each in tree] if fine else []


def first_names(source: Path, most: int) -> list[str]:
    """The names of the first files in a tar, to see what it holds; those before the damage, if it
    is damaged."""
    found: list[str] = []
    with contextlib.suppress(OSError), source.open("rb") as stream:
        entries = itertools.islice(shards.entries(stream, source.stat().st_size), most)
        found.extend(entry.name for entry in entries)  # keeps those before an error
    return found
