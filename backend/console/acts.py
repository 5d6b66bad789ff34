"""What is done to a piece of content by a button: hand in, approve, publish, put away."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext

from backend.accounts.roles import Permission
from backend.console.desks import Act, Desk
from backend.console.forms import Form
from backend.database import session
from backend.staff_content import approve, editing, publish, two_person
from content import publishing
from content.errors import N_, Invalid
from content.publishing import Publishable


def _submit(_desk: Desk, item: Publishable, _form: Form) -> None:
    publishing.submit(session, item, editing())


def _approve(_desk: Desk, item: Publishable, _form: Form) -> None:
    approve(session, item, editing())


def _return(_desk: Desk, item: Publishable, _form: Form) -> None:
    publishing.send_back(session, item, editing())


def _publish(desk: Desk, item: Publishable, form: Form) -> Publishable | None:
    if desk.publish:
        return desk.publish(session, item, editing(), form)
    publish(session, item, editing())
    return None


def _schedule(desk: Desk, item: Publishable, form: Form) -> None:
    if desk.schedule:
        desk.schedule(session, item, editing(), form)
    else:
        at = needed_moment(form, "at")
        publishing.schedule(session, item, at, editing(), two_person=two_person())


def needed_moment(form: Form, name: str) -> datetime:
    """The moment in a field. Raises Invalid for none."""
    moment = form.moment(name)
    if moment is None:
        raise Invalid({name: [N_("Write a day and a time.")]})
    return moment


def _unschedule(_desk: Desk, item: Publishable, _form: Form) -> None:
    publishing.unschedule(session, item, editing())


def _expire(_desk: Desk, item: Publishable, form: Form) -> None:
    publishing.expire(session, item, form.moment("until"), editing())


def _unpublish(_desk: Desk, item: Publishable, _form: Form) -> None:
    publishing.unpublish(session, item, editing())


def _archive(_desk: Desk, item: Publishable, _form: Form) -> None:
    publishing.archive(session, item, editing())


def _unarchive(_desk: Desk, item: Publishable, _form: Form) -> None:
    publishing.unarchive(session, item, editing())


_EDIT, _SHOW = Permission.WRITE_CONTENT, Permission.PUBLISH_CONTENT

ACTS = {
    act.name: act
    for act in (
        Act("submit", _EDIT, _submit, lazy_gettext("Handed in for review.")),
        Act("approve", _SHOW, _approve, lazy_gettext("Approved.")),
        Act("return", _SHOW, _return, lazy_gettext("Returned to its authors as a draft.")),
        Act("publish", _SHOW, _publish, lazy_gettext("Published. The public sees it now.")),
        Act("schedule", _SHOW, _schedule, lazy_gettext("Scheduled. It appears by itself.")),
        Act("unschedule", _SHOW, _unschedule, lazy_gettext("The schedule is taken back.")),
        Act("expire", _SHOW, _expire, lazy_gettext("The end is set.")),
        Act(
            "unpublish",
            _SHOW,
            _unpublish,
            lazy_gettext("Off the pages. The public sees it no more."),
        ),
        Act("archive", _SHOW, _archive, lazy_gettext("Put into the archive.")),
        Act("unarchive", _SHOW, _unarchive, lazy_gettext("Out of the archive, as a draft.")),
    )
}
