"""A denoising autoencoder: a backbone gets used to unlabelled pictures by undoing damage.

Vincent, Larochelle, Bengio and Manzagol, "Extracting and Composing Robust Features with Denoising
Autoencoders", 2008. Features of a damaged picture must suffice to draw a small copy of the
undamaged one (:class:`transfergui.core.nn.pretext.Denoising`); then the labelled ones are learnt as
usual. The example of textbooks, for comparison: what draws a picture is seldom what tells classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import option
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.strategies import unlabelled

if TYPE_CHECKING:
    from torch import nn


class AutoencoderOptions(unlabelled.UnlabelledOptions, frozen=True):
    """The options of :data:`STRATEGY`."""

    noise: Annotated[
        float,
        option(
            N_("Noise"),
            N_("How many pixels are made black before the backbone sees a picture."),
            ge=0,
            le=90,
            unit="%",
            advanced=True,
        ),
    ] = 25.0


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    return unlabelled.phases(settings)


def pretext(model: nn.Module, plan: Plan) -> nn.Module:
    from transfergui.core.nn.pretext import Denoising

    assert isinstance(plan.options, AutoencoderOptions)
    channels, *_size = plan.modality.input_shape(plan.input)
    return Denoising(model, plan.backbone.features, channels, plan.options.noise / 100)


STRATEGY = Strategy(
    key="autoencoder",
    title=N_("Learn without labels first (autoencoder)"),
    summary=N_(
        "First trains the backbone on unlabelled examples to restore damaged pictures; then learns "
        "your classes. The textbook example, for comparison: it seldom improves a pretrained "
        "backbone."
    ),
    options=AutoencoderOptions,
    cost=3,
    preset="Light",
    needs=("unlabelled",),
    modalities=("image",),
    epochs=unlabelled.EPOCHS,
    lr=unlabelled.LR,
    obstacle=unlabelled.has_weights,
    phases=phases,
    pretext=pretext,
    plain=unlabelled.plain,
)
