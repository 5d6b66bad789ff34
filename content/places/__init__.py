"""Places: sights, lodging, food, shops, transport, offices."""
