"""Draws the demo shop's product pictures, so that no photograph has to be shipped or fetched."""

from storeql.demo.drawing.album import draw_pictures

__all__ = ["draw_pictures"]
