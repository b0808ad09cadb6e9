"""Samples laid out in a plane by their features, so that similar ones lie close together.

PCA: Pearson, "On Lines and Planes of Closest Fit to Systems of Points in Space", 1901. t-SNE: van
der Maaten and Hinton, "Visualizing Data using t-SNE", JMLR 2008; started from PCA as in Kobak and
Berens, "The art of using t-SNE for single-cell transcriptomics", 2019.
"""

from __future__ import annotations

import numpy as np

from transfergui.core.base.progress import Tell, untold

PLANE = 2
KEPT = 50
"""Dimensions that PCA leaves t-SNE: distances hardly change, and neighbours are found faster."""
MOST = 3000
"""Points that t-SNE lays out itself: about 20 s on one core. Its time grows faster than them."""
PERPLEXITY = 30
"""Neighbours that each point has about; the usual value."""
ITERATIONS, PIECE = 1000, 250
"""Steps in all, and between two looks at whether anybody still waits."""
EXAGGERATION = 12.0
NEIGHBOURS = 3
"""Of those that were laid out: between them lie the others."""
SEED = 0
CHUNK = 1000
"""Rows whose distances are computed at once."""


def centred(rows: np.ndarray, dimensions: int) -> np.ndarray:
    """The first principal components of ``rows`` [N, F]: float32 [N, up to ``dimensions``]."""
    from sklearn.decomposition import PCA
    from threadpoolctl import threadpool_limits

    if len(rows) < 2:  # nothing differs
        return np.zeros((len(rows), dimensions), np.float32)
    kept = min(dimensions, *rows.shape)
    with threadpool_limits(1):  # beside torch's threads, more make it slower
        return PCA(kept, svd_solver="randomized", random_state=SEED).fit_transform(rows)


def plane(rows: np.ndarray) -> np.ndarray:
    """The two directions in which ``rows`` [N, F] differ most: float32 [N, 2]."""
    found = centred(rows, PLANE).astype(np.float32)
    return np.pad(found, ((0, 0), (0, PLANE - found.shape[1])))


def neighbourhoods(rows: np.ndarray, tell: Tell = untold) -> np.ndarray:
    """``rows`` [N, F] by t-SNE: float32 [N, 2].

    Of more than :data:`MOST`, as many are drawn at random and laid out; each of the others lies
    between the :data:`NEIGHBOURS` of them that are most similar to it.

    Args:
        tell: called between the pieces of the work.
    """
    reduced = centred(rows, KEPT)
    if len(rows) <= PERPLEXITY:  # there are no neighbourhoods
        return plane(rows)
    drawn = np.arange(len(rows))
    if len(rows) > MOST:
        drawn = np.sort(np.random.default_rng(SEED).choice(drawn, MOST, replace=False))
    found = _embedded(reduced[drawn], tell)
    if len(drawn) == len(rows):
        return found
    xy = np.empty((len(rows), PLANE), np.float32)
    others = np.setdiff1d(np.arange(len(rows)), drawn)
    xy[drawn] = found
    xy[others] = _between(reduced[others], reduced[drawn], found, tell)
    return xy


def _embedded(reduced: np.ndarray, tell: Tell) -> np.ndarray:
    """t-SNE in pieces, each starting where the last one ended: it cannot be ended in between."""
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    xy = reduced[:, :PLANE] / (reduced[:, 0].std() or 1.0) * 1e-4
    xy = np.pad(xy, ((0, 0), (0, PLANE - xy.shape[1]))).astype(np.float32)
    perplexity = min(PERPLEXITY, (len(reduced) - 1) / 3)
    for done in range(0, ITERATIONS, PIECE):
        tell(done, ITERATIONS)
        with threadpool_limits(1):
            xy = TSNE(
                perplexity=perplexity,
                init=xy,
                early_exaggeration=EXAGGERATION if done == 0 else 1.0,
                max_iter=PIECE,
                random_state=SEED,
            ).fit_transform(reduced)
    return xy


def _between(others: np.ndarray, known: np.ndarray, xy: np.ndarray, tell: Tell) -> np.ndarray:
    """Where each of ``others`` [M, D] lies: between those of ``known`` [K, D] at ``xy`` [K, 2] that
    are most similar to it, the nearer ones counting more."""
    placed = np.empty((len(others), PLANE), np.float32)
    norms = (known**2).sum(axis=1)
    for begin in range(0, len(others), CHUNK):
        tell(begin, len(others))
        part = others[begin : begin + CHUNK]
        squares = (part**2).sum(axis=1)[:, None] + norms - 2 * part @ known.T
        nearest = np.argpartition(squares, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        near = np.take_along_axis(squares, nearest, axis=1)
        weights = 1 / (np.maximum(near, 0) + 1e-6)
        weights /= weights.sum(axis=1, keepdims=True)
        placed[begin : begin + CHUNK] = (weights[..., None] * xy[nearest]).sum(axis=1)
    return placed
