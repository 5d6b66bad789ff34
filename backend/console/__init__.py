"""Pages for staff, under /console."""
