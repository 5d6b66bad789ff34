"""Which language a message is written in: Vietnamese, English, or too little to tell."""

from collections.abc import Iterable
from typing import Optional

from components.text import clean, words

_MARKED = frozenset("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")

# Words that one language has and the other, written without marks, has not.
_ENGLISH = frozenset(
    """the is are am was agree exit form nope wrong again solve thx found worst chatbot visit
    temple hour until any used were be been what where when which who why how do does did can
    could should would will my your we you they he she it its this that these those there here
    and or but for from with without to of in on at by about please hello hi hey thanks thank
    yes no not have has had want need find some tell show get give beach hotel food eat swim
    swimming safe water today tomorrow weather police help lost child english speak open close
    near next much many i'm im me us good bad boat island restaurant room price cheap best time
    number report street light someone drowning bye goodbye sorry okay morning evening really
    bot robot human person talk news flag sea wave storm if just now then than road send sent
    still stop start see look know""".split()
)
_VIETNAMESE = frozenset(
    """toi ban minh anh chi em con chau bac ong ba nha khong ko co duoc dc la cua va hay thi ma gi
    nao dau sao bao nhieu may gio hom nay mai bien tam nuoc bai duong xin cho hoi voi roi chua
    den di ve an ngu choi xem muon can biet nguoi day kia do nhe ạ oi vay the nhu trong ngoai
    tren duoi phuong xa khach san quan rac dien giup viec lam giay to cam on chao tieng viet mua
    gia bi mo te rang rua khi hoc sinh nghi lan sau ghe lai ca dem len xuong ra vao dang se da""".split()
)


def language_of(text: str) -> str | None:
    """ "vi" or "en" when the words tell, None when they do not ("ok", "pizza", "112")."""
    lowered = clean(text).lower()
    if any(letter in _MARKED for letter in lowered):
        return "vi"
    found = words(lowered)
    english = sum(word in _ENGLISH for word in found)
    vietnamese = sum(word in _VIETNAMESE for word in found)
    if english == vietnamese:
        return None
    return "en" if english > vietnamese else "vi"


def language_of_answer(
    chosen: Optional[str], texts_latest_first: Iterable[str], hint: Optional[str]
) -> str:
    """The language to answer in: "vi" or "en".

    What the person chose in so many words holds; else the language of the latest message that
    tells one (a pressed button's payload tells none); else the `hint` of the app; else Vietnamese.
    """
    if chosen:
        return chosen
    typed = (text for text in texts_latest_first if not text.startswith("/"))
    told = next((language for text in typed if (language := language_of(text))), None)
    return told or (hint if hint == "en" else "vi")
