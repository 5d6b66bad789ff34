"""What is taught at the console becomes training data, and a worse model is refused."""

import sqlite3
import time
from collections import Counter
from pathlib import Path

import improve
from serve import erase_old

TAUGHT = """version: "3.1"
nlu:
- intent: ask_price
  examples: |
    - thuyền thúng giá sao
    - thuyền thúng giá sao
- intent: ask_events
  examples: |
    - tối ni có chi vui
"""


def test_what_is_taught_is_read_once_and_written_as_rasa_reads_it():
    taught = improve.sentences_of(TAUGHT)
    assert taught == {"ask_price": ["thuyền thúng giá sao"], "ask_events": ["tối ni có chi vui"]}
    assert improve.sentences_of(improve.as_yaml(taught)) == taught
    assert improve.new_ones(taught, ["tối ni có chi vui"]) == {
        "ask_price": ["thuyền thúng giá sao"]
    }


def test_a_model_that_is_worse_is_refused_with_the_reason():
    total = Counter(ask_price=100, ask_tide=10)
    before = Counter(ask_price=95, ask_tide=9)
    assert improve.verdict(before, Counter(ask_price=96, ask_tide=9), total) == []
    assert improve.verdict(before, Counter(ask_price=95, ask_tide=8), total) == [
        "right 103 of 110, before 104"
    ]
    (reason,) = improve.verdict(before, Counter(ask_price=100, ask_tide=6), total)
    assert reason.startswith("ask_tide")


def test_what_was_said_long_ago_is_erased_from_the_trackers_database(tmp_path: Path):
    file, now = tmp_path / "trackers.sqlite3", time.time()
    assert erase_old(f"sqlite:///{file}", 90, now) == 0
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE events (sender_id TEXT, timestamp REAL)")
        rows = [("old", now - 91 * 86400), ("new", now - 91 * 86400), ("new", now - 10)]
        database.executemany("INSERT INTO events VALUES (?, ?)", rows)
    assert erase_old(f"sqlite:///{file}", 90, now) == 1
    with sqlite3.connect(file) as database:
        assert {row[0] for row in database.execute("SELECT sender_id FROM events")} == {"new"}
