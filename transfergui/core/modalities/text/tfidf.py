"""TF-IDF: how often a text uses each word, weighed by how few texts use it. No transfer at all.

Words and pairs of words, or, for languages that set no spaces, characters and what two and three
of them make. Spärck Jones, "A statistical interpretation of term specificity", 1972. Used twice:
as what every result is compared with (:func:`baselines`, scikit-learn's), and as a network of
its own (:func:`fit`), whose only learnt part is the head. There, the n-grams of more than one
token share :data:`SLOTS` places by a hash (Weinberger et al. 2009), so that the network can count
them from the numbers of the tokens alone, in an exported file as well.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base import files as disk
from transfergui.core.base import imports
from transfergui.core.base.i18n import N_
from transfergui.core.figures.metrics import Baseline
from transfergui.core.modalities.text import reading, tokens
from transfergui.core.modalities.text.options import TextInput

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces.plan import Plan

KEY = "tfidf"
IDF = "idf.json"
SLOTS = 32_768
"""Length of the feature vector: a place for each known token, the rest shared by n-grams."""
LENGTH = 4.0
"""Of every feature vector. The loop's steps are as long for rare n-grams as for common ones; the
longer the vectors, the sooner it learns rare ones by heart. Right in 100 validation texts at 16
and at 4: movie reviews 77 and 80, takeaway reviews both 89."""
FEWEST = 2
"""Texts that must have an n-gram: what one has alone helps with no other."""
WORDS = 20_000
"""Tokens with a place of their own, the commonest ones."""
FACTORS = (1, 1_000_003, 998_244_353)
"""Primes by which the numbers of the tokens of an n-gram are multiplied for its hash."""
LONGEST = {True: 3, False: 2}
"""Tokens in the longest n-gram, of characters and of words."""
CHARACTERS_FROM = 0.3
"""Share of characters of scripts without spaces from which on characters are counted."""
UNSPACED = re.compile(f"[{tokens.UNSPACED}]")
STRENGTHS = (1.0, 4.0, 16.0)
"""What scikit-learn calls C, among which the validation texts choose."""
MOST_LEARNT_FROM = 60_000
"""Texts; more would take minutes, and hardly change the figure."""


def of_characters(texts: Sequence[str]) -> bool:
    """Whether these texts are written without spaces between words."""
    some = "".join(texts[:: max(1, len(texts) // 1000)])
    letters = sum(map(str.isalpha, some))
    return len(UNSPACED.findall(some)) > CHARACTERS_FROM * max(1, letters)


# -- beside every training


def baselines(plan: Plan) -> tuple[Baseline, ...]:
    """TF-IDF and logistic regression, learnt from the training texts, on the test texts."""
    train, val, test = (
        _read(plan, part) for part in (plan.split.train, plan.split.val, plan.split.test)
    )
    if not test[0] or len(set(train[1])) < 2:
        return ()
    return (Baseline(N_("TF-IDF"), _accuracy(_thinned(train), val, test), len(test[0])),)


Labelled = tuple[list[str], list[int]]
"""Texts and their classes."""


def _read(plan: Plan, samples: Sequence[Sample]) -> Labelled:
    assert isinstance(plan.input, TextInput)
    read = list(reading.readable(Path(plan.split.root), samples, plan.input))
    return [tokens.clean(text) for _, text in read], [sample.label for sample, _ in read]


def _thinned(part: Labelled) -> Labelled:
    step = -(-len(part[0]) // MOST_LEARNT_FROM)
    return part[0][::step], part[1][::step]


def _accuracy(train: Labelled, val: Labelled, test: Labelled) -> float:
    imports.load("sklearn.feature_extraction.text", "sklearn.linear_model")
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    characters = of_characters(train[0])
    vectorizer = TfidfVectorizer(
        analyzer="char" if characters else "word",
        token_pattern=None if characters else tokens.WHOLE_WORD,
        ngram_range=(1, LONGEST[characters]),
        sublinear_tf=True,
        dtype=np.float32,
    )
    with threadpool_limits(1):
        known = vectorizer.fit_transform(train[0])
        fitted = [
            LogisticRegression(C=c, solver="liblinear" if len(set(train[1])) == 2 else "lbfgs").fit(
                known, train[1]
            )
            for c in (STRENGTHS if val[0] else STRENGTHS[1:2])
        ]
        checked = vectorizer.transform(val[0]) if val[0] else None
        best = max(fitted, key=lambda m: m.score(checked, val[1])) if val[0] else fitted[0]
        return float(best.score(vectorizer.transform(test[0]), test[1]))


# -- as a network


def fit(texts: Sequence[str], folder: Path) -> None:
    """Write what the network must know of ``texts``: vocabulary, and how rare each n-gram is.

    ``tokenizer.json``, ``config.json`` and ``idf.json``, :data:`SLOTS` numbers:
    ``ln((1 + n) / (1 + d)) + 1`` for n texts of which d have the n-gram, 0 where d is too small.
    """
    characters = of_characters(texts)
    tree = tokens.word_level(_vocabulary(texts, characters), characters)
    tokenizer = tokens.Tokenizer(tokens.with_cleaning(tree), {})
    longest = LONGEST[characters]
    having = np.zeros(SLOTS)
    for text in texts:
        ids = tokenizer.whole(text).ids
        having[np.unique(slots(ids, longest, tokenizer.size))] += 1
    idf = np.log((1 + len(texts)) / (1 + having)) + 1
    if (having >= FEWEST).any():
        idf[having < FEWEST] = 0
    config = {"model_type": KEY, "pad_token_id": 0, "longest": longest, "known": tokenizer.size}
    for name, content in (
        (tokens.TOKENIZER, tree),
        (tokens.CONFIG, config),
        (IDF, [round(float(value), 4) for value in idf]),
    ):
        disk.write_atomic(folder / name, json.dumps(content, ensure_ascii=False))


def slots(ids: np.ndarray, longest: int, known: int) -> np.ndarray:
    """Where the n-grams of a text without padding, int64 [n], are counted; int64 [m].

    Args:
        longest: tokens in the longest n-gram.
        known: how many tokens there are: as many places come before the shared ones.
    """
    found = [ids]
    for length in range(2, longest + 1):
        count = max(0, len(ids) - length + 1)
        parts = (ids[at : at + count] * FACTORS[at] for at in range(length))
        found.append(known + sum(parts, np.zeros(count, np.int64)) % (SLOTS - known))
    return np.concatenate(found)


def weighed(ids: np.ndarray, folder: Path) -> list[tuple[str, float]]:
    """The n-grams that the network counts in a text, each with its weight, the weightiest first.

    Args:
        ids: numbers of its tokens without padding, int64 [n].
        folder: as of :func:`fit`.

    Returns:
        weights as of the network, but for its :data:`LENGTH`: their squares add up to 1.
    """
    tokenizer, config = tokens.open_folder(folder), tokens.read_tree(folder / tokens.CONFIG)
    idf = np.array(json.loads((folder / IDF).read_text(encoding="utf-8")))
    longest, known = int(config["longest"]), int(config["known"])
    between = "" if longest == LONGEST[True] else " "
    written = [tokenizer.token(int(each)) for each in ids]
    names = [
        between.join(written[at : at + length])
        for length in range(1, longest + 1)
        for at in range(len(written) - length + 1)
    ]
    places = slots(ids, longest, known)
    named: dict[int, str] = {}
    for place, name in zip(places.tolist(), names, strict=True):
        named.setdefault(place, name)
    counts = Counter(places.tolist())
    found = {place: (1 + np.log(count)) * idf[place] for place, count in counts.items()}
    whole = float(np.sqrt(sum(weight**2 for weight in found.values()))) or 1.0
    heavy = sorted(found, key=lambda place: -found[place])
    return [(named[place], float(found[place]) / whole) for place in heavy if found[place] > 0]


def _vocabulary(texts: Sequence[str], characters: bool) -> list[str]:
    """The tokens in two texts or more (or in one, if there are few), the commonest first."""
    pattern = re.compile(tokens.CHARACTER if characters else tokens.WORD)
    having: Counter[str] = Counter()
    for text in texts:
        having.update(set(pattern.findall(tokens.clean(text).lower())))
    # ties by the word: the order of a set differs from process to process
    ranked = sorted(having, key=lambda word: (-having[word], word))[:WORDS]
    return [word for word in ranked if having[word] > 1] or ranked
