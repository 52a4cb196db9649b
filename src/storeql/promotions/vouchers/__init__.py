"""Vouchers by the batch: set up, made by a job, exported."""
