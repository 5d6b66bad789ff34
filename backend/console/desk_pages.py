"""The pages of every desk: list, editor, preview, review, history."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend import current, dead_links, previews
from backend.accounts import access, people
from backend.accounts.roles import Permission
from backend.console import desks
from backend.console.acts import ACTS
from backend.console.desks import Act, Desk
from backend.console.diffs import changed
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.languages import languages, speaking
from backend.paging import page
from backend.staff_content import editing, two_person
from backend.staff_history import described
from content import publishing
from content.errors import N_, Conflict, Refused
from content.publishing import Publishable, locks, revisions

WRITE = access.staff(Permission.WRITE_CONTENT)
LOOK = access.staff(Permission.WRITE_CONTENT, Permission.PUBLISH_CONTENT)

A_PAGE = 25


def add_desk(desk: Desk) -> None:
    """Give the console the pages of *desk*."""
    desks.add(desk)
    _add_list(desk)
    _add_editor(desk)
    _add_review(desk)
    _add_history(desk)


def _find(desk: Desk, item_id: uuid.UUID) -> Publishable:
    item = publishing.find(session, desk.kind, str(item_id))
    g.here = f"{desk.path}.{desk.group_of(item)}"
    return item


def _add_list(desk: Desk) -> None:
    @console.get(f"/{desk.path}", endpoint=desk.path)
    @LOOK
    def every() -> ResponseReturnValue:
        """What is on file, what was edited last first."""
        wanted = {name: request.args.get(name, "") for name in ("group", "standing", "q")}
        g.here = f"{desk.path}.{wanted['group']}"
        found = page(
            session,
            desk.listed(**wanted),
            [desk.kind.edited_at, desk.kind.id],
            limit=A_PAGE,
            cursor=request.args.get("cursor"),
            descending=True,
        )
        items = found["items"]
        return render_template(
            "console/desk/list.html",
            desk=desk,
            wanted=wanted,
            rows=list(zip(items, publishing.working_copies(session, items), strict=True)),
            names=people.names(session, {item.changed_by for item in items}),
            next_cursor=found["next_cursor"],
            now=current.now(),
        )


def _add_editor(desk: Desk) -> None:
    @console.get(f"/{desk.path}/new", endpoint=f"{desk.path}_new")
    @WRITE
    def new() -> ResponseReturnValue:
        """An empty form; the address may fill some fields."""
        g.here = f"{desk.path}.{request.args.get('group', '')}"
        return _editor(desk, None, Form(request.args))

    @console.post(f"/{desk.path}/new", endpoint=f"{desk.path}_create")
    @WRITE
    def create() -> ResponseReturnValue:
        """Keep a new draft."""
        form = Form.sent()
        with form.trying():
            item = desk.create(form)
            return _done(desk, item, form)
        return _editor(desk, None, form)

    @console.get(f"/{desk.path}/<uuid:item_id>", endpoint=f"{desk.path}_one")
    @WRITE
    def one(item_id: uuid.UUID) -> ResponseReturnValue:
        """The form of a piece as its editors left it."""
        item = _find(desk, item_id)
        return _editor(desk, item, desk.form_of(item))

    @console.post(f"/{desk.path}/<uuid:item_id>", endpoint=f"{desk.path}_save")
    @WRITE
    def save(item_id: uuid.UUID) -> ResponseReturnValue:
        """Keep the draft; hand it in or publish it, where that button was pressed."""
        item, form = _find(desk, item_id), Form.sent()
        with form.trying():
            desk.save(item, form)
            return _done(desk, item, form)
        return _editor(desk, _find(desk, item_id), form)

    @console.post(f"/{desk.path}/preview", endpoint=f"{desk.path}_preview")
    @WRITE
    def preview() -> ResponseReturnValue:
        """The public page of what stands in the form, saved or not."""
        form, shown_id = Form.sent(), request.args.get("item", "")
        item = publishing.find(session, desk.kind, shown_id) if shown_id else None
        with form.trying(), session.no_autoflush:
            draft = desk.unsaved(form, item)
            return public_page(desk, draft, form["preview_language"])
        return "", 204  # the last good preview stays

    @console.post(f"/{desk.path}/<uuid:item_id>/lock", endpoint=f"{desk.path}_lock")
    @WRITE
    def lock(item_id: uuid.UUID) -> ResponseReturnValue:
        """Say that I have it open; who else has, if somebody does."""
        item, edit = _find(desk, item_id), editing()
        if request.form.get("close"):
            locks.release(session, item, edit)
            session.commit()
            return "", 204
        try:
            locks.acquire(session, item, edit, take_over=bool(request.form.get("take_over")))
            session.commit()
            holder = None
        except Conflict:
            session.rollback()
            holder = locks.holder(session, item, edit.now)
        names = people.names(session, {holder.held_by}) if holder else {}
        return render_template(
            "console/desk/lock.html", desk=desk, item=item, holder=holder, names=names
        )


def _editor(desk: Desk, item: Publishable | None, form: Form) -> ResponseReturnValue:
    copy = publishing.working_copy(session, item) if item else None
    answer = render_template(
        "console/desk/edit.html",
        desk=desk,
        item=item,
        form=form,
        warnings=dead_links.warnings(session, copy, current.now()) if copy else (),
        may_publish=desks.may(Permission.PUBLISH_CONTENT),
        needs_two=two_person(),
        now=current.now(),
        **desk.more(),
    )
    return answer, 200 if form else 422


def _done(desk: Desk, item: Publishable, form: Form) -> ResponseReturnValue:
    """Do what the pressed button says beyond keeping the draft, and go on."""
    then = str(form["then"])
    if then in ("submit", "publish"):
        act = ACTS[then]
        if not desks.may(act.permission):
            raise Refused(N_("Your role does not allow this."))
        item = _act(desk, item, act, form)
    else:
        flash(_("The draft is saved. The public does not see it yet."))
    session.commit()
    where = "review" if then in ("submit", "publish") else "one"
    return redirect(url_for(f"console.{desk.path}_{where}", item_id=item.id))


def _act(desk: Desk, item: Publishable, act: Act, form: Form) -> Publishable:
    """Do *act*, and say what it did; the piece to look at from then on."""
    done = act.does(desk, item, form) or item
    if done.id != item.id:
        flash(str(desk.became))
    scheduled = act.name == "publish" and not done.is_visible(current.now())
    flash(str(ACTS["schedule"].said if scheduled else act.said))
    return done


def public_page(desk: Desk, item: Publishable, language: str) -> Response:
    """The page of *item* as the public would see it, to be shown within a page of ours."""
    if desk.show is None:
        abort(404)
    with speaking(language if language in languages() else "vi"):
        return Response(desk.show(item, preview=True), mimetype="text/html")


def _add_review(desk: Desk) -> None:
    @console.get(f"/{desk.path}/<uuid:item_id>/review", endpoint=f"{desk.path}_review")
    @LOOK
    def review(item_id: uuid.UUID) -> ResponseReturnValue:
        """How it will look, what changes, and what may be done with it."""
        return _review(desk, _find(desk, item_id), Form({"notify": "yes"}))

    @console.get(f"/{desk.path}/<uuid:item_id>/shown", endpoint=f"{desk.path}_shown")
    @LOOK
    def shown(item_id: uuid.UUID) -> ResponseReturnValue:
        """The public page of the draft as it is saved."""
        copy = publishing.working_copy(session, _find(desk, item_id))
        return public_page(desk, copy, request.args.get("preview_language", "vi"))

    @console.post(f"/{desk.path}/<uuid:item_id>/do/<act>", endpoint=f"{desk.path}_act")
    @LOOK
    def act(item_id: uuid.UUID, act: str) -> ResponseReturnValue:
        """Do something to it."""
        item, form = _find(desk, item_id), Form.sent()
        if act not in ACTS:
            abort(404)
        if not desks.may(ACTS[act].permission):
            raise Refused(N_("Your role does not allow this."))
        with form.trying():
            done = _act(desk, item, ACTS[act], form)
            session.commit()
            return redirect(url_for(f"console.{desk.path}_review", item_id=done.id))
        return _review(desk, _find(desk, item_id), form)

    @console.post(f"/{desk.path}/<uuid:item_id>/link", endpoint=f"{desk.path}_link")
    @LOOK
    def link(item_id: uuid.UUID) -> ResponseReturnValue:
        """An address that shows the draft to whoever has it."""
        made = previews.link_to(_find(desk, item_id))
        return render_template("console/desk/link.html", link=made)


def _review(desk: Desk, item: Publishable, form: Form) -> ResponseReturnValue:
    copy = publishing.working_copy(session, item)
    live = revisions.values_of(item) if item.stage else {}
    changes: list[revisions.Difference] = []
    if item.stage:
        changes = revisions.differences(live, revisions.values_of(copy))
    answer = render_template(
        "console/desk/review.html",
        desk=desk,
        item=item,
        copy=copy,
        form=form,
        differences=[(one, changed(one.before, one.after)) for one in changes],
        warnings=dead_links.warnings(session, copy, current.now()),
        offered=[name for name in desks.offered(item) if desks.may(ACTS[name].permission)],
        previewed=previews.SHOWN.get(item.search_type),
        now=current.now(),
        **desk.more(),
        **desk.about(item),
    )
    return answer, 200 if form else 422


def _add_history(desk: Desk) -> None:
    @console.get(f"/{desk.path}/<uuid:item_id>/history", endpoint=f"{desk.path}_history")
    @LOOK
    def history(item_id: uuid.UUID) -> ResponseReturnValue:
        """Who did what to it."""
        item = _find(desk, item_id)
        every = described(revisions.history(session, item))
        return render_template(
            "console/desk/history.html",
            desk=desk,
            item=item,
            revisions=every,
            now=current.now(),
            **desk.about(item),
        )

    @console.get(
        f"/{desk.path}/<uuid:item_id>/history/<int:number>", endpoint=f"{desk.path}_revision"
    )
    @LOOK
    def revision(item_id: uuid.UUID, number: int) -> ResponseReturnValue:
        """One revision: what it changed, and how it differs from today's text."""
        item = _find(desk, item_id)
        found = revisions.find(session, item, number)
        earlier = revisions.before(session, found)
        today = revisions.values_of(publishing.working_copy(session, item))
        return render_template(
            "console/desk/revision.html",
            desk=desk,
            item=item,
            revision=described([found])[0],
            differences=_read(earlier.values if earlier else {}, found.values),
            until_today=_read(found.values, today),
        )

    @console.post(
        f"/{desk.path}/<uuid:item_id>/history/<int:number>/restore",
        endpoint=f"{desk.path}_restore",
    )
    @WRITE
    def restore(item_id: uuid.UUID, number: int) -> ResponseReturnValue:
        """Draft a change back to a revision."""
        item, form = _find(desk, item_id), Form()
        with form.trying():
            publishing.restore(session, item, number, editing())
            session.commit()
            flash(_("Brought back as a draft. Publish it to let the public see it."))
        form.flash_errors()
        return redirect(url_for(f"console.{desk.path}_review", item_id=item_id))


def _read(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[revisions.Difference, Any]]:
    found = revisions.differences(before, after)
    return [(one, changed(one.before, one.after)) for one in found]
