"""Load and kill proofs: what a shop promises under pressure, shown on real server processes."""
