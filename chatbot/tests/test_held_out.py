import unicodedata
from pathlib import Path

from components.text import words
from evaluation.corpus import training, unseen
from evaluation.held_out import entity_score, intent_accuracy


def test_the_training_sentences_are_clean_and_each_stands_once():
    texts = [sentence.text for sentence in training()]
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)
    assert len(set(texts)) == len(texts) >= 10_000


def test_every_intent_of_the_catalogue_has_sentences():
    assert len({sentence.intent for sentence in training()}) == 57


def test_the_test_set_has_twelve_sentences_of_each_intent_in_eight_styles_and_is_unseen():
    sentences = unseen()
    intents = [sentence.intent for sentence in sentences]
    assert len(set(intents)) == 57
    assert all(intents.count(intent) >= 12 for intent in set(intents))
    assert len({sentence.style for sentence in sentences}) == 8
    assert all(unicodedata.is_normalized("NFC", sentence.text) for sentence in sentences)
    known = {" ".join(words(sentence.text)) for sentence in training()}
    assert not [s.text for s in sentences if " ".join(words(s.text)) in known]


def test_intents_are_found_by_words_alone_with_and_without_marks():
    """The floor without sentence vectors; with them see README. Each is some points higher."""
    share = intent_accuracy(vectors=None)
    assert share["all"] >= 0.66
    assert share["without marks"] >= 0.62
    assert share["top two"] >= 0.75


def test_entities_are_found_as_well_without_marks(tmp_path: Path):
    score = entity_score(tmp_path)
    assert score["as written"] >= 0.62
    assert score["without marks"] >= score["as written"] - 0.05
