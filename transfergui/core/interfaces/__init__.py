"""The types that the parts of the core have in common.

What is learnt from (``Modality``), how knowledge is carried over (``Strategy``), the networks
(``Backbone``), and what a training is made of (``Plan``, ``Phase``). Nothing in this package
imports torch, nor does a modality or a strategy at import; their functions that need it import it
when they are called. Nothing under ``gui`` names a modality or a strategy: forms come from the
option structs, previews are neutral data.
"""
