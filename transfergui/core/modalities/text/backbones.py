"""The list of networks for texts. Another one of a known family is another row."""

from __future__ import annotations

from typing import Any

from transfergui.core.base.i18n import N_
from transfergui.core.data.languages import ENGLISH, EVERY
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.text import folders, tfidf, word_vectors

VECTORS = 30_522, 256
"""Tokens of the built-in table, and the length of their vectors."""
MEMORY = 256
"""Length of the features that the LSTM makes: half of them reading forwards, half backwards."""
HUB = "https://huggingface.co/{hub}/resolve/main/" + word_vectors.WEIGHTS


def _built_in(key: str, title: str, summary: str, **rest: Any) -> Backbone:
    tokens, width = VECTORS
    values = {
        "params": tokens * width,
        "features": width,
        "groups": (("network.table",),),
        "flops": 1e-4,
        **rest,
    }
    return Backbone(
        key=key,
        title=title,
        family="Word vectors",
        summary=summary,
        input={},
        weights_url=None,
        weights_hash="",
        download_bytes=0,
        trained_on="a sentence encoder (all-MiniLM-L6-v2)",
        accuracy=None,
        licence="Apache-2.0",
        speed="fast",
        has_norm_or_bias=False,
        languages=(ENGLISH,),
        **values,
    )


def _published(
    key: str,
    title: str,
    summary: str,
    *,
    hub: str,
    model_type: str,
    params: int,
    trained_on: str,
    layers: int = 12,
    width: int = 768,
    licence: str = "Apache-2.0",
    sha256: str = "",
    megabytes: float = 0.0,
    languages: tuple[str, ...] = (ENGLISH,),
) -> Backbone:
    """The defaults are those of BERT base."""
    flops = round(12 * layers * width**2 * folders.REFERENCE / 1e9, 3)
    return Backbone(
        key=key,
        title=title,
        family=folders.FAMILIES[model_type].title,
        summary=summary,
        params=params,
        features=width,
        groups=folders.groups(model_type, layers),
        input={},
        flops=flops,
        weights_url=HUB.format(hub=hub),
        weights_hash=sha256,
        download_bytes=round(1e6 * megabytes) if megabytes else 4 * params,
        trained_on=trained_on,
        accuracy=None,
        licence=licence,
        speed=folders.speed(flops),
        hub=hub,
        lr_scale=folders.PACE,
        epoch_scale=folders.SHARE,
        attention=True,
        languages=languages,
    )


ROWS: tuple[Backbone, ...] = (
    _built_in(
        "word_vectors",
        N_("Word vectors"),
        N_(
            "One vector per word, averaged over each text. Fast, for English, and included without "
            "a download."
        ),
    ),
    _built_in(
        "word_vectors_lstm",
        N_("Word vectors + LSTM"),
        N_(
            "Reads the word vectors in their order with an LSTM that starts untrained. A textbook "
            "method for a thousand English texts or more."
        ),
        params=VECTORS[0] * VECTORS[1] + 2 * 4 * (MEMORY // 2) * (VECTORS[1] + MEMORY // 2 + 2),
        features=MEMORY,
        groups=(("network.table",), ("network.forwards", "network.backwards")),
        flops=0.05,
        untrained_groups=1,
        weights_of="word_vectors",
    ),
    Backbone(
        key=tfidf.KEY,
        title="TF-IDF",
        family="Counted words",
        summary=N_(
            "Counts words, or characters in languages without spaces. Not pretrained; works in any "
            "language within seconds, and well where single words decide the class."
        ),
        params=0,
        features=tfidf.SLOTS,
        groups=(),
        input={},
        flops=1e-4,
        weights_url=None,
        weights_hash="",
        download_bytes=0,
        trained_on="",
        accuracy=None,
        licence="",
        speed="fast",
        no_cache=True,
        has_norm_or_bias=False,
    ),
    _published(
        "minilm",
        N_("MiniLM (sentences)"),
        N_(
            "A small BERT trained to give sentences of similar meaning similar features. The first "
            "choice for English."
        ),
        hub="sentence-transformers/all-MiniLM-L6-v2",
        model_type="bert",
        layers=6,
        width=384,
        params=22_713_216,
        trained_on="1.17 billion pairs of English sentences",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        megabytes=90.9,
    ),
    _published(
        "minilm_multilingual",
        N_("MiniLM (50 languages)"),
        N_("A sentence encoder for languages other than English, including Chinese."),
        hub="sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
        model_type="bert",
        width=384,
        params=117_653_760,
        trained_on="pairs of sentences in 50 languages",
        languages=EVERY,
    ),
    _published(
        "distilbert",
        "DistilBERT",
        N_("A smaller BERT made by distillation: nearly as accurate in half the time."),
        hub="distilbert/distilbert-base-uncased",
        model_type="distilbert",
        layers=6,
        params=66_362_880,
        trained_on="English Wikipedia and books",
    ),
    _published(
        "bert",
        "BERT base",
        N_("The classic for English. Meant for fine-tuning; weak with feature extraction."),
        hub="google-bert/bert-base-uncased",
        model_type="bert",
        params=109_482_240,
        trained_on="English Wikipedia and books",
    ),
    _published(
        "roberta",
        "RoBERTa base",
        N_("BERT trained for longer on ten times as much text: more accurate after fine-tuning."),
        hub="FacebookAI/roberta-base",
        model_type="roberta",
        params=124_645_632,
        trained_on="160 GB of English text",
        licence="MIT",
    ),
    _published(
        "bert_chinese",
        N_("BERT base (Chinese)"),
        N_("BERT for Chinese, character by character. Meant for fine-tuning."),
        hub="google-bert/bert-base-chinese",
        model_type="bert",
        params=102_267_648,
        trained_on="Chinese Wikipedia",
        languages=("Hani",),
    ),
)
"""The built-in one first, then what needs no download, then what does."""
