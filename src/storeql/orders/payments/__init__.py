"""Payments: attempts, gateways, and what their answers mean for an order."""
