"""Vietnamese text as people type it: marks or none, old or new tone placement, telex, teencode."""

import re
import unicodedata
from functools import lru_cache

TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
_WORD = re.compile(r"[^\W_]+")


def clean(text: str) -> str:
    """`text` in NFC and without invisible characters (zero-width, direction marks, soft hyphens)."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", character.lower())[0]
    return base if unicodedata.combining(base) == 0 else character


def fold(text: str) -> str:
    """`text` in lower case without marks, đ as d; of the same length, so that offsets stay valid.

    The promise of equal length holds for any text; marks vanish only from NFC text.
    """
    return "".join(map(_fold_character, text))


def words(text: str) -> list[str]:
    """The folded words of `text`, without punctuation."""
    return _WORD.findall(fold(text))


def _tone_pairs() -> dict[str, str]:
    pairs = {}
    for first, second in (("o", "a"), ("o", "e"), ("u", "y")):
        for mark in TONES.values():
            new = first + unicodedata.normalize("NFC", second + mark)
            pairs[new] = unicodedata.normalize("NFC", first + mark) + second
    return pairs


_NEW_TO_OLD = _tone_pairs()
_NEW_TONE = re.compile("(?<![qQ])(" + "|".join(_NEW_TO_OLD) + r")(?!\w)")


def place_tones(text: str) -> str:
    """Lower-case `text` with the tones of oa, oe and uy where the old style puts them.

    "hoà" and "hòa" are one word; in "quý" the u belongs to the consonant, so it stays.
    """
    return _NEW_TONE.sub(lambda match: _NEW_TO_OLD[match.group()], text)


_TELEX_LETTERS = (
    ("uow", "ươ"), ("aa", "â"), ("aw", "ă"), ("ee", "ê"),
    ("oo", "ô"), ("ow", "ơ"), ("uw", "ư"), ("dd", "đ"),
)  # fmt: skip
_TELEX_KEY = re.compile(r"aa|ee|oo|dd|[aou]w|[sfrxj]")
_TONE_AT_END = re.compile(r"^(.*[aeiouyw].*?)([sfrxj])$")
_TONE_INSIDE = re.compile(r"^(.*[aeiouyw])([sfrxj])(ch|c|m|n|ng|nh|p|t|[aeiouyw]+)$")
_VOWELS = "aăâeêioôơuưy"
_SYLLABLE = re.compile(
    "(?:b|c|ch|d|đ|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?"
    "(?:uyê|oai|oay|oeo|uây|uôi|ươi|ươu|iêu|yêu|uya|uyu|oa|oă|oe|uâ|uê|uơ|uy|iê|yê|uô|ươ|ia|ua|ưa"
    "|ai|ay|ây|ao|au|âu|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y)"
    "(?:ch|c|m|n|ng|nh|p|t)?"
)


def _with_tone(syllable: str, mark: str) -> str | None:
    places = [i for i, letter in enumerate(syllable) if letter in _VOWELS]
    if syllable.startswith("qu") or (syllable.startswith("gi") and len(places) > 1):
        places = [i for i in places if i != 1]
    if not places:
        return None
    marked = [i for i in places if syllable[i] in "ăâêôơư"]
    closed = places[-1] < len(syllable) - 1
    if marked:
        place = marked[-1]
    elif len(places) > 1 and (closed or len(places) == 3):
        place = places[1]
    else:
        place = places[0]
    toned = syllable[: place + 1] + mark + syllable[place + 1 :]
    return unicodedata.normalize("NFC", toned)


def telex(word: str) -> str | None:
    """The Vietnamese syllable that raw telex keys stand for ("bieesn" → "biến"), None if there is none."""
    if not re.fullmatch("[a-z]{3,9}", word) or not _TELEX_KEY.search(word[1:]):
        return None
    base, tone = word, ""
    if match := _TONE_AT_END.match(word):
        base, tone = match.group(1), TONES[match.group(2)]
    elif match := _TONE_INSIDE.match(word):
        base, tone = match.group(1) + match.group(3), TONES[match.group(2)]
    for keys, letter in _TELEX_LETTERS:
        base = base.replace(keys, letter)
    if not _SYLLABLE.fullmatch(base):
        return None
    return _with_tone(base, tone) if tone else base


_TONE_MARKS = frozenset(TONES.values())
_DOUBLED = re.compile(r"([^\W\d])\1+")


def _toneless(word: str) -> tuple[str, str]:
    """`word` without its tone, and the tone."""
    parts = unicodedata.normalize("NFD", word)
    tone = "".join(mark for mark in parts if mark in _TONE_MARKS)
    bare = "".join(mark for mark in parts if mark not in _TONE_MARKS)
    return unicodedata.normalize("NFC", bare), tone


def is_syllable(word: str) -> bool:
    """Whether lower-case `word` can be a Vietnamese syllable, with or without its tone."""
    return _SYLLABLE.fullmatch(_toneless(word)[0]) is not None


_SLIPS = (
    ("uơ", "ươ"), ("ưo", "ươ"), ("ưow", "ươ"), ("ươw", "ươ"), ("âa", "â"), ("êe", "ê"), ("ôo", "ô"),
    ("ăw", "ă"), ("ơw", "ơ"), ("ưw", "ư"), ("đd", "đ"), ("gn", "ng"), ("hn", "nh"), *_TELEX_LETTERS,
)  # fmt: skip


@lru_cache(maxsize=16384)
def untangle(word: str) -> str:
    """The syllable that lower-case `word` becomes when one slip of the typing is undone, else `word`.

    Undone are letters typed twice ("đườngg") or in the wrong order ("khôgn"), a tone on the wrong
    vowel ("nghiã"), telex keys left beside letters that have their marks ("nhâtj", "chiềuf"), and
    vowel keys that did not take ("nứoc").
    """
    if len(word) < 3 or not word.isalpha():
        return word
    bare, tone = _toneless(word)
    if word.isascii():  # may be foreign, so only what no foreign word looks like
        single = _DOUBLED.sub(r"\1", word)
        return single if len(word) > 3 and not is_syllable(word) and is_syllable(single) else word
    for likely in (bare, _DOUBLED.sub(r"\1", bare)):
        if fixed := _as_syllable(likely, tone):
            return fixed
    for keys, letter in _SLIPS:
        if keys in bare and (fixed := _as_syllable(bare.replace(keys, letter), tone)):
            return fixed
    for candidate in dict.fromkeys((bare, _DOUBLED.sub(r"\1", bare))):
        for place in range(len(candidate) - 1, 0, -1):
            if (mark := TONES.get(candidate[place])) and (
                fixed := _as_syllable(candidate[:place] + candidate[place + 1 :], tone or mark)
            ):
                return fixed
    return word


def _as_syllable(bare: str, tone: str) -> str | None:
    if not _SYLLABLE.fullmatch(bare) or len(tone) > 1:
        return None
    return _with_tone(bare, tone) if tone else bare


# Short forms of two letters and more; of the single letters only those that mean one thing.
# A fuller list of single letters (b, a, e, c, r, v, h) measured worse: they are initials as often.
TEENCODE = {
    "k": "không", "ko": "không", "kh": "không", "kô": "không", "hok": "không",
    "hông": "không", "hem": "không", "khum": "không", "khg": "không", "kg": "không", "hk": "không",
    "j": "gì", "z": "vậy", "dz": "vậy", "dc": "được", "đc": "được", "dk": "được", "đk": "được",
    "đx": "được", "bn": "bao nhiêu", "bnh": "bao nhiêu", "bnhiu": "bao nhiêu", "bnhiêu": "bao nhiêu",
    "nhiu": "nhiêu", "vs": "với", "wa": "quá", "wá": "quá", "qá": "quá", "mn": "mọi người",
    "ng": "người", "mik": "mình", "mk": "mình", "mjk": "mình", "bjo": "bây giờ", "bh": "bây giờ",
    "bgio": "bây giờ", "ak": "à", "oy": "rồi", "rùi": "rồi", "rui": "rồi", "ntn": "như thế nào",
    "tn": "thế nào", "sdt": "số điện thoại", "sđt": "số điện thoại", "đt": "điện thoại",
    "ks": "khách sạn", "hs": "hải sản", "nc": "nước", "cx": "cũng", "lm": "làm", "lmj": "làm gì",
    "đg": "đường", "đag": "đang", "bit": "biết", "bik": "biết", "bít": "biết", "iu": "yêu",
    "hum": "hôm", "hnay": "hôm nay", "hqua": "hôm qua", "hn": "hôm nay", "trc": "trước",
    "tks": "cảm ơn", "thks": "cảm ơn", "tp": "thành phố", "cccd": "căn cước công dân",
    "nhìu": "nhiều", "ms": "mới", "nhá": "nhé", "hjx": "hix",
    "nx": "nữa", "gòy": "rồi", "dzậy": "vậy", "dợ": "vậy", "uk": "ừ", "uh": "ừ", "okie": "ok", "oke": "ok",
    "okela": "ok", "t7": "thứ bảy", "cn": "chủ nhật", "ctrinh": "chương trình", "pk": "phải không",
}  # fmt: skip


# Foreign words in Vietnamese sentences that would be read as telex.
_FOREIGN = frozenset(
    "taxi bus sos visa gas bar caro sofa list test next var sex seen lofi nasa".split()
)


def normalise_token(word: str, *, vietnamese: bool = True) -> str:
    """`word` as the dictionary spells it, so far as rules can tell: lower case, no stretched letters,
    old tone placement; teencode, telex and slips of typing undone when the message is `vietnamese`."""
    plain = place_tones(_STRETCHED.sub(r"\1", word.lower()))
    if not vietnamese or plain in _FOREIGN:
        return plain
    return TEENCODE.get(plain) or telex(plain) or place_tones(untangle(plain))
