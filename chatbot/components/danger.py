"""Words that mean danger now, found by rules before any model is asked.

A model may miss one phrasing in ten; a person who is drowning has no second try. The rules read
the folded words, so they hold for any spelling, and give way where a marked word says something
else ("dưới nước" is under water, "đuối nước" is drowning). Too many alarms cost a phone number
shown in vain; too few cost more.
"""

import re

from components.text import clean, fold, normalise_token, place_tones

EMERGENCY = "report_emergency"
LOST_PERSON = "report_lost_person"

_WORD = re.compile(r"[^\W_]+|[!?]")

# What these words mean when their marks are there, by the folded word of a rule.
_OTHER_MEANINGS = {
    "duoi": {"dưới", "đuổi", "đuôi", "dười"},
    "chay": {"chạy", "chày"},
    "chim": {"chim"},
    "cuu": {"cừu", "cửu"},
    "voi": {"vôi", "vòi", "voi"},
    "nga": {"ngà", "nga", "ngả"},
    "can": {"cần", "cân", "cạn", "căn", "can"},
    "lac": {"lắc", "lác"},
    "mat": {"mắt", "mát", "mặt", "mật"},
    "be": {"bè", "bể", "bệ", "bê", "be"},
    "me": {"mê", "mè"},
    "ba": {"ba", "bả"},
    "ong": {"ong", "ống"},
    "con": {"cơn", "côn", "cồn"},
    "chau": {"châu", "chậu", "chầu"},
    "ban": {"bán", "bản", "bàn", "ban"},
    "bo": {"bò", "bó", "bơ", "bờ", "bộ", "bỏ"},
    "ho": {"hồ", "hố", "hổ"},
    "chet": {"chét"},
    "mau": {"màu", "mẫu", "mau"},
    "ngat": {"ngát", "ngắt"},
    "vo": {"vỏ", "vô", "võ", "vỗ"},
    "em": {"êm"},
    "tho": {"thơ", "thợ", "thờ", "thỏ", "thọ"},
    "chi": {"chi", "chỉ"},
    "co": {"cờ", "cổ", "cỏ", "cơ"},
}

_PERSON = (
    r"(?:nguoi|be|con|chau|em|anh|chi|ong|ba|me|bo|ban|vo|chong|khach|hoc sinh|tre(?: em| con)?"
    r"|thang(?: be| cu| con)?|cu|co|di|chu|bac|may dua|dua|mot ai|ai do|tui|minh|toi|bon tre)"
)
_FAMILY = (
    r"(?:con(?: (?:gai|trai|em|toi|minh|be|nho|chau))*|be(?: (?:gai|trai|nha|con|nho))*|chau|em|me|bo"
    r"|ong|ba|vo|chong|thang(?: be| cu| con)?|dua|tre(?: em| con| nho)?|nguoi(?: nha| than| gia)?"
    r"|bac|cu|chi|anh|di|cau|ban(?: gai| trai| toi| em| minh)?)"
)
_KIN = (
    r"(?:son|daughter|child|kid|kids|children|baby|boy|girl|wife|husband|mother|father|mom|mum|dad"
    r"|grand\w+|brother|sister|friend|husband|person|toddler|niece|nephew|uncle|aunt)"
)

