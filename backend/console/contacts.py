"""The desk of numbers to call and offices to go to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext

from backend.console.desk_pages import add_desk
from backend.console.desks import Desk
from backend.console.forms import Form
from backend.contacts.routes import check
from backend.contacts.schemas import ContactDraftSchema
from backend.languages import languages
from content.contacts.models import Contact, ContactKind

TEXTS = ("name", "address", "note")

KINDS = {
    ContactKind.OFFICE: lazy_gettext("Office"),
    ContactKind.EMERGENCY: lazy_gettext("Help in an emergency"),
}


def read(form: Form) -> dict[str, Any]:
    """What the form says, as the API takes it."""
    said: dict[str, Any] = {name: form.localized(name) for name in TEXTS}
    said |= {
        "kind": form.plain("kind"),
        "phone": form.optional("phone"),
        "position": form.number("position") or 0,
    }
    if slug := form.plain("slug"):
        said["slug"] = slug
    return said


def fill(contact: Contact) -> Iterator[tuple[str, Any]]:
    """The form of *contact*."""
    for name in TEXTS:
        for code in languages():
            yield f"{name}.{code}", (getattr(contact, name) or {}).get(code, "")
    yield "kind", contact.kind
    yield "phone", contact.phone or ""
    yield "position", contact.position


add_desk(
    Desk(
        path="contacts",
        kind=Contact,
        schema=ContactDraftSchema,
        check=check,
        fields="console/contacts/fields.html",
        read=read,
        fill=fill,
        many=lazy_gettext("Contacts"),
        new=lazy_gettext("Add a contact"),
        labels={
            "name": lazy_gettext("Name"),
            "kind": lazy_gettext("Kind"),
            "phone": lazy_gettext("Telephone"),
            "address": lazy_gettext("Address"),
            "note": lazy_gettext("Note"),
            "position": lazy_gettext("Place in the list"),
            "slug": lazy_gettext("Address of the page"),
        },
        more=lambda: {"kinds": KINDS},
        kind_words=lambda contact: KINDS[ContactKind(contact.kind)],
    )
)
