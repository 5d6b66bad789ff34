"""Public holidays: computed from law and lunar calendar, corrected by staff year by year."""
