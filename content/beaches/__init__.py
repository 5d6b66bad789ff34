"""Beach zones, what lifeguards see there, bans and water quality."""
