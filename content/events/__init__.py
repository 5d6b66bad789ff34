"""Events of the town, once or again and again, by the Gregorian and by the lunar calendar."""