_EMERGENCY_FOLDED = [
    rf"\b{_PERSON}(?: \w+){{0,2}} (?:bi |dang |sap |sap bi |dang bi )?duoi(?: nuoc| suc| roi| o| ngoai)",
    r"\b(?:chet|sap|dang|cuu|vot) duoi(?! theo| bat| hinh)\b|\bbi duoi (?:nuoc|suc|o bai)",
    rf"{_PERSON}(?: \w+){{0,3}} (?:bi |dang |sap )?chim(?! canh| dao)(?: nghim| xuong| roi| duoi| dan|$| [!?])",
    r"(?:dang|sap|bi) chim(?! trong)\b",
    r"(?:chim|lat|up|dam) (?:tau|thuyen|ghe|xuong|ca no)(?: \w+){0,2} (?:roi|o|ngoai|cuu|co nguoi)",
    r"(?:tau|thuyen|ghe|xuong|ca no|sup)(?: \w+){0,4} (?:bi |dang |vua |sap )(?:lat|chim|up)\b",
    r"bi (?:song|nuoc|dong|hai luu)(?: \w+){0,2} (?:cuon|keo|danh|hut|loi|dua)(?! vao bo roi)",
    r"\b(?:cuon|troi|dang troi) (?:troi )?ra (?:xa|khoi|bien|ngoai)|\bbi (?:keo|dat|hut) ra (?:xa|khoi)",
    r"\btroi xa bo\b",
    r"(?:dang|bi) cuon (?:troi|di|ra)",
    r"cuu (?:voi|toi|em|minh|mang|tui|nguoi (?:voi|di|nhanh)|con (?:toi|em|tui|minh)|chau voi)(?! ho)\b",
    r"\b(?:nguoi|be|con|me|bo|ong|ba|nam) (?:bi )?(?:ngat|xiu)(?! ngay)\b|ngat xiu|\bbat tinh\b",
    r"(?:ngung|ngung|khong|ko|het) tho (?:duoc|noi|nua)|ngung tho|ngung tim|tim ngung",
    r"(?:bi|len con|con|dang|nghi) (?:dot quy|nhoi mau|co giat|dong kinh|dau tim)",
    r"chay(?: nhieu| rat nhieu| qua nhieu)? mau(?: nhieu| qua| dam| khong cam| ko cam| dau| roi)(?! goi)",
    r"mau (?:chay|ra) (?:nhieu|qua|khong|ko|le lang|rong|xoi)",
    r"\b(?:gay|dut|dap) (?:tay|chan|co|xuong)(?: roi| dang| khong| ko| can)",
    r"bi (?:sua|ran|cho dai|meduza|medusa|nhum)(?: bien)? (?:can|dot|chich|chich|dam)",
    r"(?:bi|dang) dien giat|dien giat nguoi",
    r"(?:bi|dang) hoc (?:xuong|keo|di vat|hat|vien)|\bhoc (?:vien keo|keo|di vat)",
    r"(?:boc|phat|bi|dam) chay(?! nang| da| mau| nuoc| may| theo)(?: lon| to| roi| nha| du|$| [!?]| o| tren| tai| may)",
    r"chay (?:nha|rung|quan|khach san|kiot|ki ot|bep|cho|thuyen|tau) (?:roi|o|gan|ke|canh|ben|cuu|goi|to|lon|toi|nghi)",
    r"\bhoa hoan\b(?! la)|no (?:binh )?gas|ro ri gas|xi gas|mui gas",
    r"(?:dang|dinh|muon|sap) (?:nhay cau|tu tu|tu sat|nhay lau)",
    r"(?:bi|dang bi|dang) (?:danh hoi dong|dam|cuop|hiep dam|bat coc|duoi chem|danh dap)\b(?! gia| da)",
    r"(?:vua|dang|moi|co) (?:\w+ ){0,3}tai nan(?! la)(?: \w+){0,6} (?:nang|roi|mau|ngat|gay|gap|cap cuu)",
    r"(?:goi|can|cho|xin) (?:giup |ngay |gap |mot |xe )*(?:cap cuu|xe cuu thuong) (?:gap|ngay|voi|nhanh|den|toi)",
]
_EMERGENCY_MARKED = [
    r"(?<!chống )(?<!tránh )đuối nước(?! là| có| thì gọi)",
    r"(?:đang|bốc|nhà|quán|rừng|xe|bếp|chợ|kho|tàu|vụ) cháy(?! hàng| nắng| máy| da| túi| khét| chậm)",
    r"cháy (?:rồi|to|lớn|nhà|rừng|quán|khách sạn|xe|chợ|kho|ở)(?! là)",
    r"(?:đang|sắp|bị) (?:chìm|đuối)",
]
_EMERGENCY_ENGLISH = [
    r"\bdrown(?:ing|ed|s)?\b|^sos\b",
    r"\b(?:swept|pulled|dragged|carried|washed|drifting) (?:away |out )?(?:out )?(?:to|from|by|into|in) (?:the |a )?(?:sea|shore|wave|waves|current|rip|water|beach)",
    r"\b(?:swept|drifting|dragged) (?:away|out)\b",
    r"(?:caught|stuck|trapped) in (?:a |the )?(?:rip|current|waves|water|fire|elevator|lift)",
    r"\bunconscious\b|\bnot breathing\b|\bcan ?(?:t|not) breathe\b|\bcollapsed\b|\bpassed out\b|\bfainted\b",
    r"\bbleeding\b|\bheart attack\b|\bstroke right now\b|\bseizure\b|\bchoking\b",
    r"\bbroke(?:n)? (?:my|his|her|a|the) (?:leg|arm|neck|back|ankle)",
    r"\bstung by\b|\bjellyfish sting\b|\bsnake bit\w*\b|\bbitten by\b",
    r"\b(?:is|are|caught|on|s) (?:on )?fire\b(?! works| allowed| place)|\bhelp (?:\w+ )?fire\b|\bburning (?:down|building|house)",
    r"\bboat (?:is |has |just )?(?:sinking|sank|capsi[sz]ed|overturned|flipped)|\bsinking\b",
    r"\b(?:call|send|need) (?:an |the )?ambulance (?:now|quick|please|right|fast|here|for)|\bneed an ambulance\b",
    r"\b(?:being|was|got) (?:robbed|stabbed|raped|attacked|kidnapped)\b",
    r"\b(?:car|bike|motorbike|traffic|road) (?:crash|accident)\b(?= .*\b(?:hurt|blood|now|injur|help|leg|man|woman|lying)\w*)",
    r"\bsave (?:me|him|her|us)\b|^(?:please )?help ?(?:me )?(?:please )?[!]+",
]
_LOST_FOLDED = [
    rf"(?<!lien )(?<!cau )(?<!cu )(?<!keo )(?<!that )\b(?:bi |di )?lac (?:mat |nhau |dau )?(?:mat )?{_FAMILY}\b(?! da\b| rang| quan)",
    rf"{_FAMILY}(?: \w+){{0,5}} (?:bi|di|da|vua|dang|dau|cho)(?: di| bi)? (?:that )?lac(?! quan| hau| da\b| rang| de\b| duong den)(?! duong)",
    rf"\b(?:khong|ko|k|chua|chang|nỏ|no) (?:tim )?(?:thay|ra) {_FAMILY}(?: \w+)? (?:dau|toi|em|minh|nua|ve|o|cua|nha|tui|con|dua)\b",
    rf"{_FAMILY}(?: \w+){{0,4}} mat tich|\bmat tich\b",
    r"(?:tre|be|chau be|em be|nguoi gia|cu gia)(?: \w+){0,2} (?:di |bi )?lac\b(?! da\b| rang)",
    r"(?:tim|nhat|thay|gap|giu|bat) (?:duoc |thay |mot |1 )*(?:chau be|em be|be|dua be|tre|tre em)(?: \w+){0,3} (?:lac|di mot minh|khong co nguoi|khoc)",
    r"(?:lac|mat dau|khong thay) (?:con|chau|be) (?:toi|tui|em|minh|roi|gai|trai|o|giua)",
    r"\btim (?:nguoi|tre|be|con|chau) (?:bi |di )?(?:lac|that lac)",
]
_LOST_ENGLISH = [
    rf"\b(?:lost|missing|can ?(?:t|not) find|cannot find|lose|separated from|looking for) (?:my|our|his|her|a|the) (?:\w+ ){{0,2}}{_KIN}\b(?! friendly)",
    rf"\b{_KIN} (?:\w+ ){{0,3}}(?:is|are|has|have|went|gone|got|went) (?:\w+ ){{0,1}}(?:lost|missing|disappeared|gone missing)",
    rf"\b(?:missing|lost) {_KIN}\b",
    rf"\bfound (?:a |this )?(?:lost |little |small |crying )*{_KIN}\b(?= .*\b(?:alone|lost|crying|parents?|cry)\b)",
]

