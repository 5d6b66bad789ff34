"""Answers from what editors publish: questions and answers, procedures, guides, notices."""

from typing import Optional

from actions.answer import Answer, Json, Turn, day, link, source
from actions.retrieval import Found, look_up, plain

_LONGEST = 700
_SHOWN = 3
_NOTHING = "utter_search_nothing"
_PARTS = ("documents", "steps", "fee", "duration", "office")


def say_article(turn: Turn, article: Json) -> None:
    """One notice or guide: title, date, summary, link."""
    summary = article.get("summary") or shortened(plain(article.get("body_html") or ""))
    turn.say(
        "utter_article",
        title=article.get("title"),
        summary=summary,
        date=day(article.get("published_at") or article.get("updated_at")),
        links=link(article),
        sources=[source("article", article)],
    )
    if article.get("is_sample"):
        turn.say("utter_sample_data")


def shortened(text: str, most: int = _LONGEST) -> str:
    """`text`, cut after a word if it is longer than `most`."""
    return text if len(text) <= most else text[:most].rsplit(None, 1)[0] + "…"


async def say_found(turn: Turn, found: list[Found]) -> None:
    """The best finding in full where it is an article, and the titles of the next."""
    best = found[0].item
    if best.get("type") == "article":
        article = await turn.api.get(f"/articles/{best['id']}") or best
        if article.get("procedure"):
            _say_procedure(turn, article)
        elif article.get("kind") == "faq":
            turn.say(
                "utter_faq",
                title=article.get("title"),
                body=shortened(
                    plain(article.get("body_html") or "") or article.get("summary") or ""
                ),
                date=day(article.get("updated_at")),
                links=link(article),
                sources=[source("article", article)],
            )
            if article.get("is_sample"):
                turn.say("utter_sample_data")
        else:
            say_article(turn, article)
    elif best.get("type") == "place":
        place = await turn.api.get(f"/places/{best['id']}") or best
        turn.remember(place={"slug": place.get("slug"), "name": place.get("name")})
        turn.say(
            "utter_place_info",
            name=place.get("name") or place.get("title"),
            summary=" ".join(filter(None, (place.get("summary"), place.get("description")))),
            date=day(place.get("updated_at")),
            links=link(best),
            sources=[source("place", place)],
        )
        if place.get("is_sample"):
            turn.say("utter_sample_data")
    else:
        _say_hit(turn, best)
    close = [
        each
        for each in found[1:_SHOWN]
        if each.score >= 0.85 * found[0].score and each.by_words >= 0.5
    ]
    if close:
        turn.say("utter_see_also")
        for each in close:
            _say_hit(turn, each.item)


def _say_hit(turn: Turn, hit: Json) -> None:
    turn.say(
        "utter_search_hit",
        title=hit.get("title"),
        date=day(hit.get("updated_at")),
        links=link(hit),
        sources=[source(hit.get("type") or "page", hit)],
    )


def _say_procedure(turn: Turn, article: Json) -> None:
    turn.say(
        "utter_procedure",
        title=article.get("title"),
        date=day(article.get("updated_at")),
        links=link(article),
        sources=[source("article", article)],
    )
    for part in _PARTS:
        if words := plain((article.get("procedure") or {}).get(part) or ""):
            turn.say(f"utter_procedure_{part}", words=shortened(words))
    if article.get("is_sample"):
        turn.say("utter_sample_data")


class Published(Answer):
    """Any question whose answer editors write: what fits it best, else that nothing is known.

    `kinds`: of which kinds of articles; all that is published without any. `topic`: whose latest
    notices answer as well. `also`: what is looked up when the person's own words find nothing.
    """

    def __init__(
        self,
        *,
        kinds: tuple[str, ...] = (),
        topic: Optional[str] = None,
        also: Optional[dict[str, str]] = None,
        unknown: str = _NOTHING,
    ) -> None:
        self.kinds, self.topic, self.also, self.unknown = kinds, topic, also or {}, unknown

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """What was found, with dates and links; or that nothing is known."""
        question = turn.text or turn.entity("procedure", "item", "place_name", "place_type") or ""
        found = await look_up(turn, question, kinds=self.kinds) if question else []
        if found:
            await say_found(turn, found)
            return None
        if self.topic:
            notices = await turn.api.items("/articles", topic=self.topic, limit=_SHOWN)
            if notices:
                turn.say("utter_topic_latest")
            for notice in notices:
                say_article(turn, notice)
            if notices:
                return None
        also = self.also.get(turn.language)
        if also and (found := await look_up(turn, also)):
            await say_found(turn, found)
            return None
        turn.fail(self.unknown, lost=self.unknown == _NOTHING)
        return None


async def try_published(turn: Turn) -> bool:
    """Answer a question that was hardly understood, if something published surely fits it."""
    found = await look_up(turn, turn.text) if turn.text else []
    sure = [each for each in found if each.is_sure]
    if sure:
        await say_found(turn, sure)
    return bool(sure)


class Announcements(Answer):
    """What the town has announced lately."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The latest three, the pinned first as the API orders them."""
        notices = await turn.api.items("/articles", kind="announcement", limit=_SHOWN)
        if notices:
            turn.say("utter_announcements")
        else:
            turn.fail("utter_no_announcements")
        for notice in notices:
            say_article(turn, notice)
        return None


class AboutTown(Answer):
    """What the town is, from its own pages."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """What fits the question best; else the guides and pages about the town."""
        found = await look_up(turn, turn.text, kinds=("guide", "page", "faq")) if turn.text else []
        if found:
            await say_found(turn, found)
            return None
        articles: list[Json] = []
        for kind in ("guide", "page"):
            articles += await turn.api.items("/articles", kind=kind, limit=2)
        for article in articles[:_SHOWN]:
            say_article(turn, article)
        if not articles:
            turn.fail(_NOTHING, lost=True)
        return None
