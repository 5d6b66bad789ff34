"""The words of all documents: counted as documents come and go, looked up when somebody asks.

Counts are written once, when a transaction commits, in the order of the words: so two editors
who publish at the same moment wait for each other for an instant and never for ever. An edit
that changes few words of a text writes few rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from sqlalchemy import Integer, bindparam, event, select
from sqlalchemy.orm import Session, SessionTransaction

from content.search.models import SearchKey, SearchWord
from content.search.spelling import keys
from content.store import insert_into

ALL = ""
"""The word that stands for all documents."""

BATCH = 1000
HIGHEST = "\U0010ffff"
"""Behind every letter."""

PENDING = "search words"
"""Where a session keeps what changes: a counter for its transaction and one for each savepoint."""


def count(session: Session, words: Iterable[str], change: int) -> None:
    """Let *change* more documents hold each of *words*, once the transaction commits."""
    counter = session.info[PENDING][-1]
    for word in {ALL, *words}:
        counter[word] += change


@event.listens_for(Session, "after_transaction_create")
def _begin_counting(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info[PENDING] = [Counter()]
    elif transaction.nested:
        session.info[PENDING].append(Counter())


@event.listens_for(Session, "after_transaction_end")
def _end_counting(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info[PENDING].pop()


@event.listens_for(Session, "before_commit")
def _write_counts(session: Session) -> None:
    *around, changes = session.info[PENDING]
    if around:
        around[-1].update(changes)
    else:
        write(session, {word: change for word, change in changes.items() if change})
    changes.clear()


def write(session: Session, changes: Mapping[str, int]) -> None:
    """Add *changes* to the counts, and file what the new words share with misspellings."""
    upsert = insert_into(session, SearchWord)
    upsert = upsert.on_conflict_do_update(
        index_elements=["word"],
        set_={"documents": SearchWord.documents + upsert.excluded.documents},
    )
    connection = session.connection()
    for words in _batches(sorted(changes)):
        known = set(session.scalars(select(SearchWord.word).where(SearchWord.word.in_(words))))
        connection.execute(upsert, [{"word": w, "documents": changes[w]} for w in words])
        new = [{"key": key, "word": w} for w in words if w not in known for key in sorted(keys(w))]
        if new:
            connection.execute(insert_into(session, SearchKey).on_conflict_do_nothing(), new)


HELD = select(SearchWord.word, SearchWord.documents).where(
    SearchWord.word.in_(bindparam("words", expanding=True)), SearchWord.documents > 0
)
BEGINNING = (
    select(SearchWord.word, SearchWord.documents)
    .where(
        SearchWord.word >= bindparam("first"),
        SearchWord.word < bindparam("last"),
        SearchWord.documents > 0,
    )
    .order_by(SearchWord.documents.desc(), SearchWord.word)
    .limit(bindparam("most", type_=Integer()))
)
SHARING = (
    select(SearchKey.key, SearchWord.word, SearchWord.documents)
    .join(SearchWord, SearchWord.word == SearchKey.word)
    .where(SearchKey.key.in_(bindparam("keys", expanding=True)), SearchWord.documents > 0)
)


def counts(session: Session, words: Collection[str]) -> dict[str, int]:
    """Those of *words* that documents hold, and how many do."""
    return dict(session.execute(HELD, {"words": sorted(words)}).all())


def beginning(session: Session, letters: str, limit: int) -> dict[str, int]:
    """The most frequent words that begin with *letters*, and how many documents hold each."""
    asked = {"first": letters, "last": letters + HIGHEST, "most": limit}
    return dict(session.execute(BEGINNING, asked).all())


def sharing(session: Session, shared: Collection[str]) -> dict[str, dict[str, int]]:
    """For each key in *shared* the words that have it, and how many documents hold them."""
    found: dict[str, dict[str, int]] = {}
    if shared:
        for key, word, documents in session.execute(SHARING, {"keys": sorted(shared)}):
            found.setdefault(key, {})[word] = documents
    return found


def _batches(words: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(words)
    while batch := list(islice(rest, BATCH)):
        yield batch
