"""A desk: what the console has to know of one kind of content to let people work on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from backend import current
from backend.accounts import employees
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.content_schemas import DraftSchema
from backend.database import session
from backend.staff_content import Check, editing
from content import publishing
from content.errors import N_, Invalid
from content.publishing import Edit, Publishable, Standing, State, revisions
from content.text import in_language, slugify

DESKS: dict[str, Desk] = {}
"""Every desk, by the kind of content that lies on it."""

WAITING = (State.DRAFT, State.REVIEW, State.APPROVED)


def nothing(*_: Any) -> dict[str, Any]:
    """Nothing more."""
    return {}


@dataclass(frozen=True)
class Desk:
    """One kind of content on the console.

    *path*: below /console. *fields*: the template of its form. *read*: what the form says, as
    the API's schema takes it; *fill*: the form of a piece. *show*: its public page, for the
    preview. *more*: what the template of the form needs besides. *groups*: lists of their own
    within the desk, by name: words and a condition. *announces*: whether publishing a piece
    may send it to phones. *kind_words*: what a piece is, for lists. *has_map*: whether the form
    has a map to drop a pin on. *in_menu*: whether the menu leads to it.
    *publish* may answer another piece that holds from then on; *became* says so. *beside* is a
    template below what is to be done with a piece, and *about* what it needs.
    *links*: other pages that belong to it, as words and endpoint. *tabs*: further pages of each
    piece, for whoever writes, as the end of their endpoint and words.
    """

    path: str
    kind: type[Publishable]
    schema: type[DraftSchema]
    check: Check
    fields: str
    read: Callable[[Form], dict[str, Any]]
    fill: Callable[[Any], Iterable[tuple[str, Any]]]
    many: object
    new: object
    labels: Mapping[str, object]
    show: Callable[..., str] | None = None
    more: Callable[[], dict[str, Any]] = nothing
    groups: Mapping[str, tuple[object, ColumnElement[bool]]] = field(default_factory=dict)
    group_of: Callable[[Any], str] = lambda _: ""
    publish: Callable[[Session, Any, Edit, Form], Publishable | None] | None = None
    schedule: Callable[[Session, Any, Edit, Form], None] | None = None
    announces: Callable[[Any], bool] = lambda _: False
    kind_words: Callable[[Any], object] | None = None
    has_map: bool = False
    in_menu: bool = True
    links: Sequence[tuple[object, str]] = ()
    became: object = ""
    beside: str = ""
    about: Callable[[Any], dict[str, Any]] = nothing
    tabs: Sequence[tuple[str, object]] = ()

    def load(self, form: Form, *, new: bool) -> dict[str, Any]:
        """The attributes that *form* says. Raises ValidationError and Invalid."""
        full = self.schema()
        schema = full if new else self.schema(partial=tuple(full.fields))
        loaded: dict[str, Any] = schema.load(self.read(form))
        self.check(session, loaded)
        return loaded

    def form_of(self, item: Publishable) -> Form:
        """The form that shows what the editors of *item* last wrote."""
        copy = publishing.working_copy(session, item)
        return Form.of(
            [("revision", item.revision), ("slug", copy.slug), *self.fill(copy)],
        )

    def create(self, form: Form) -> Publishable:
        """A new draft. Raises ValidationError, Invalid and Conflict."""
        values = self.load(form, new=True)
        slug = values.pop("slug", None)
        item = self.kind(**values)
        if not any(item.heading.values()):
            raise Invalid({self.heading: [N_("Give it a name first: one word is enough.")]})
        return publishing.create(session, item, editing(), slug=slug)

    @property
    def heading(self) -> str:
        """The field of the form that names a piece."""
        return next(iter(self.labels))

    def save(self, item: Publishable, form: Form) -> bool:
        """Keep what *form* says of *item*; whether it says anything new.

        Raises ValidationError, Invalid and Conflict.
        """
        values = self.load(form, new=False)
        copy = publishing.working_copy(session, item)
        changes = {name: new for name, new in values.items() if getattr(copy, name) != new}
        if not changes:
            return False
        try:
            revision = int(form["revision"])
        except ValueError:
            revision = 0
        publishing.revise(session, item, changes, editing(), revision=revision)
        return True

    def unsaved(self, form: Form, item: Publishable | None) -> Publishable:
        """What *form* would make of *item*. Raises ValidationError and Invalid."""
        values = self.load(form, new=item is None)
        if not values.get("slug"):
            values.pop("slug", None)
        copy = publishing.working_copy(session, item) if item else None
        made = revisions.unsaved(self.kind, values, copy)
        # Pages name themselves by it; a new piece has none before it is kept.
        made.slug = made.slug or slugify(in_language(made.heading, "vi")) or self.path
        return made

    def listed(self, group: str, standing: str, q: str) -> Select[Any]:
        """Select what fits a group, a standing and words of its address."""
        statement = select(self.kind)
        if group in self.groups:
            statement = statement.where(self.groups[group][1])
        if standing in set(WAITING):
            statement = statement.where(
                or_(self.kind.stage == standing, self.kind.state == standing)
            )
        elif standing in set(Standing):
            statement = statement.where(self.kind.stands(Standing(standing), current.now()))
        if words := slugify(q):
            statement = statement.where(self.kind.slug.contains(words, autoescape=True))
        return statement


def add(desk: Desk) -> Desk:
    """Let *desk* be known."""
    DESKS[desk.kind.search_type] = desk
    return desk


@dataclass(frozen=True)
class Act:
    """Something that is done to a piece by a button.

    *does* it, and may answer another piece that is to be looked at from then on.
    """

    name: str
    permission: Permission
    does: Callable[[Desk, Publishable, Form], Publishable | None]
    said: object


def offered(item: Publishable) -> Sequence[str]:
    """The acts that *item* allows now, whoever may do them."""
    standing, stage = item.standing(current.now()), item.stage or item.state
    has_news = item.stage is not None or item.state in WAITING
    possible = {
        "submit": stage == State.DRAFT,
        "approve": stage == State.REVIEW,
        "return": stage in (State.REVIEW, State.APPROVED),
        "publish": has_news or standing in (Standing.SCHEDULED, Standing.EXPIRED),
        "schedule": has_news or standing == Standing.SCHEDULED,
        "unschedule": item.due_at is not None or standing == Standing.SCHEDULED,
        "expire": standing in (Standing.LIVE, Standing.SCHEDULED),
        "unpublish": item.state == State.PUBLISHED,
        "archive": item.state != State.ARCHIVED,
        "unarchive": item.state == State.ARCHIVED,
    }
    return [name for name, is_possible in possible.items() if is_possible]


def may(permission: Permission) -> bool:
    """Whether whoever calls has *permission*."""
    return employees.required().may(permission)
