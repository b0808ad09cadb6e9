"""The plots of one training above each other: loss, score, what its strategy adds, and learning
rate."""

import math

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.interfaces.logs import Log
from transfergui.core.runs.history import History
from transfergui.gui.base import style
from transfergui.gui.plots import curve_data as data
from transfergui.gui.plots.curve_panel import CurvePanel


class CurveStack(QFrame):
    """See the module.

    Attributes:
        loss, score, rate: the plots, the last one hidden at first.
        share: what the strategy tells beside, in per cent; hidden where there is nothing.
        panels: all of them.
        by_score: whether the score chooses the best epoch, not the validation loss.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.by_score = False
        self.setProperty("role", "card")
        self.loss = CurvePanel("loss", _("loss"), 0.93, parent)
        self.score = CurvePanel("score", _("accuracy, %"), 0.1, parent)
        self.share = CurvePanel("share", _("share, %"), 0.5, parent)
        self.rate = CurvePanel("rate", _("learning rate"), 0.5, parent)
        self.panels = (self.loss, self.score, self.share, self.rate)
        self._shares_wanted = True
        self._logs: tuple[Log, ...] = ()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(style.INSIDE, style.GAP, style.BETWEEN, style.GAP)
        stack.setSpacing(style.GAP)
        for panel, share in zip(self.panels, (5, 5, 4, 3), strict=True):
            stack.addWidget(panel, share)
        self.share.plot.setYRange(0, 100, padding=0.02)
        self.share.hide()
        self.rate.hide()

    def forget(self) -> None:
        """Another training is shown from now on."""
        for panel in self.panels:
            panel.forget()

    def draw(
        self,
        history: History,
        curves: data.Curves,
        beneath: data.Curves | None,
        span: tuple[float, float],
        zoomed: bool,
    ) -> None:
        """Draw the epochs of ``span``, with those of another training beneath."""
        low, high = span
        self._follow(data.logs_of(history))
        for panel in self.panels:
            if panel.isVisibleTo(self):
                panel.draw(curves, beneath, low, high)
        followed = data.Followed.of(history)
        self.score.measure(followed.axis, followed.text)
        started = history.started
        level = _scaled(None if started is None else started.baseline, followed)
        self.score.mark_level(level, _("majority baseline"))
        self._mark(history)
        both = [curves] if beneath is None else [curves, beneath]
        bottom, top = data.loss_span(both, low, high, self._logs)
        self.loss.set_span(bottom, top, zoomed=zoomed)
        bounds = data.score_span(both, level, followed.score.share)
        self.score.plot.setYRange(*bounds, padding=0.02)
        rates = curves["rate"][1]
        self.rate.plot.setYRange(0, data.whole_above(rates.max() if len(rates) else 1), padding=0)

    def show_keys(self, cursor: float | None, beneath: str) -> None:
        """
        Args:
            cursor: in epochs; None where there is none.
            beneath: name of the training beneath; empty where there is none.
        """
        for panel in self.panels:
            if panel.isVisibleTo(self):
                panel.show_key(cursor, beneath)
        self.loss.show_caption(
            "" if cursor is None else _("epoch {epoch}").format(epoch=math.ceil(cursor))
        )

    def explain_keys(self, text: str) -> None:
        """A tool tip of the keys: the whole name of the training beneath."""
        for panel in self.panels:
            panel.key.setToolTip(style.tip(text))

    @property
    def has_shares(self) -> bool:
        """Whether the strategy tells something beside that is a share."""
        return any(log.kind == "share" for log in self._logs)

    def show_shares(self, on: bool) -> None:
        """Show or hide what the strategy tells beside, where it does."""
        self._shares_wanted = on
        self.share.setVisible(on and self.has_shares)
        self._name_axes()

    def _follow(self, logs: tuple[Log, ...]) -> None:
        """Draw what a strategy tells of its steps."""
        if logs == self._logs:
            return
        self._logs = logs
        self.loss.follow(data.series_of_logs(logs, "loss"))
        self.share.follow(data.series_of_logs(logs, "share"))
        said_at = self.share if self.has_shares else self.loss  # once, where there is more room
        for panel in (self.loss, self.share):
            panel.explain(data.meaning(logs) if panel is said_at else "")
        level = next((log for log in logs if log.kind == "share" and log.level is not None), None)
        if level is None or level.level is None:
            self.share.mark_level(None)
        else:
            self.share.mark_level(100 * level.level, _(level.level_title))
        self.show_shares(self._shares_wanted)

    def show_rate(self, on: bool) -> None:
        """Show or hide the learning rate."""
        self.rate.setVisible(on)
        self._name_axes()

    def restyle(self) -> None:
        """Take the colours of the theme."""
        for panel in self.panels:
            panel.restyle()
        self._name_axes()

    def _name_axes(self) -> None:
        lowest = [panel for panel in self.panels if panel.isVisibleTo(self)][-1]
        for panel in self.panels:
            panel.name_axis(panel is lowest)

    def _mark(self, history: History) -> None:
        """Where phases begin, and the best epoch: a star on the curve that chose it, a line in the
        other plot, where it need not be the highest point."""
        best, phases = history.best, history.phases
        changes = [(float(p.epoch), _(p.name)) for p in phases if p.epoch > 0]
        line, x = list[tuple[float, str]](), None
        if best is not None:
            x = best.epoch
            line = [(float(x), _("best epoch: {n}").format(n=x))]
        loss = None if best is None else best.val_loss
        score = _scaled(None if best is None else best.val_score, data.Followed.of(history))
        by_score = self.by_score and score is not None
        self.loss.mark_lines([*changes, *(line if by_score else [])])
        self.score.mark_lines([] if by_score else line)
        self.loss.mark_best(x, None if by_score else loss)
        self.score.mark_best(x, score if by_score else None)


def _scaled(value: float | None, followed: data.Followed) -> float | None:
    """A figure as it is drawn."""
    return None if value is None else followed.scale * value
