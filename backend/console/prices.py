"""The desk of posted prices, and deciding on the corrections that people send."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import current
from backend.accounts import access, people
from backend.accounts.roles import Permission
from backend.console.acts import needed_moment
from backend.console.desk_pages import add_desk
from backend.console.desks import Desk
from backend.console.forms import Form
from backend.console.layout import console
from backend.console.vocabularies import quarter_names
from backend.database import session
from backend.languages import language, languages
from backend.paging import page
from backend.prices.schemas import AcceptanceSchema, PriceDraftSchema
from backend.staff_content import editing, two_person
from content.places.models import Place
from content.prices import corrections, verbs
from content.prices.models import CorrectionState, Price, PriceCorrection
from content.prices.queries import day_of, series
from content.prices.rules import check
from content.publishing import Edit
from content.text import in_language

TEXTS = ("item", "unit")
DAYS = ("valid_from", "valid_until")
WORDS = ("posted_by", "source", "source_document")
ACCEPTANCE = AcceptanceSchema()


def read(form: Form) -> dict[str, Any]:
    """What the form says, as the API takes it."""
    said: dict[str, Any] = {name: form.localized(name) for name in TEXTS}
    said |= {name: form.optional(name) for name in (*DAYS, *WORDS)}
    said |= {
        "price_vnd": form.number("price_vnd"),
        "price_max_vnd": form.number("price_max_vnd"),
        "place": form.optional("place"),
        "quarter": form.optional("quarter"),
    }
    if slug := form.plain("slug"):
        said["slug"] = slug
    return said


def fill(price: Price) -> Iterator[tuple[str, Any]]:
    """The form of *price*."""
    for name in TEXTS:
        for code in languages():
            yield f"{name}.{code}", (getattr(price, name) or {}).get(code, "")
    for name in (*DAYS, *WORDS, "price_vnd", "price_max_vnd", "quarter"):
        yield name, getattr(price, name)
    yield "place", price.place_id


def place_names() -> dict[str, str]:
    """The places on file by id, by name."""
    rows = session.execute(select(Place.id, Place.name))
    named = {str(key): in_language(name, language()) for key, name in rows}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def _publish(session: Session, price: Price, edit: Edit, _form: Form) -> Price:
    return verbs.publish(session, price, edit, two_person=two_person())


def _schedule(session: Session, price: Price, edit: Edit, form: Form) -> None:
    verbs.schedule(session, price, needed_moment(form, "at"), edit, two_person=two_person())


add_desk(
    Desk(
        path="prices",
        kind=Price,
        schema=PriceDraftSchema,
        check=check,
        fields="console/prices/fields.html",
        read=read,
        fill=fill,
        many=lazy_gettext("Posted prices"),
        new=lazy_gettext("Add a price"),
        labels={
            "item": lazy_gettext("What is sold"),
            "unit": lazy_gettext("Unit"),
            "price_vnd": lazy_gettext("Price in đồng"),
            "price_max_vnd": lazy_gettext("Up to, if it is a range"),
            "place": lazy_gettext("At a place"),
            "place_id": lazy_gettext("At a place"),
            "quarter": lazy_gettext("Or in a quarter"),
            "valid_from": lazy_gettext("Valid from"),
            "valid_until": lazy_gettext("Valid until"),
            "posted_by": lazy_gettext("Who posted it"),
            "source": lazy_gettext("Where it was read"),
            "source_document": lazy_gettext("Link to the document"),
            "slug": lazy_gettext("Address of the page"),
        },
        more=lambda: {"places": place_names(), "quarters": quarter_names()},
        publish=_publish,
        schedule=_schedule,
        became=lazy_gettext("The new price is a page of its own: here it is. The old one stays."),
        beside="console/prices/series.html",
        about=lambda price: {"series": series(session, price)},
        links=((lazy_gettext("Corrections that were sent"), "console.prices_corrections"),),
    )
)


@console.get("/prices/corrections", endpoint="prices_corrections")
@access.staff(Permission.WRITE_CONTENT, Permission.PUBLISH_CONTENT)
def corrected() -> ResponseReturnValue:
    """What people say that prices are now; what is not decided comes first."""
    state = request.args.get("state", CorrectionState.NEW.value)
    found = page(
        session,
        corrections.corrections(state if state in set(CorrectionState) else None),
        [PriceCorrection.created_at, PriceCorrection.id],
        limit=25,
        cursor=request.args.get("cursor"),
        descending=True,
    )
    decided_by = {one.decided_by for one in found["items"] if one.decided_by}
    return render_template(
        "console/prices/corrections.html",
        found=found,
        state=state,
        names=people.names(session, decided_by),
        waiting=corrections.waiting(session),
        today=day_of(current.now()),
    )


@console.post("/prices/corrections/<uuid:correction_id>/<act>", endpoint="prices_decide")
@access.staff(Permission.PUBLISH_CONTENT)
def decide(correction_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Accept a correction, or refuse it for a reason."""
    if act not in ("accept", "refuse"):
        abort(404)
    form = Form.sent()
    with form.trying():
        key, edit = str(correction_id), editing()
        if act == "accept":
            said = ACCEPTANCE.load(
                {name: form.optional(name) for name in ("valid_from", "source_document")}
            )
            corrections.accept(session, key, edit, **said)
            flash(_("Accepted: the new price is public, the old one stays on file."))
        else:
            reason = form.text("reason", most=1000, required=True)
            corrections.refuse(session, key, edit, reason=reason)
            flash(_("Refused: the price stays as it is."))
        session.commit()
    form.flash_errors()
    return redirect(url_for("console.prices_corrections"))
