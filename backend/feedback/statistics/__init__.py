"""How the town deals with reports: counted as they change, read by period and by kind."""
