"""Real data for :mod:`tests.benchmarks.promises`: features of the frozen backbone, kept in a file.

Those in :data:`HELD_OUT` were not looked at when methods and factors were chosen.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.data import split as splitting
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve

KEPT = Path(tempfile.gettempdir()) / "transfergui-promises"
COLUMNS = 60
"""Of the features, their principal components, so that a linear model takes milliseconds."""
MOST = 4000
"""Samples of a data set."""


class Data(NamedTuple):
    """Features [N, F], their principal components [N, :data:`COLUMNS`], the class of each sample
    [N], and a number to be predicted [N]."""

    whole: np.ndarray
    x: np.ndarray
    labels: np.ndarray
    numbers: np.ndarray


Raw = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Features, classes, numbers."""


def read(name: str) -> Data:
    """A data set; computed the first time."""
    file = KEPT / f"{name}.npz"
    if not file.exists():
        KEPT.mkdir(exist_ok=True)
        rows, labels, numbers = SETS[name]()
        np.savez(file, rows=rows, labels=labels, numbers=numbers)
    with np.load(file) as kept:
        return _data(kept["rows"], kept["labels"], kept["numbers"])


def _data(rows: np.ndarray, labels: np.ndarray, numbers: np.ndarray) -> Data:
    from sklearn.decomposition import PCA

    some = np.random.default_rng(0).permutation(len(rows))[:MOST]
    rows, labels, numbers = rows[some], labels[some], numbers[some].astype(np.float64)
    rows = (rows - rows.mean(0)) / np.maximum(rows.std(), 1e-9)
    x = PCA(min(COLUMNS, *rows.shape), random_state=0).fit_transform(rows)
    x /= x.std()  # the scale on which every linear model of the program learns
    return Data(rows, x.astype(np.float32), np.unique(labels, return_inverse=True)[1], numbers)


def _of_folder(modality: str, path: str | Path, backbone: str, **options: str) -> Callable[[], Raw]:
    """Features of a data set of the user's kind, by the program itself."""

    def computed() -> Raw:
        from transfergui.core.training import ranking

        recipe = Recipe(modality=modality).replace(
            data__path=str(DATA / path), backbone=backbone, data__options=options
        )
        dataset = registry.modality(modality).scan(recipe.data)
        plan = resolve(recipe, splitting.split(dataset, recipe.split, 0))
        samples = (*plan.split.train, *plan.split.val, *plan.split.test)
        some = np.random.default_rng(0).permutation(len(samples))[:MOST]
        source = ranking.source_of(plan, tuple(samples[at] for at in some))
        labels = np.array(source.labels)
        return source.versions[0].numpy(), labels, labels * 1.0

    return computed


def _objects(classes: int = 20, each: int = 150) -> Raw:
    """Some classes of the small photos for pretraining, unpacked."""
    folder = KEPT / "objects"
    with zipfile.ZipFile(DATA / "pretraining/objects-64px.zip") as archive:
        names = [name for name in archive.namelist() if name.startswith("train/")]
        for label in sorted({name.split("/")[1] for name in names})[:classes]:
            own = [name for name in names if name.split("/")[1] == label][:each]
            archive.extractall(folder, own)
    return _of_folder("image", folder / "train", "tgnet")()


def _blood_cells(most: int = 900) -> Raw:
    """Each kind of cell, cut out of the pictures by its box; the number is the cell's area."""
    from PIL import Image

    folder, root = KEPT / "cells", DATA / "boxes/blood-cells"
    counts: dict[str, int] = {}
    for file in sorted((root / "Annotations").glob("*.xml")):
        tree = ElementTree.parse(file).getroot()
        content = (root / "JPEGImages" / file.with_suffix(".jpg").name).read_bytes()
        with Image.open(io.BytesIO(content)) as picture:
            for place, item in enumerate(tree.iter("object")):
                kind, box = str(item.findtext("name")), item.find("bndbox")
                assert box is not None
                ends = [int(str(box.findtext(key))) for key in ("xmin", "ymin", "xmax", "ymax")]
                counts[kind] = counts.get(kind, 0) + 1
                if counts[kind] > most or min(ends[2] - ends[0], ends[3] - ends[1]) < 8:
                    continue
                (folder / kind).mkdir(parents=True, exist_ok=True)
                picture.crop(tuple(ends)).save(folder / kind / f"{file.stem}-{place}.png")
    return _of_folder("image", folder, "tgnet")()


def _takeaway() -> Raw:
    """Short Chinese reviews as counts of letters and pairs of them."""
    import csv

    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    with (DATA / "text/takeaway-reviews-zh.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    some = np.random.default_rng(0).permutation(len(rows))[:MOST]
    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    counts = words.fit_transform([rows[at]["review"] for at in some])
    labels = np.array([int(rows[at]["label"]) for at in some])
    return TruncatedSVD(200, random_state=0).fit_transform(counts), labels, labels * 1.0


def _bundled(name: str) -> Callable[[], Raw]:
    def computed() -> Raw:
        from sklearn import datasets

        found = getattr(datasets, f"load_{name}")()
        rows = found.data / np.maximum(found.data.std(0), 1e-9)
        labels = found.target
        if name == "diabetes":  # a number: its thirds as classes
            labels = np.searchsorted(np.quantile(found.target, (1 / 3, 2 / 3)), found.target)
        return rows, labels, found.target * 1.0

    return computed


SETS: dict[str, Callable[[], Raw]] = {
    "clothing": _of_folder("image", "images/clothing", "mobilenet_v2"),
    "hand-signs": _of_folder("image", "images/hand-signs", "mobilenet_v2"),
    "brain-mri": _of_folder("image", "images/brain-mri", "mobilenet_v2"),
    "omniglot": _of_folder("image", "images/omniglot", "tgnet", layout="class"),
    "spoken-digits": _of_folder("audio", "audio/spoken-digits", "tgnet"),
    "movie-reviews": _of_folder("text", "text/movie-reviews/train.tsv", "word_vectors"),
    "book-reviews": _of_folder("text", "text/shop-reviews/books.tsv", "word_vectors"),
    "takeaway": _takeaway,
    "objects": _objects,
    "blood-cells": _blood_cells,
    "digits": _bundled("digits"),
    "wine": _bundled("wine"),
    "breast-cancer": _bundled("breast_cancer"),
    "diabetes": _bundled("diabetes"),
}
HELD_OUT = ("objects", "blood-cells", "digits", "wine", "breast-cancer", "diabetes")
