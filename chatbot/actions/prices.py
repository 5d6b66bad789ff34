"""What things cost: posted prices alone, each with who posted it and since when."""

from typing import Any, Optional

from actions.answer import Answer, Json, Turn, day, link, mentions, place_link, source
from actions.places import meant
from actions.published import say_found
from actions.retrieval import content_words, coverage, look_up
from components.text import fold

_SHOWN = 6
_ALIKE = 0.5
_RIDES = ("xe dien", "taxi", "xe om", "xe may", "xe dap", "xe buyt", "electric", "bus", "bicycle")
_ASKING = frozenset(
    """gia bao nhieu tien dong mot cai kg ky can con nguoi luot gio dem ngay phong thue mua dat re
    co the het mat tinh price cost costs much pay rent hire per one for hour day vnd""".split()
)


def money(vnd: Any) -> str:
    """ "60.000" for 60000."""
    return f"{int(vnd):,}".replace(",", ".")


def amount(price: Json) -> str:
    """The price, or from which to which."""
    low, high = price.get("price_vnd"), price.get("price_max_vnd")
    return money(low) if not high or high == low else f"{money(low)}–{money(high)}"


def _thing(turn: Turn) -> str:
    if item := turn.typed("item"):
        return item
    named = [word for word in content_words(turn.text) if fold(word) not in _ASKING]
    return " ".join(named) or turn.entity("place_type", "place_name") or ""


class Price(Answer):
    """What something should cost."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The posted prices of the thing, at the place if one is named; or that none is posted."""
        thing = _thing(turn)
        prices = await turn.api.items("/prices", item=thing[:100], limit=_SHOWN) if thing else []
        # The API forgives missing marks; a crab (ghẹ) is no chair (ghế) to who wrote the marks.
        asked = content_words(thing)
        prices = [p for p in prices if coverage(asked, str(p.get("item"))) >= _ALIKE]
        if thing and not prices:
            prices = await self._alike(turn, thing)
        if named := turn.entity("place_name"):
            there = [p for p in prices if p.get("place") and mentions(p["place"]["name"], named)]
            prices = there or prices
        if not prices:
            turn.fail("utter_price_unknown", item=thing or "?")
            return None
        say_prices(turn, prices)
        return None

    async def _alike(self, turn: Turn, thing: str) -> list[Json]:
        posted = await turn.api.items("/prices", limit=100)
        asked = content_words(thing)
        return [p for p in posted if coverage(asked, str(p.get("item"))) >= _ALIKE][:_SHOWN]


def say_prices(turn: Turn, prices: list[Json]) -> None:
    """The posted prices, a line each, with sources and dates."""
    lines = []
    for price in prices:
        where = (price.get("place") or {}).get("name")
        line = f"• {price['item']}: {amount(price)} đ"
        line += f" / {price['unit']}" if price.get("unit") else ""
        line += f" – {where}" if where else ""
        lines.append(line)
    first = prices[0]
    turn.say(
        "utter_prices",
        lines="\n".join(lines),
        source_name=first.get("source") or first.get("posted_by") or "–",
        date=day(first.get("valid_from")) if first.get("valid_from") else "–",
        updated=day(first.get("updated_at")),
        links=[each for price in prices[:2] for each in link(price)],
        sources=[source("price", {**price, "title": price["item"]}) for price in prices],
    )
    if any(price.get("is_sample") for price in prices):
        turn.say("utter_sample_data")


class TicketPrice(Answer):
    """The entrance fee of a sight or a show."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """What is posted for the place, else what its page says of it; else that it is unknown."""
        place, _others = await meant(turn)
        if place is None:
            return await Price().answer(turn)
        prices = place.get("prices") or await turn.api.items(
            "/prices", place=place["slug"], limit=5
        )
        turn.remember(place={"slug": place["slug"], "name": place["name"]})
        if prices:
            say_prices(turn, prices)
        elif "free" in (place.get("tags") or []):
            turn.say(
                "utter_place_free",
                name=place["name"],
                date=day(place.get("updated_at")),
                links=place_link(place),
                sources=[source("place", place)],
            )
        else:
            turn.fail("utter_ticket_unknown", name=place["name"], links=place_link(place))
        return None


class LocalTransport(Answer):
    """Getting around: what is published of it, the posted fares, the places of transport."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """What fits; else the fares that are posted; else that nothing is known."""
        found = await look_up(turn, turn.text, kinds=("faq", "guide", "page")) if turn.text else []
        posted = await turn.api.items("/prices", limit=100)
        fares = [p for p in posted if fold(str(p.get("item"))).startswith(_RIDES)][:_SHOWN]
        if found:
            await say_found(turn, found[:1])
        if fares:
            say_prices(turn, fares)
        if not found and not fares:
            turn.fail("utter_local_transport_unknown")
        return None
