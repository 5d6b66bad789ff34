"""What the town knows: places, articles, beaches, contacts. No HTTP here."""
