"""Tide tables, as authorities publish them."""
