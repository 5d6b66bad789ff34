"""Telling other systems of the city of every change of a report."""
