"""Numbers to call and offices to go to."""
