"""Areas that people follow, and what they are told of reports there."""
