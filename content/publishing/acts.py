"""What people do with content, from the first draft to the archive.

Every act files a revision with the fields as they then are, and writes a line of the audit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from content import audit
from content.errors import N_, Conflict, Invalid, Refused
from content.publishing import revisions
from content.publishing.finding import free_slug, refuse_taken
from content.publishing.indexing import reindex
from content.publishing.models import Edit, Publishable, State
from content.text import in_language

Content = TypeVar("Content", bound=Publishable)

STALE = N_("Somebody else has changed this in the meantime. Read it again, then change it.")


def create(session: Session, item: Content, edit: Edit, *, slug: str | None = None) -> Content:
    """Put the new *item* on file as a draft, under *slug* or one made from its heading.

    Raises Conflict where *slug* is taken.
    """
    if slug:
        refuse_taken(session, item, slug)
    item.slug = slug or free_slug(session, type(item), in_language(item.heading, "vi"))
    item.state = State.DRAFT
    item.created_at = item.updated_at = item.edited_at = edit.now
    item.changed_by = edit.by
    session.add(item)
    session.flush()
    _file(session, item, "create", edit, before={}, after=revisions.values_of(item))
    return item


def revise(
    session: Session,
    item: Publishable,
    changes: Mapping[str, Any],
    edit: Edit,
    *,
    revision: int | None = None,
    act: str = "change",
) -> None:
    """Set the attributes in *changes*; the public sees them when they are published.

    Raises Conflict when *revision*, where given, is not the present one: somebody else has
    changed the item since the editor read it; or when a new slug is taken.
    """
    if revision is not None and revision != item.revision:
        raise Conflict(STALE)
    if "slug" in changes:
        refuse_taken(session, item, changes["slug"])
    _begin(session, item)
    copy = revisions.working_copy(session, item)
    before = revisions.values_of(copy)
    if item.state == State.PUBLISHED:
        draft = copy if copy is not item else revisions.as_item(item, before)
        for name, value in changes.items():
            setattr(draft, name, value)
        after = revisions.values_of(draft)
        item.stage = State.DRAFT
    else:
        for name, value in changes.items():
            setattr(item, name, value)
        after = revisions.values_of(item)
        item.state = State.DRAFT if item.state != State.ARCHIVED else item.state
    _touch(session, item, edit)
    _file(session, item, act, edit, before=before, after=after)


def restore(
    session: Session, item: Publishable, number: int, edit: Edit, *, revision: int | None = None
) -> None:
    """Bring the fields back to what they held in the revision *number*, as a new change.

    Raises NotFound where there is no such revision.
    """
    old = revisions.find(session, item, number)
    revise(
        session,
        item,
        revisions.restored(type(item), old.values),
        edit,
        revision=revision,
        act="restore",
    )


def submit(session: Session, item: Publishable, edit: Edit) -> None:
    """Hand the draft in for review. Raises Conflict when there is no draft."""
    _move(session, item, edit, "submit", State.REVIEW, (State.DRAFT,), N_("There is no draft."))


def approve(session: Session, item: Publishable, edit: Edit, *, two_person: bool = False) -> None:
    """Approve what was handed in for review.

    Raises Conflict when nothing was, and Refused under the two-person rule for whoever wrote
    a part of it.
    """
    if two_person and edit.by in revisions.authors_of_changes(session, item):
        raise Refused(N_("Somebody else has to approve what you wrote."))
    _move(session, item, edit, "approve", State.APPROVED, (State.REVIEW,), NOT_IN_REVIEW)


def send_back(session: Session, item: Publishable, edit: Edit) -> None:
    """Return to its authors what was handed in for review or approved. Raises Conflict."""
    waiting = (State.REVIEW, State.APPROVED)
    _move(session, item, edit, "send_back", State.DRAFT, waiting, NOT_IN_REVIEW)


NOT_IN_REVIEW = N_("It has not been handed in for review.")


def publish(session: Session, item: Publishable, edit: Edit, *, two_person: bool = False) -> None:
    """Show *item*, with the changes drafted to it, to the public from now on.

    Nothing changes if all of it is shown already. Raises Invalid when something that the
    public needs is missing or its time is over, and Conflict under the two-person rule when
    nobody else has approved it.
    """
    if item.is_visible(edit.now) and not item.stage:
        return
    _check_ready(session, item, edit.now, two_person)
    shown_before = revisions.values_of(item) if item.state == State.PUBLISHED else {}
    first_time = not item.is_visible(edit.now)
    _apply(session, item)
    item.state = State.PUBLISHED
    if first_time:
        item.published_at = edit.now
    item.updated_at = edit.now
    _touch(session, item, edit)
    after = revisions.values_of(item)
    _file(session, item, "publish", edit, before=shown_before, after=after)


def schedule(
    session: Session,
    item: Publishable,
    at: datetime,
    edit: Edit,
    *,
    two_person: bool = False,
) -> None:
    """Show *item*, or the changes drafted to it, from *at* on.

    Raises Invalid for a moment that is not to come, for one after it expires, and as `publish`.
    """
    if at <= edit.now:
        raise Invalid({"at": [N_("Must be in the future.")]})
    _check_ready(session, item, at, two_person)
    if item.is_visible(edit.now):
        if not item.stage:
            raise Conflict(N_("There are no changes to schedule."))
        draft = revisions.drafted(session, item)
        item.due_at, item.due_revision = at, draft.number
        _touch(session, item, edit)
        shown = revisions.values_of(item)
        _file(session, item, "schedule", edit, before=shown, after=draft.values, at=at)
        return
    before = revisions.values_of(item)
    _apply(session, item)
    item.state, item.published_at = State.PUBLISHED, at
    item.updated_at = at
    _touch(session, item, edit)
    _file(session, item, "schedule", edit, before=before, after=revisions.values_of(item), at=at)


def unschedule(session: Session, item: Publishable, edit: Edit) -> None:
    """Take back a schedule that has not come true yet. Raises Conflict when there is none."""
    if item.due_at:
        item.due_at = item.due_revision = None
        _act(session, item, edit, "unschedule")
    elif item.state == State.PUBLISHED and item.published_at and item.published_at > edit.now:
        _take_back(session, item, edit, "unschedule", State.DRAFT)
    else:
        raise Conflict(N_("It is not scheduled."))


def expire(session: Session, item: Publishable, at: datetime | None, edit: Edit) -> None:
    """Let the public see *item* until *at*, or without end for None; in force at once.

    Raises Invalid for an end before its beginning.
    """
    if at and item.published_at and at <= item.published_at:
        raise Invalid({"at": [N_("It would expire before anybody sees it.")]})
    _begin(session, item)
    before = revisions.values_of(item)
    copy = revisions.working_copy(session, item)
    copy.expires_at = item.expires_at = at
    item.updated_at = edit.now
    _touch(session, item, edit)
    after = before | {"expires_at": at.isoformat() if at else None}
    _file(session, item, "expire", edit, before=before, after=after, kept=revisions.values_of(copy))


def unpublish(session: Session, item: Publishable, edit: Edit) -> None:
    """Take *item* back to a draft. Raises Conflict when it is not published."""
    if item.state != State.PUBLISHED:
        raise Conflict(N_("It is not published."))
    _take_back(session, item, edit, "unpublish", State.DRAFT)


def archive(session: Session, item: Publishable, edit: Edit) -> None:
    """Put *item* away: the public does not see it, editors find it in the archive."""
    _take_back(session, item, edit, "archive", State.ARCHIVED)


def unarchive(session: Session, item: Publishable, edit: Edit) -> None:
    """Take *item* out of the archive, as a draft. Raises Conflict when it is not there."""
    if item.state != State.ARCHIVED:
        raise Conflict(N_("It is not in the archive."))
    _take_back(session, item, edit, "unarchive", State.DRAFT)


def put_in_force(session: Session, item: Publishable) -> None:
    """Show the changes that were scheduled, if the moment for them was said."""
    if item.due_at is None or item.due_revision is None:
        return
    moment = item.due_at
    due = revisions.find(session, item, item.due_revision)
    newest = revisions.drafted(session, item)
    later = newest.values != due.values
    shown = revisions.values_of(item)
    for name, value in revisions.restored(type(item), due.values).items():
        setattr(item, name, value)
    item.due_at = item.due_revision = None
    item.stage = item.stage if later else None
    item.updated_at = moment
    edit = Edit(by=due.made_by, now=moment)
    _touch(session, item, edit)
    after = revisions.values_of(item)
    _file(session, item, "publish", edit, before=shown, after=after, kept=newest.values)


def _check_ready(session: Session, item: Publishable, at: datetime, two_person: bool) -> None:
    """Raise Invalid where *item* lacks what the public needs, Conflict where it lacks approval."""
    copy = revisions.working_copy(session, item)
    missing = {}
    for name in item.needed:
        value = getattr(copy, name)
        if not (value.get("vi") if isinstance(value, dict) else value):
            missing[name] = [
                N_("The Vietnamese text (vi) is needed to publish.")
                if isinstance(value, dict)
                else N_("Is needed to publish.")
            ]
    if copy.expires_at and copy.expires_at <= at:
        missing["expires_at"] = [N_("It would expire before anybody sees it.")]
    if missing:
        raise Invalid(missing)
    copy.check_ready(session)
    approved = (item.stage or item.state) == State.APPROVED
    if two_person and not approved and (item.stage or item.state != State.PUBLISHED):
        raise Conflict(N_("Somebody else has to approve this before it is published."))


def _apply(session: Session, item: Publishable) -> None:
    """Let the row hold what its editors last wrote."""
    _begin(session, item)
    if item.stage:
        copy = revisions.working_copy(session, item)
        refuse_taken(session, item, copy.slug)
        for name in revisions.text_columns(type(item)):
            setattr(item, name, getattr(copy, name))
    item.stage = item.due_at = item.due_revision = None


def _take_back(session: Session, item: Publishable, edit: Edit, act: str, state: State) -> None:
    _apply(session, item)
    item.state = state
    item.updated_at = edit.now
    _act(session, item, edit, act)


def _move(
    session: Session,
    item: Publishable,
    edit: Edit,
    act: str,
    to: State,
    allowed: tuple[State, ...],
    otherwise: str,
) -> None:
    """Bring the draft, or the draft of changes to something published, to the state *to*."""
    if (item.stage or item.state) not in allowed:
        raise Conflict(otherwise)
    _begin(session, item)
    if item.stage:
        item.stage = to
    else:
        item.state = to
    _act(session, item, edit, act)


def _act(session: Session, item: Publishable, edit: Edit, act: str) -> None:
    """File an act that changes no field."""
    copy = revisions.working_copy(session, item)
    values = revisions.values_of(copy)
    _touch(session, item, edit)
    _file(session, item, act, edit, before=values, after=values)


def _begin(session: Session, item: Publishable) -> None:
    """Keep what stood there before the first change by a person."""
    if revisions.newest(session, item) is None:
        origin = Edit(by=item.changed_by, now=item.updated_at)
        act = "publish" if item.state == State.PUBLISHED else "create"
        revisions.file(session, item, act, origin, revisions.values_of(item))


def _touch(session: Session, item: Publishable, edit: Edit) -> None:
    item.edited_at = edit.now
    item.changed_by = edit.by
    flag_modified(item, "edited_at")  # so that the revision counts also where nothing differs
    try:
        session.flush()
    except StaleDataError:
        raise Conflict(STALE) from None


def _file(
    session: Session,
    item: Publishable,
    act: str,
    edit: Edit,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    kept: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """File the act: a revision with the working copy (*kept*, else *after*), search, audit."""
    revisions.file(session, item, act, edit, kept or after)
    reindex(session, item)
    audit.record(
        session,
        edit,
        act=act,
        subject=(item.search_type, str(item.id)),
        before=before,
        after=after,
        note=at.isoformat() if at else "",
    )
