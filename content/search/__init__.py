"""One folded index over everything that is published."""

from content.search.filing import Entry, Searchable, forget, index, index_all
from content.search.queries import Hit, find, find_ids, suggest

__all__ = [
    "Entry",
    "Hit",
    "Searchable",
    "find",
    "find_ids",
    "forget",
    "index",
    "index_all",
    "suggest",
]
