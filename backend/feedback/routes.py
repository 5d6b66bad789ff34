"""Reports as guests and citizens file them and find them again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Response, request
from flask_restx import Resource

from backend import current
from backend.accounts import access, citizens
from backend.database import only_reads, session
from backend.feedback import (
    blocking,
    listing,
    presenting,
    publicity,
    schemas,
    setup,
)
from backend.feedback.blocking import Sender
from backend.feedback.filing import Contact, Filing, file_report
from backend.feedback.models import Report, ReportPhoto
from backend.feedback.photos import MOST_PHOTOS, add_photo, check_shown, photo_of
from backend.feedback.public_schemas import PublicReport, PublicReportQuery
from backend.feedback.reading import report_of_id
from backend.feedback.tokens import access_token, opens
from backend.feedback.tracking import Standing, standing
from backend.feedback.workflow import State, Who, states_named
from backend.freshness import kept
from backend.languages import language
from backend.limits import caller, device, from_chatbot, limiter
from backend.paging import page
from backend.rest import Namespace, idempotency_key, page_of
from backend.storage import Storage
from backend.uploads import files_of, up_to
from content.errors import N_, Invalid, Refused

api = Namespace("reports", description="Citizens' reports", path="/reports")

PER_ADDRESS = "30 per hour"
PER_SENDER = "15 per hour; 40 per day"

View = TypeVar("View", bound=Callable[..., Any])

TOKEN = "The report's access token, for one who did not sign in"  # noqa: S105 - a description
tracked = schemas.TrackedReport()


def storage() -> Storage:
    """Where the photos are kept."""
    return Storage.in_folder(current.settings().photos_dir)


def sender() -> Sender:
    """Who sends this request."""
    citizen = citizens.optional()
    return blocking.sender(
        citizen_id=citizen.id if citizen else None,
        address=caller(),
        device=device(),
        secret=current.settings().secret_key,
    )


def may_file(view: View) -> View:
    """Limit how many reports come from one address, one device and one citizen."""
    limited: Any = view
    for key, exempt in ((caller, None), (device_key, _no_device), (citizen_key, _no_citizen)):
        limited = limiter.limit(
            PER_ADDRESS if key is caller else PER_SENDER,
            key_func=key,
            exempt_when=exempt,
            override_defaults=False,
        )(limited)
    return limited


def device_key() -> str:
    """The device, as limits count it."""
    return f"device:{device()}"


def citizen_key() -> str:
    """The citizen who is signed in, as limits count it."""
    citizen = citizens.optional()
    return f"citizen:{citizen.id if citizen else None}"


def _no_device() -> bool:
    return device() is None


def _no_citizen() -> bool:
    return citizens.optional() is None


def is_reporter(report: Report | Standing) -> bool:
    """Whether the caller shows the token of *report*, or is the citizen who filed it."""
    secret = current.settings().secret_key
    if opens(request.headers.get("X-Access-Token", ""), report.id, secret):
        return True
    citizen = citizens.optional()
    return citizen is not None and citizen.id == report.citizen_id


def own_report(report_id: uuid.UUID) -> Report:
    """The caller's own report. Raises NotFound; Refused for somebody else's."""
    report = report_of_id(session, report_id)
    if not is_reporter(report):
        raise Refused(
            N_("Show the access token of this report, or sign in as the citizen who filed it.")
        )
    return report


def for_reporter(report: Report) -> dict[str, Any]:
    """*report* as its reporter sees it now."""
    within = current.settings().reopen_within
    return presenting.for_reporter(session, report, language(), current.now(), within)


def send_photo(photo: ReportPhoto, *, covered: bool) -> Response:
    """The image, or its thumbnail for `?size=thumbnail`; *covered* where somebody covered it."""
    small = request.args.get("size") == "thumbnail"
    name = photo.thumbnail_name if small else photo.name
    if covered:
        name = (photo.covered_thumbnail_name if small else photo.covered_name) or name
    return Response(storage().read(name), mimetype="image/jpeg")


def delay() -> timedelta:
    """How long after an officer confirmed it everybody finds a report."""
    return current.settings().public_reports_delay


def wanted_of(query: dict[str, Any]) -> publicity.Wanted:
    """What a loaded PublicFilter asks for."""
    return publicity.Wanted(
        statuses=states_named(query["status"]),
        category=query["category"],
        quarter=query["quarter"],
        bbox=query["bbox"],
        since=query.get("since"),
    )


@api.route("")
class Reports(Resource):
    @access.public
    @only_reads
    @api.accepts(PublicReportQuery(), location="query")
    @api.returns(page_of(PublicReport))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The reports an officer took for true, those confirmed last first; no personal data."""
        wanted, town = wanted_of(query), kept(setup.read)
        public = publicity.public_reports(
            session, wanted, now=current.now(), delay=delay(), setup=town
        )
        found = page(
            session,
            public.with_only_columns(*listing.COLUMNS),
            (Report.confirmed_at, Report.id),
            limit=query["limit"],
            cursor=query["cursor"],
            descending=True,
            item=listing.Listed,
            finder=publicity.newest_in_box(public, wanted.bbox),
        )
        found["items"] = presenting.public_list(session, found["items"], language(), town)
        return found

    @access.anyone
    @may_file
    @api.param("X-Installation-Id", "The app's own id of this device", _in="header")
    @api.param("Idempotency-Key", "A UUID the app makes for each report", _in="header")
    @api.accepts(schemas.NewReport())
    @api.returns(schemas.FiledReport(), 201)
    def post(self, body: dict[str, Any]) -> tuple[dict[str, Any], int]:
        """File a report.

        A repeat with the same Idempotency-Key answers as the first did, with 200.
        """
        citizen = citizens.optional()
        report, repeated = file_report(
            session,
            filing_of(body),
            now=current.now(),
            town_time=current.settings().timezone,
            source="chat" if from_chatbot() else body["source"],
            citizen_id=citizen.id if citizen else None,
            key=idempotency_key(),
            sender=sender(),
            town_box=current.settings().town_box,
            setup=kept(setup.read),
        )
        filed = {
            "id": report.id,
            "code": report.code,
            "access_token": access_token(report.id, current.settings().secret_key),
            "status": State.RECEIVED,
            "expected_at": report.expected_at,
            **presenting.posted_prices(session, report, language(), current.now()),
        }
        session.commit()  # last: what is read after it is read anew
        return filed, 200 if repeated else 201


