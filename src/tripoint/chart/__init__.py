"""Figures: a frame and its provenance in, a chart with its header, source line and alternative text out."""
