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
    "lat": {"lát", "lạt", "lắt"},
    "thuong": {"thường", "thưởng", "thượng"},
    "cong": {"công", "cộng", "cổng", "cong"},
    "kho": {"kho", "khô", "khổ"},
    "xac": {"xạc"},
    "troi": {"trời", "trội"},
    "hoc": {"học"},
    "lan": {"lan", "lần", "lăn", "làn", "lận", "lặn"},
    "dat": {"đạt", "đất", "đặt", "dát"},
    "bong": {"bóng", "bông", "bong", "bòng"},
    "thay": {"thay", "thầy"},
    "ket": {"kết"},
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
# Of whom nobody speaks who only says "I" or "you".
_DEAR = (
    r"(?:con (?:gai|trai|toi|em|tui|minh|be|nho|cay|choa)|be(?: \w+)?|chau (?:be|noi|ngoai|trai|gai|toi)"
    r"|(?:me|bo|ba|ong|vo|chong|ck|vk|ban)(?: noi| ngoai| xa| than)? (?:toi|em|minh|mik|mk|tui|choa|e|nha)"
    r"|em (?:gai|trai|be|toi)|eng tui|ong (?:cu|gia)|ba (?:cu|gia)|cu (?:ong|ba|gia)|ba noi|ong noi"
    r"|thang (?:be|cu|nhoc|ut|em)|nguoi (?:yeu|nha|than)|hoc sinh|chi gai|anh trai|me tui|me choa)"
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
    r"(?:quan|nha hang|nha|khach san|cho|kho|tang|bep)(?: \w+){0,2} (?:dang |bi )?chay (?:lon|to|du|khoi|het roi)",
    r"chay (?:\w+ ){0,3}khoi (?:mu|den|nghi|boc)",
    r"^(?:xin )?(?:cap cuu|cuu nguoi|cuu voi)\b(?! la| so)|\bgap nan\b(?! la)|\bcuu nan khan",
    r"\bmau (?:me|loang|phun|chay)\b(?! goi)|\btai nan mau\b|\btim tai(?! san| nghe| khoan| lieu)",
    r"\bmac ket (?:trong|tren|duoi|giua|o)|\bket (?:duoi gam|chan|trong (?:xe|phong|wc|nha|thang|hang)|tren (?:da|ghenh|mai))",
    r"\blat (?:up|sup|thuyen|ghe|tau|ca no|cano)\b|(?:cano|ca no|thuyen|sup)(?: \w+){0,2} lat\b(?! dat)",
    r"\bdot nhap nha|\bkhong che (?:mot|nguoi|con tin)|\bhung khi\b|\bcam (?:dao|ma tau)\b|\bhanh hung\b|\bchem (?:chu quan|nguoi|nhau)",
    rf"{_PERSON}(?: \w+){{0,2}} co giat(?! la| ui| do| say)",
    r"\bdam chim\b|(?:thuyen|tau|ghe|xuong)(?: \w+){0,2} chim (?:roi|ngoai|o|con|cach|r)\b",
    r"\bnam bat dong\b|\bnam (?:im|la liet|guc)\b|\blay khong day\b|\bkhong (?:dong day|cu dong)\b",
    r"\bnhoi mau\b|\bdot quy\b(?! la)|\bset danh\b|\bno (?:binh )?(?:gas|khi)\b|\bnguoi bi bong\b(?! gan)",
    r"(?:vua|moi) (?:\w+ ){0,2}(?:gap |bi )tai nan|\bnhay bien tu tu\b|\bnhay xuong cau\b",
    r"\buong (?:\w+ ){0,3}thuoc (?:ngu|sau|tru sau|chuot|diet co)\b(?! loai| gi| nao)",
    r"\bxe (?:(?!suyt)\w+ )?(?:tong|can|dam)(?: \w+){0,3} (?:nguoi|nhau|nam|mau|dam dong)\b",
    r"\bhoc (?:\w+ )?xuong\b|\bnuot (?:pin|dong xu|vat la)|\bsac nuoc\b|\bsac sua\b",
    r"\b(?:khong|ko|het) tho\b|\btho (?:rat )?yeu\b|\bme man\b|\bli bi\b",
    r"(?:nuoc|nac) (?:vao khoang|vo day)|(?:thuyen|tau|ghe)(?: \w+){0,1} thung roi",
    r"\bkeu cuu\b|\bnga guc\b|\bguc (?:xuong|nga)\b|\bxac nguoi\b",
    r"\b(?:no|nỏ|chang|k) tho (?:duoc|noi|nua)|\bkho tho (?:qua|lam|roi|nang)",
    r"\bnguoi (?:\w+ )?bi thuong\b|\bxe (?:\w+ )?(?:bi |vua )?lat (?:\w+ ){0,3}(?:nguoi|bi thuong|ket)",
    rf"{_PERSON}(?: \w+){{0,2}} (?:bi )?(?:roi|te|nga|lot|rot) xuong (?:bien|nuoc|song|cong|ho|gieng|kenh|be boi|muong)",
    r"\bbi ket (?:o )?(?:trong|duoi) (?:thang|xe|nha|phong|dam|cong|ham|tau)",
    r"\b(?:cho dai|ran) can(?: \w+){0,3} (?:roi|mau|chay|sung)",
    r"(?:thuyen|tau|ghe|thung|ca no)(?: \w+){0,1} (?:bi )?lat\b(?! dat)",
    r"chuot rut(?: \w+){0,3} (?:duoi nuoc|ngoai|chim|giua)",
    r"(?:dong|song|nuoc)(?: \w+){0,3} (?:keo|cuon|hut|day) (?:\w+ ){0,2}ra (?:ngoai|xa|khoi|bien)",
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
    r"(?:khách sạn|nhà|quán|chợ|tàu|xe|bếp|kho|tầng)(?: \w+){0,2} cháy(?! hàng| nắng| máy| da| túi| khét| chậm| tỏi| vé)",
    r"chới với|bất động(?! sản)|vỡ ối|tự tử|tự sát|tím (?:tái|ngắt|đen)|chìm (?:nghỉm|rồi|xuống|dần)|bị chém rồi máu",
    r"(?<!đồ )co giật|chết ngất|(?<!có )trôi (?:xa|ra) (?:bờ|khơi|biển)|bị (?:cướp giật|bỏng nặng)",
    r"lên cơn (?:đau|co giật|động kinh|hen|khó thở|nhồi|suy)",
    r"(?:dòng|sóng|nước)(?: \w+){0,3} (?:kéo|cuốn|hút|đẩy) (?:\w+ ){0,2}ra (?:ngoài|xa|khơi|biển)",
    r"(?:rơi|té|ngã|lọt|rớt) xuống (?:hồ|hố|ao)",
    r"chuột rút(?: \w+){0,3} (?:dưới nước|ngoài|chìm|giữa)",
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
    r"\b(?:is|are|caught|on|s) (?:on )?fire\b(?! works| allowed| place| safety)|\bhelp (?:\w+ )?fire\b|\bburning (?:down|building|house)",
    r"\bboat (?:is |has |just )?(?:sinking|sank|capsi[sz]ed|overturned|flipped)|\bsinking\b",
    r"\b(?:call|send|need) (?:an |the )?ambulance (?:now|quick|please|right|fast|here|for)|\bneed an ambulance\b",
    r"\b(?:being|was|got) (?:robbed|stabbed|raped|attacked|kidnapped)\b",
    r"\b(?:car|bike|motorbike|traffic|road) (?:crash|accident)\b(?= .*\b(?:hurt|blood|now|injur|help|leg|man|woman|lying)\w*)",
    r"\b(?:swimmer|he|she|they|man|woman|kid|boy|girl|son|daughter|s)(?: \w+){0,3} (?:going|went) under(?! the)",
    r"\b(?:swimmer|swimming|swimmers)\b.*\bin trouble|\bin trouble (?:in|out at) (?:the )?(?:water|sea|waves)",
    r"^emergency\b(?! (?:number|contact|exit|call|phone|room|line))|\bgas explosion\b|\bexplosion (?:in|at)\b",
    r"\bchest pain\b|\b(?:kid|child|man|woman|people|someone|he|she|we|i)(?: \w+){0,2} trapped\b|\bcapsi[sz]ed\b",
    r"\bboat (?:is )?upside down\b|\bpeople in (?:the )?water\b|\b(?:a|theres|is) fire in (?:our|my|the)\b",
    r"\bsave (?:me|him|her|us)\b|^(?:please )?help ?(?:me )?(?:please )?[!]+",
]
_LOST_FOLDED = [
    rf"(?<!lien )(?<!cau )(?<!cu )(?<!keo )(?<!that )\b(?:bi |di )?lac (?:mat |nhau |dau )?(?:mat )?{_FAMILY}\b(?! da\b| rang| quan)",
    rf"{_FAMILY}(?: \w+){{0,5}} (?:bi|di|da|vua|dang|dau|cho)(?: di| bi)? (?:that )?lac(?! quan| hau| da\b| rang| de\b| duong den)(?! duong)",
    rf"\b(?:khong|ko|k|chua|chang|nỏ|no) (?:tim )?(?:thay|ra) {_FAMILY}(?: \w+)? (?:dau|toi|em|minh|nua|ve|o|cua|nha|tui|con|dua)\b",
    rf"{_FAMILY}(?: \w+){{0,2}} lac (?:o|tai|giua|trong|ngoai|mo|dau|mat)\b",
    rf"{_DEAR}(?: \w+){{0,6}} lac (?:roi|luc|khi|cho|gia dinh|quanh|tu|vo|doan)\b",
    r"\bthat lac (?:gia dinh|doan|nguoi|me|con)\b|^(?:\w+ )?lac (?:mat )?(?:doan|ba me|bo me)\b",
    rf"{_DEAR}(?: \w+){{0,10}} mat (?:hut|dang|tieu)\b",
    rf"{_DEAR}(?: \w+){{0,12}} (?:chua|khong) (?:thay |cho )?(?:ve|quay lai)\b(?! nuoc)",
    rf"{_DEAR}(?: \w+){{0,6}} bo (?:di|nha)\b(?! bo| cho)",
    rf"{_DEAR}(?: \w+){{0,12}} (?:(?:khong|k) lien lac duoc|mat lien lac|tat may|tat dien thoai)",
    r"(?:giu|nhat|luom|gap|thay|cho|dat)(?: duoc| mot| 1| chau| thang| em| dua)* (?:be|tre|cu|con nit)(?: \w+){0,9} (?:khoc|khong (?:nho|biet|ro)|k nho|cha ma|con ai|con nha)\b",
    r"\b(?:be|tre|dua be|em be)(?: \w+){0,6} khoc (?:tim|doi|mot minh)|\bkhoc (?:tim|doi) me\b",
    r"\bthieu (?:mat )?(?:mot|1) (?:ban|nguoi|em|khach|dua|hoc sinh)\b",
    r"\btim (?:giup |gium |giúp )?(?:nguoi than|chau (?:trai|gai|be)|be (?:bo|na|trai|gai)|ong (?:noi|ngoai|cu)|ba (?:noi|ngoai|cu)|cu (?:ong|ba))\b",
    r"\bai thay (?:be|ong|ba|cu ong|cu ba|thang (?:be|em|cu)|con be|em be|chau) ?",
    r"\bbi lan\b(?: \w+){0,3} (?:di|ra|bo|dau|roi|lac)\b",
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
    r"\bmissing since\b|\bmissing (?:person|traveller|tourist)\b|\broommate vanished\b",
    rf"\b{_KIN}\b(?: \w+){{0,6}} (?:not|never|hasnt|didnt) (?:come|came|return(?:ed)?)\b",
    rf"\b{_KIN}\b(?: \w+){{0,6}} (?:walked out|wandered off|vanished)\b",
    r"\b(?:child|kid|girl|boy|baby)\b(?: \w+){0,3} alone\b|\balone\b.*\bno (?:parents?|mother|mom)\b",
    r"\bseparated from (?:my|our|the) (?:\w+ )?(?:tour|group|family|guide)\b",
    r"\bfound an? (?:elderly|old) \w+.*\b(?:remember|lost|confused)\b",
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
