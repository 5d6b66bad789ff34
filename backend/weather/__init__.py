"""Fetching the weather, and saying it in words."""
