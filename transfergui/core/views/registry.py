"""The views that there are, in the order in which they are listed."""

from transfergui.core.views import sample_map, where_it_looks
from transfergui.core.views.view import View

VIEWS: tuple[View, ...] = (where_it_looks.VIEW, sample_map.VIEW)
