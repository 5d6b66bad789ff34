"""Beaches over HTTP."""
