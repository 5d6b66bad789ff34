"""Open311 GeoReport v2, for other cities' systems: serving it, and forwarding reports by it."""
