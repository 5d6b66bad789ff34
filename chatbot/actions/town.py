"""The town: announcements, guides, offices; and the search that answers all other questions."""

from typing import Optional

from actions.answer import Answer, Json, Turn, clock, day, link, source


def _say_article(turn: Turn, article: Json) -> None:
    turn.say(
        "utter_article",
        title=article.get("title"),
        summary=article.get("summary") or "",
        date=day(article.get("published_at") or article.get("updated_at")),
        links=link(article),
        sources=[source("article", article)],
    )


class Announcements(Answer):
    """What the town has announced lately."""

    action = "action_announcements"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The latest three, the pinned first as the API orders them."""
        notices = await turn.api.items("/articles", kind="announcement", limit=3)
        turn.say("utter_announcements" if notices else "utter_no_announcements")
        for notice in notices:
            _say_article(turn, notice)
        return None


class AboutTown(Answer):
    """What the town is, from its own pages."""

    action = "action_about_town"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The guides and pages that fit the question best."""
        articles: list[Json] = []
        for kind in ("guide", "page"):
            articles += await turn.api.items("/articles", kind=kind, limit=2)
        for article in articles[:3]:
            _say_article(turn, article)
        if not articles:
            turn.say("utter_search_nothing")
        return None


class Contact(Answer):
    """The phone or address of an office."""

    action = "action_contact"
    response = "utter_contact"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The offices that are known; of what is not known, that it is not."""
        contacts = [c for c in await turn.api.items("/contacts") if c.get("kind") == "office"]
        known = [c for c in contacts if c.get("phone") or c.get("address")]
        if not known:
            turn.say(f"{self.response}_unknown")
            return None
        lines = "\n".join(
            "• " + ", ".join(str(c[part]) for part in ("name", "phone", "address") if c.get(part))
            for c in known
        )
        latest = max(str(c.get("updated_at") or "") for c in known)
        turn.say(
            self.response,
            lines=lines,
            time=clock(latest),
            date=day(latest),
            sources=[source("contact", c) for c in known],
        )
        return None


class ContactHuman(Contact):
    """A person instead of the bot: no officer answers here, so where one does."""

    action = "action_contact_human"
    response = "utter_human"
    when_down = "utter_human_unknown"
    asks_back = False


class Notifications(Answer):
    """How to get, or stop, notifications: each device decides for itself."""

    action = "action_notifications"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Where the setting is."""
        turn.say(f"utter_{turn.intent}")
        return None


class Search(Answer):
    """Any question of the town that has no answer of its own: what the search finds."""

    action = "action_search"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """At most three findings with their dates and links, or that nothing is known."""
        query = turn.text or turn.entity("place_name", "item", "procedure", "place_type") or ""
        found = await turn.api.items("/search", q=query[:200], limit=3) if query else []
        if not found:
            turn.say("utter_search_nothing")
            return None
        turn.say("utter_search_found")
        for hit in found[:3]:
            turn.say(
                "utter_search_hit",
                title=hit.get("title"),
                date=day(hit.get("updated_at")),
                links=link(hit),
                sources=[source(hit.get("type") or "page", hit)],
            )
        return None
