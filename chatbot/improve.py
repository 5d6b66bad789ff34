"""Train with sentences that editors have taught, compare, and swap only for a better model.

    .venv/bin/python improve.py learned.yml

`learned.yml` is what the console exports under "Unanswered questions". The sentences go to
data/nlu/learned.yml, a candidate is trained, and both models answer the held-out sentences. A
candidate that is worse, all in all or in any intent by more than a sentence or two, is refused
and the data is put back as it was. A better one is served at once: each server that listens
(CHATBOT_PORT and the CHATBOT_PROCESSES after it) loads it while it goes on answering.
"""

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import yaml

import train

LEARNED = train.HERE / "data" / "nlu" / "learned.yml"
_MARKED = re.compile(r"\[([^\]]+)\]\(\w+(?:=[^)]*)?\)")
WORSE_ALL = 0.003
WORSE_INTENT = 0.15

Sentences = dict[str, list[str]]


def sentences_of(text: str) -> Sentences:
    """The sentences of Rasa's YAML by intent, each once."""
    found: Sentences = {}
    for part in (yaml.safe_load(text) or {}).get("nlu") or []:
        lines = [line.strip().removeprefix("- ") for line in part["examples"].splitlines()]
        known = found.setdefault(part["intent"], [])
        known += [line for line in dict.fromkeys(lines) if line and line not in known]
    return found


def as_yaml(sentences: Sentences) -> str:
    """`sentences` as Rasa reads them."""
    lines = ['version: "3.1"', "nlu:"]
    for intent, known in sorted(sentences.items()):
        lines += [f"- intent: {intent}", "  metadata:", "    style: standard", "  examples: |"]
        lines += [f"    - {line}" for line in known]
    return "\n".join(lines) + "\n"


def new_ones(taught: Sentences, known: Iterable[str]) -> Sentences:
    """Of `taught` those that no other training sentence is."""
    seen = set(known)
    kept = {i: [line for line in lines if line not in seen] for i, lines in taught.items()}
    return {intent: lines for intent, lines in kept.items() if lines}


def verdict(before: Counter[str], after: Counter[str], total: Counter[str]) -> list[str]:
    """Why a model that got `after` right of `total` by intent must not replace one that got
    `before`; empty when it may."""
    count = max(1, total.total())
    reasons = []
    if (before.total() - after.total()) / count > WORSE_ALL:
        reasons.append(f"right {after.total()} of {count}, before {before.total()}")
    for intent, size in sorted(total.items()):
        lost = before[intent] - after[intent]
        if lost >= 2 and lost / size > WORSE_INTENT:
            reasons.append(f"{intent}: right {after[intent]} of {size}, before {before[intent]}")
    return reasons


def right_by_intent(model: Path, examples: Iterable[tuple[str, str]]) -> Counter[str]:
    """How many of the (text, intent) `examples` that model understands, by intent."""
    import asyncio

    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    async def read() -> Counter[str]:
        right: Counter[str] = Counter()
        for text, intent in examples:
            parsed = await agent.parse_message(text)
            right[intent] += parsed["intent"]["name"] == intent
        return right

    return asyncio.run(read())


def held_out() -> list[tuple[str, str]]:
    """The sentences of evaluation/sentences.tsv, which no model is trained on, and their intents.

    Their columns are intent, style and text, entities marked as in training data, with what they mean.
    """
    file = train.HERE / "evaluation" / "sentences.tsv"
    lines = file.read_text("utf-8").splitlines()[1:]  # the first names the columns
    rows = (line.split("\t") for line in lines if line)
    return [(_MARKED.sub(r"\1", row[2]), row[0]) for row in rows if len(row) == 3]


def swap(model: Path) -> None:
    """Serve `model` from now on; servers that listen load it without a pause."""
    train._point_to(model)
    first = int(os.environ.get("CHATBOT_PORT") or 5005)
    for port in range(first, first + int(os.environ.get("CHATBOT_PROCESSES") or 1)):
        try:
            answer = httpx.put(
                f"http://127.0.0.1:{port}/model",
                json={"model_file": str(model)},
                timeout=120,
                trust_env=False,
            )
            train.say(f"the server on port {port} answered {answer.status_code}")
        except httpx.HTTPError:
            train.say(f"no server on port {port}: it loads the model when it starts")


def main() -> None:
    """Teach, compare, and swap or refuse."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("taught", type=Path)
    taught = sentences_of(parser.parse_args().taught.read_text())
    before = train.CURRENT.resolve()
    kept = LEARNED.read_text() if LEARNED.exists() else None
    known = [
        line
        for file in (train.HERE / "data" / "nlu").glob("*.yml")
        for lines in sentences_of(file.read_text()).values()
        for line in lines
    ]
    new = new_ones(taught, known)
    if not new:
        raise SystemExit("chatbot: nothing new was taught")
    learned = sentences_of(kept or "nlu: []")
    for intent, lines in new.items():
        learned.setdefault(intent, []).extend(lines)
    LEARNED.write_text(as_yaml(learned))
    candidate = train.main().resolve()
    reasons = compare(before, candidate)
    if reasons:
        if kept is None:
            LEARNED.unlink()
        else:
            LEARNED.write_text(kept)
        train._point_to(before)
        raise SystemExit("chatbot: refused, the model before stays:\n  " + "\n  ".join(reasons))
    swap(candidate)
    train.say("the better model is served")


def compare(before: Path, candidate: Path) -> list[str]:
    """Why `candidate` must not replace the model `before`; empty when it may."""
    os.chdir(train.HERE)
    sys.path.insert(0, str(train.HERE))
    examples = held_out()
    total = Counter(intent for _, intent in examples)
    results: list[Any] = [right_by_intent(model, examples) for model in (before, candidate)]
    return verdict(results[0], results[1], total)


if __name__ == "__main__":
    main()
