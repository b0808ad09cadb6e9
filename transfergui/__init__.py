"""TransferGUI: fine-tune pretrained networks on your own data, without programming.

The architecture in one docstring::

    folder -- scan --> Dataset -- split --> Split -+
    form / flags / recipe.json --> Recipe ---------+-- resolve --> Plan --+
                            Run (a new directory) ------------------------+
                                                                          |
        events.jsonl <-- Event, Event, ... <------------------ train(plan, run)
              |                                                           |
       History --> plots, tables, terminal            checkpoints/{last,best}
                                                                          |
    TrainedModel.load(run) --> predict, evaluate --> Report    Exporter.export

- ``core`` knows nothing of Qt; ``gui`` is the only place with PySide6 and pyqtgraph.
- ``cli`` and ``gui`` are two faces of one engine: both build a ``Recipe`` and
  iterate the events of :func:`transfergui.core.training.trainer.train`.
- The run directory is the only record of a training.
- Nothing imports torch before a training, a prediction or an export needs it.
"""

__version__ = "0.1.0"
