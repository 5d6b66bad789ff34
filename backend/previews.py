"""Drafts as the public will see them, by a signed address that lapses after a week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.typing import ResponseReturnValue
from flask_restx import Resource
from itsdangerous import BadSignature, URLSafeSerializer
from marshmallow import Schema

from backend import current
from backend.accounts import access
from backend.articles.schemas import ArticleSchema
from backend.beaches.schemas import BeachSchema
from backend.contacts.schemas import PublicContactSchema
from backend.database import session
from backend.events.schemas import EventSchema
from backend.media.serving import let_see_until
from backend.places.schemas import PlaceDetailSchema
from backend.prices.schemas import PriceSchema
from backend.rest import Namespace, answer_json
from backend.site import events, published
from backend.site.layout import site
from content import publishing
from content.errors import N_, NotFound
from content.publishing import Publishable

LASTS = timedelta(days=7)

api = Namespace("previews", path="/previews", description="Drafts as the public will see them")


@dataclass(frozen=True)
class Shown:
    """How the public sees a kind of content: its schema, and its page where it has one."""

    schema: Schema
    page: Callable[..., str] | None = None


SHOWN: dict[str, Shown] = {
    "article": Shown(ArticleSchema(), published.show_article),
    "place": Shown(PlaceDetailSchema(), published.show_place),
    "price": Shown(PriceSchema()),
    "beach": Shown(BeachSchema()),
    "contact": Shown(PublicContactSchema()),
    "event": Shown(EventSchema(), events.show_event),
}


def link_to(item: Publishable) -> dict[str, Any]:
    """The addresses that show the draft of *item*, and when they lapse."""
    expires = current.now() + LASTS
    token = _serializer().dumps([item.search_type, str(item.id), int(expires.timestamp())])
    public, shown = current.settings().public_url, SHOWN[item.search_type]
    api_url = f"{public}/api/v1/previews/{token}"
    page = f"{public}/preview/{token}" if shown.page else api_url
    return {"url": page, "api_url": api_url, "expires_at": expires}


@api.route("/<token>")
class Preview(Resource):
    @access.anyone
    @api.response(200, "As the public will get it")
    def get(self, token: str) -> ResponseReturnValue:
        """A draft as the public will get it; the address is made by its editors."""
        item = _draft(token)
        return answer_json(SHOWN[item.search_type].schema.dump(item), 200, HIDDEN)


@site.get("/preview/<token>")
@access.anyone
def preview(token: str) -> ResponseReturnValue:
    """The page of a draft as the public will see it."""
    item = _draft(token)
    page = SHOWN[item.search_type].page
    if page is None:
        raise NotFound(LAPSED)
    return page(item, preview=True), HIDDEN


HIDDEN = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
LAPSED = N_("This preview has lapsed, or its address is not complete.")


def _draft(token: str) -> Publishable:
    """The working copy that *token* shows. Raises NotFound."""
    try:
        kind, item_id, expires = _serializer().loads(token)
    except BadSignature:
        raise NotFound(LAPSED) from None
    if expires <= current.now().timestamp():
        raise NotFound(LAPSED)
    item = publishing.find(session, publishing.kind_named(kind), item_id)
    let_see_until(expires)
    return publishing.working_copy(session, item)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current.settings().secret_key, salt="preview")