_SURELY_FOOD = re.compile(
    r"\b(?:cu|hat|dau|keo|banh|vung|muoi|rang|luoc|com|mua|ban|an) lac\b|lac (?:rang|luoc|da\b)"
)
# Questions about help in general, not cries for it.
_IN_GENERAL = re.compile(
    r"\b(?:neu|khi|lo|phong khi|cach|huong dan|ky nang|so che|so cuu|lop|bao nhieu vu|tung|nam ngoai|nam nao"
    r"|thong ke|hay bi|co bao gio|what if|in case|how to|if (?:i|someone|my|a|we)|what number|which number"
    r"|phong chong|tai lieu|so may|so nao|so dien thoai|hotline|duong day nong|has anyone|ever|tai sao|vi sao|phim|ke chuyen)\b"
)  # fmt: skip


def _spoken(text: str) -> str:
    tokens = (normalise_token(word) if word.isalpha() else word for word in _WORD.findall(text))
    return " ".join(tokens)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_FOLDED = {EMERGENCY: _any(_EMERGENCY_FOLDED), LOST_PERSON: _any(_LOST_FOLDED)}
_ENGLISH = {EMERGENCY: _any(_EMERGENCY_ENGLISH), LOST_PERSON: _any(_LOST_ENGLISH)}
_MARKED = _any([place_tones(pattern) for pattern in _EMERGENCY_MARKED])


def _means_it(spoken: str, start: int, end: int) -> bool:
    if spoken == fold(spoken):
        return True  # no marks at all, so they tell nothing
    return not any(
        word in _OTHER_MEANINGS.get(fold(word), ()) for word in spoken[start:end].split()
    )


def danger_in(text: str) -> str | None:
    """ "report_emergency" or "report_lost_person" when `text` says so in any spelling, else None."""
    text = clean(text).lower()
    english = " ".join(_WORD.findall(text.replace("'", "").replace("’", "")))
    spoken = _spoken(text)
    folded = fold(spoken)
    if _IN_GENERAL.search(folded) or _IN_GENERAL.search(english):
        return None
    if _MARKED.search(spoken):
        return EMERGENCY
    for intent in (EMERGENCY, LOST_PERSON):
        for match in _FOLDED[intent].finditer(folded):
            food = intent == LOST_PERSON and _SURELY_FOOD.search(folded)
            if not food and _means_it(spoken, match.start(), match.end()):
                return intent
        if _ENGLISH[intent].search(english):
            return intent
    return None
