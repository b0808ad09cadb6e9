"""Choosing networks: published backbones, own trained models, and their weights."""
