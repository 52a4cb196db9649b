"""What readers of files say when a file is not what they read."""

from __future__ import annotations


class Unreadable(Exception):
    """A file without a table that can be read; the message says why, for a person."""
