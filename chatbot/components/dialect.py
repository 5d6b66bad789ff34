"""Words of Nghệ Tĩnh in the standard language: for the reading of whole sentences, not of names."""

from collections.abc import Sequence

# These are words of the dialect and of nothing else.
_SURELY = {
    "mô": "đâu", "rứa": "thế", "nỏ": "không", "nác": "nước", "mần": "làm", "bựa": "hôm",
    "chộ": "thấy", "nhởi": "chơi", "choa": "chúng tôi", "hấn": "nó", "chừ": "bây giờ",
    "dừ": "bây giờ", "nớ": "đó", "nựa": "nữa", "cấy": "cái", "đàng": "đường", "eng": "anh",
    "hầy": "nhỉ", "tui": "tôi", "mệ": "bà", "trốc": "đầu", "ngái": "xa", "mơi": "mai", "lả": "lửa",
    "răng rứa": "sao thế", "khi mô": "khi nào", "chi rứa": "gì thế", "mần răng": "làm sao",
    "túi ni": "tối nay", "bựa ni": "hôm nay", "bữa ni": "hôm nay", "hôm ni": "hôm nay",
    "chiều ni": "chiều nay", "tuần ni": "tuần này", "tháng ni": "tháng này", "mùa ni": "mùa này",
    "ở mô": "ở đâu", "chỗ mô": "chỗ nào", "đi mô": "đi đâu", "người mô": "người nào",
    "bựa mốt": "ngày kia", "bựa tê": "hôm kia", "bựa qua": "hôm qua", "lúc mô": "lúc nào",
    "chúng choa": "chúng tôi", "bầy choa": "chúng tôi", "bầy tui": "chúng tôi",
}  # fmt: skip
# And these only beside one of those: "răng" is also a tooth, "túi" a bag, "hè" the summer.
_AMONG_THEM = {
    "răng": "sao", "chi": "gì", "ni": "này", "tê": "kia", "túi": "tối", "bể": "biển", "ri": "thế này",
    "hè": "nhỉ", "hỉ": "nhỉ", "o": "cô", "mi": "bạn", "ngài": "người", "mạ": "mẹ",
}  # fmt: skip
_OF_TEETH = frozenset("đau khám nhổ sâu đánh mọc bàn kem trồng niềng".split())


def in_standard(words: Sequence[str]) -> list[str]:
    """`words`, spelt with their marks, in standard Vietnamese where they are of the dialect."""
    known = {**_SURELY, **_AMONG_THEM} if any(word in _SURELY for word in words) else _SURELY
    found, at = [], 0
    while at < len(words):
        if words[at] == "răng" and at and words[at - 1] in _OF_TEETH:
            found.append("răng")
            at += 1
            continue
        pair = " ".join(words[at : at + 2])
        if pair in known and " " in pair:
            found.append(known[pair])
            at += 2
        else:
            found.append(known.get(words[at], words[at]))
            at += 1
    return found
