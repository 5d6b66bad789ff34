"""What the chatbot does: reads the town's API at the moment of the question and answers from it."""

from actions import beach, places, report, safety, talk, town  # noqa: F401  (found by their classes)
