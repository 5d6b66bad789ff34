"""Warnings as messages of the Common Alerting Protocol, for people and for other systems."""
