"""Tide tables over HTTP."""
