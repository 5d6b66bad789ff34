"""Campaigns over HTTP, and what the town does beside the message."""
