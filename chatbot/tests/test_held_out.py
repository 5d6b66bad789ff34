import unicodedata
from pathlib import Path

import evaluate


def test_the_training_sentences_are_clean_and_each_stands_once():
    texts = [sentence.text for sentence in evaluate.sentences()]
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)
    assert len(set(texts)) == len(texts)


def test_every_intent_of_the_catalogue_has_sentences():
    assert len({sentence.intent for sentence in evaluate.sentences()}) == 57


def test_intents_are_found_by_words_alone_with_and_without_marks():
    """The floor without sentence vectors; with them see README. Each is some points higher."""
    share = evaluate.intent_accuracy(vectors=None)
    assert share["all"] >= 0.66
    assert share["without marks"] >= 0.62
    assert share["top two"] >= 0.75


def test_entities_are_found_as_well_without_marks(tmp_path: Path):
    score = evaluate.entity_score(tmp_path)
    assert score["as written"] >= 0.62
    assert score["without marks"] >= score["as written"] - 0.05
