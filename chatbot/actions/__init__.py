"""What the chatbot does: reads the town's API at the moment of the question and answers from it."""

from actions import report, report_filing, router  # noqa: F401  (found by their classes)
from actions.retrieval import warm_up

warm_up()