def filing_of(body: dict[str, Any]) -> Filing:
    """What a loaded NewReport says."""
    location = body.get("location") or {}
    consent = body.get("consent") or {}
    return Filing(
        category=body["category"],
        description=body["description"],
        lat=location.get("lat"),
        lng=location.get("lng"),
        place=body.get("place") or None,
        place_text=body.get("place_text") or "",
        quarter=body.get("quarter") or None,
        anonymous=body["anonymous"],
        contact=Contact(**(body.get("contact") or {})),
        consent_version=consent.get("version"),
        consent_at=consent.get("at"),
        attributes=body.get("attributes") or {},
    )


@api.route("/<code>")
class TrackedReport(Resource):
    @access.anyone
    @only_reads
    @limiter.limit("60 per minute", override_defaults=False)
    @api.param("X-Access-Token", TOKEN, _in="header")
    @api.returns(tracked)
    def get(self, code: str) -> dict[str, Any]:
        """Follow a report by its code; its reporter also sees what was sent."""
        found = standing(session, code, language())
        if is_reporter(found):
            return for_reporter(report_of_id(session, found.id))
        return found.shown


@api.route("/<uuid:report_id>/photos")
class Photos(Resource):
    @access.anyone
    @limiter.limit("60 per hour", override_defaults=False)
    @up_to("max_photo_bytes")
    @api.doc(consumes=["multipart/form-data"])
    @api.param("photo", "JPEG, PNG or WebP; may be repeated", _in="formData", type="file")
    @api.param("X-Access-Token", TOKEN, _in="header")
    @api.returns(schemas.ReportPhotos(), 201)
    def post(self, report_id: uuid.UUID) -> tuple[dict[str, Any], int]:
        """Add up to five photos; the same file sent again is the same photo.

        All photos of one call are added, or none.
        """
        files = uploaded()
        report = own_report(report_id)
        with storage().writing() as writing:
            added = [add_photo(session, writing, report, data, current.now()) for data in files]
            session.commit()
        photos = [photo for photo, _known in added]
        status = 200 if all(known for _photo, known in added) else 201
        shown = presenting.photo_list(presenting.REPORTER_URL, report_id, photos)
        return {"photos": shown}, status


def uploaded() -> list[bytes]:
    """The photos in the request. Raises Invalid for none and for too many."""
    files = files_of("photo")
    if len(files) > MOST_PHOTOS:
        raise Invalid({"photo": [N_("At most %(most)s photos.")]}, most=MOST_PHOTOS)
    return [file.read() for file in files]


@api.route("/<uuid:report_id>/photos/<uuid:photo_id>")
class Photo(Resource):
    @access.anyone
    @api.produces(["image/jpeg"])
    @api.param("size", "`thumbnail` for the small one")
    @api.param("X-Access-Token", TOKEN, _in="header")
    def get(self, report_id: uuid.UUID, photo_id: uuid.UUID) -> Response:
        """A photo: for the reporter, and for everybody once an officer approved it."""
        photo = photo_of(session, report_id, photo_id)
        report = report_of_id(session, report_id)
        if is_reporter(report):
            check_shown(photo)
            # What they sent they may see; whoever stands on an officer's photo is another matter.
            return send_photo(photo, covered=photo.by == Who.OFFICER)
        if not (photo.is_public and publicity.is_shown(report, current.now(), delay())):
            own_report(report_id)
        return send_photo(photo, covered=True)
