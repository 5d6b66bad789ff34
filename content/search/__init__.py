"""One folded index over everything that is published."""

from content.search.queries import Entry, Hit, Searchable, find, forget, index

__all__ = ["Entry", "Hit", "Searchable", "find", "forget", "index"]
