"""The views that there are, in the order in which they are listed."""

from transfergui.core.views import (
    because,
    borrowed,
    box_errors,
    box_sizes,
    box_threshold,
    from_scratch,
    frozen_probe,
    learning_curve,
    new_examples,
    other_data,
    own_run,
    reliability,
    repeats,
    sample_map,
    strangers_tried,
    where_it_looks,
    where_used,
    worst_groups,
)
from transfergui.core.views.view import View

VIEWS: tuple[View, ...] = (
    box_errors.VIEW,
    box_threshold.VIEW,
    box_sizes.VIEW,
    where_it_looks.VIEW,
    because.VIEW,
    sample_map.VIEW,
    worst_groups.VIEW,
    new_examples.VIEW,
    where_used.VIEW,
    other_data.VIEW,
    borrowed.VIEW,
    reliability.VIEW,
    strangers_tried.VIEW,
    learning_curve.VIEW,
    from_scratch.VIEW,
    own_run.VIEW,
    frozen_probe.VIEW,
    repeats.VIEW,
)
