"""Masked tokens: a language model goes on with its pretraining on unlabelled texts.

Devlin, Chang, Lee and Toutanova, "BERT", 2019 (arXiv:1810.04805); on texts of one's own subject
before the labelled ones: Gururangan et al., "Don't Stop Pretraining", 2020 (arXiv:2004.10964). Some
tokens of each text are hidden, and the network finds them by the others
(:class:`transfergui.core.nn.pretext.MaskedTokens`); then the labelled ones are learnt as usual.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.interfaces.logs import Log
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.modalities.text import tokens
from transfergui.core.modalities.text.options import TextInput
from transfergui.core.strategies import lora, unlabelled

if TYPE_CHECKING:
    from torch import nn

FIRST_EPOCHS = 3
FIRST_LR = 5e-5
"""Half of what Gururangan et al. take, with batches of 256 texts."""
FOUND = Log(
    key="found",
    title=N_("hidden words found"),
    summary=N_(
        "How many of the hidden words (tokens) are predicted correctly while learning without "
        "labels."
    ),
    kind="share",
)


class MaskedTokensOptions(unlabelled.UnlabelledOptions, frozen=True):
    """The options of :data:`STRATEGY`."""

    first_epochs: Annotated[int, unlabelled.EPOCHS_OPTION] = FIRST_EPOCHS
    first_lr: Annotated[float, unlabelled.LR_OPTION] = FIRST_LR


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    return unlabelled.phases(settings, decay=1.0)


def pretext(model: nn.Module, plan: Plan) -> nn.Module:
    from transfergui.core.nn.pretext import MaskedTokens

    assert isinstance(plan.input, TextInput)
    tokenizer = tokens.open_folder(Path(plan.input.assets))
    width = plan.backbone.features
    return MaskedTokens(model, width, tokenizer.mask, tokenizer.special, tokenizer.pad)


STRATEGY = Strategy(
    key="masked_tokens",
    title=N_("Learn without labels first (masked words)"),
    summary=N_(
        "First continues the pretraining of a language model on unlabelled texts, in which it "
        "finds hidden words; then learns your classes. For texts of a subject or style of their "
        "own."
    ),
    options=MaskedTokensOptions,
    cost=3,
    preset="None",
    needs=("unlabelled",),
    modalities=("text",),
    epochs=unlabelled.EPOCHS,
    lr=unlabelled.LR,
    obstacle=lora.obstacle,
    phases=phases,
    pretext=pretext,
    logs=(FOUND,),
    plain=unlabelled.plain,
)
