"""Books of pricing cases for merchants: what is bought, under which offers, at what price."""

from storeql.testing.book.reading import Book, BookCase, read_book
from storeql.testing.book.results import Result

__all__ = ["Book", "BookCase", "Result", "read_book"]
