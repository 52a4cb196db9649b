"""Refunds: money of an order that goes back, split over its lines, its delivery and the rest."""
