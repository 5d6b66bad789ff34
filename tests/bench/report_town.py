"""A town of many reports, made by the database itself: a million of them in a minute or two.

They were filed over three years, evenly, so ten times as many are ten times as dense; nearly all
that are older than three weeks are closed. Half of them are spread evenly over the town, half
crowd around a few corners, as reports do.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from backend import migrating
from backend.accounts import staff
from backend.accounts.roles import Role
from backend.feedback import samples
from backend.feedback.codes import ALPHABET
from backend.feedback.models import Report
from backend.feedback.office_models import Office, OfficeMember
from content.on_map import BITS
from content.seeding import seed_vocabularies
from content.store import utc_now
from content.text import fold
from content.vocabularies.models import Quarter, Term, Vocabulary

WEST, SOUTH, EAST, NORTH = 105.68, 18.77, 105.75, 18.84
CORNERS = [(18.782, 105.700), (18.797, 105.715), (18.806, 105.722), (18.815, 105.731),
           (18.826, 105.700), (18.832, 105.741)]  # fmt: skip
YEARS = timedelta(days=3 * 365)
CITIZENS = 2_000

WHAT = ("Rác chất đống bên đường", "Nước thải chảy ra bãi biển", "Đèn đường không sáng",
        "Nắp cống bị vỡ", "Ổ gà sâu giữa đường", "Loa kéo ồn ào sau mười giờ đêm",
        "Bán hàng rong chèo kéo khách", "Xe đậu kín vỉa hè", "Cây gãy đổ chắn lối đi",
        "Quán ăn tính tiền cao hơn niêm yết", "Nhà vệ sinh công cộng bẩn",
        "Mùi hôi từ mương")  # fmt: skip
WHERE = ("cạnh chợ", "trước cổng trường", "gần lâm viên", "đối diện bến xe", "cuối bãi tắm",
         "ngã tư đường Bình Minh", "sau khách sạn", "trong ngõ nhỏ")  # fmt: skip
MORE = ("đã ba ngày rồi", "mong xử lý sớm", "trẻ con hay chơi ở đây", "tối không ai dám đi",
        "đã báo tổ dân phố", "khách du lịch phàn nàn nhiều", "nhờ cơ quan kiểm tra")  # fmt: skip

SPREAD = """
CREATE FUNCTION pg_temp.spread(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT (e | (e << 1)) & 6148914691236517205 FROM (
    SELECT (d | (d << 2)) & 3689348814741910323 AS e FROM (
    SELECT (c | (c << 4)) & 1085102592571150095 AS d FROM (
    SELECT (b | (b << 8)) & 71777214294589695 AS c FROM (
    SELECT (n | (n << 16)) & 281470681808895 AS b) b) c) d) e
$$
"""

ROWS = """
CREATE TEMP TABLE made AS
SELECT n, gen_random_uuid() AS id,
       (n::bigint * 680564733 + 12345) % 1073741824 AS number,
       CAST(:now AS timestamptz)
           - make_interval(secs => :seconds * (1 - n / CAST(:count AS float8))) AS created_at,
       1 + floor(random() * :kinds)::int AS kind,
       1 + floor(random() * :quarters)::int AS quarter,
       1 + floor(random() * :corners)::int AS corner,
       1 + floor(random() * :whats)::int AS what, 1 + floor(random() * :wheres)::int AS where_,
       1 + floor(random() * :mores)::int AS more,
       random() AS chance, random() AS signed, random() AS x, random() AS y,
       random() + random() + random() - 1.5 AS off_x,
       random() + random() + random() - 1.5 AS off_y,
       1 + floor(random() * :citizens)::int AS citizen,
       interval '9 days' * random() AS took
FROM generate_series(1, :count) n
"""

REPORT = {
    "id": "id",
    "code": "'CL-' || " + " || ".join(
        ("'-' || " if place == 4 else "")
        + f"substr('{ALPHABET}', 1 + (number >> {5 * place} & 31)::int, 1)"
        for place in range(6)
    ),
    "category": "(CAST(:categories AS text[]))[kind]",
    "description": "(CAST(:what AS text[]))[what] || ' ' || (CAST(:where AS text[]))[where_]"
    " || ', ' || (CAST(:more AS text[]))[more] || ' (' || n || ').'",
    "lat": "lat",
    "lng": "lng",
    "cell": f"pg_temp.spread(floor((lng + 180) / 360 * {1 << BITS})::bigint)"
    f" | (pg_temp.spread(floor((lat + 90) / 360 * {1 << BITS})::bigint) << 1)",
    "place_text": "(CAST(:where AS text[]))[where_]",
    "quarter": "(CAST(:quarter_codes AS text[]))[quarter]",
    "attributes": "CAST('{}' AS jsonb)",
    "status": "status",
    "source": "'app'",
    "anonymous": "chance > 0.95",
    "citizen_id": "CASE WHEN signed < 0.5 THEN (SELECT id FROM people WHERE n = citizen) END",
    "clock_started_at": "created_at",
    "acknowledge_by": "created_at + interval '1 day'",
    "acknowledged_at": "CASE WHEN status <> 'received' THEN created_at + took / 9 END",
    "expected_at": "created_at + interval '5 days'",
    "by_clock": "false",
    "waiting_since": "CASE WHEN status = 'waiting_for_reporter' THEN created_at + took / 9 END",
    "closed_at": "CASE WHEN closed THEN created_at + took END",
    "office": "(CAST(:offices AS text[]))[kind]",
    "searchable": "' cl ' || lower(substr('" + ALPHABET + "', 1 + (number & 31)::int, 1)) || ' '"
    " || (CAST(:what_folded AS text[]))[what] || ' ' || (CAST(:where_folded AS text[]))[where_]"
    " || ' ' || (CAST(:more_folded AS text[]))[more] || ' ' || n || ' '"
    " || (CAST(:where_folded AS text[]))[where_] || ' '",
    "created_at": "created_at",
    "updated_at": "created_at + CASE WHEN status = 'received' THEN interval '0' ELSE took END",
    "confirmed_at": "CASE WHEN shown THEN created_at + took / 9 END",
    "hidden": "false",
    "public_description": "CASE WHEN shown AND chance < 0.7"
    " THEN (CAST(:what AS text[]))[what] || '.' END",
    "confirmations": "CASE WHEN chance < 0.1 THEN 3 ELSE 0 END",
}  # fmt: skip

STANDING = f"""
(SELECT *, status IN ('resolved', 'rejected', 'duplicate', 'withdrawn') AS closed,
        status NOT IN ('received', 'rejected', 'duplicate', 'withdrawn') AS shown,
        CASE WHEN n % 2 = 0 THEN {SOUTH} + y * ({NORTH} - {SOUTH})
             ELSE (CAST(:lats AS float8[]))[corner] + off_y * 0.006 END AS lat,
        CASE WHEN n % 2 = 0 THEN {WEST} + x * ({EAST} - {WEST})
             ELSE (CAST(:lngs AS float8[]))[corner] + off_x * 0.006 END AS lng
 FROM (SELECT *, CASE
           WHEN created_at > CAST(:now AS timestamptz) - interval '1 day' THEN 'received'
           WHEN created_at > CAST(:now AS timestamptz) - interval '20 days' THEN
               (CAST('{{received,verified,assigned,in_progress,in_progress,waiting_for_reporter,'
                     'resolved,resolved,resolved,rejected}}' AS text[])
               )[1 + floor(chance * 10)::int]
           WHEN chance < 0.83 THEN 'resolved' WHEN chance < 0.92 THEN 'rejected'
           WHEN chance < 0.96 THEN 'duplicate' WHEN chance < 0.995 THEN 'withdrawn'
           WHEN chance < 0.998 THEN 'in_progress' ELSE 'waiting_for_reporter' END AS status
       FROM made) stood) town
"""  # noqa: S608 - made of the constants above

EVENTS = """
INSERT INTO report_event
    (report_id, at, kind, by, from_status, to_status, text, public_note, internal)
SELECT id, created_at, 'filed', 'reporter', NULL, 'received', NULL, CAST(NULL AS jsonb), false
FROM report
UNION ALL
SELECT id, created_at, 'assigned', 'system', NULL, NULL, office, NULL, true FROM report
UNION ALL
SELECT id, acknowledged_at, 'moved', 'officer', 'received', 'in_progress', '',
       CAST('{"vi": "Đang xử lý.", "en": "We are at it."}' AS jsonb), false
FROM report WHERE acknowledged_at IS NOT NULL
UNION ALL
SELECT id, closed_at, 'moved', 'officer', 'in_progress', status, 'Xong', NULL, false
FROM report WHERE closed_at IS NOT NULL
"""

OTHERS = (
    "INSERT INTO report_contact (report_id, name, phone, email)"
    " SELECT id, 'Mẫu ' || n, '+84912345678', NULL FROM made WHERE chance < 0.4",
    "INSERT INTO report_photo"
    " (id, report_id, digest, name, thumbnail_name, width, height, created_at, is_public, by)"
    " SELECT gen_random_uuid(), id, md5(id::text), md5(id::text) || '.jpg',"
    " md5(id::text) || '-t.jpg', 1600, 1200, created_at, chance < 0.2, 'reporter'"
    " FROM made WHERE signed < 0.3",
)


@dataclass(frozen=True)
class Town:
    """What a bench needs to know of a town: whom to call as, and what to ask for."""

    officer: str
    leader: str
    codes: Sequence[str]
    categories: Sequence[str]
    groups: Sequence[str]
    quarters: Sequence[str]
    offices: Sequence[str]


def fill(engine: Engine, count: int) -> Town:
    """A town of *count* reports in an empty database of PostgreSQL."""
    migrating.upgrade(engine)
    now = utc_now()
    with Session(engine) as session:
        seed_vocabularies(session, now)
        samples.seed_samples(session, now)
        account = staff.hire(
            session, email="can-bo@example.org", name="Cán bộ Mẫu", roles=[Role.OFFICER],
            password_hash=None, now=now,
        )  # fmt: skip
        officer = staff.issue_token(session, account, name="bench", now=now)
        office = session.scalars(select(Office).where(Office.code.endswith("ha-tang"))).one()
        session.add(OfficeMember(office_id=office.id, staff_id=account.id))
        account = staff.hire(
            session, email="lanh-dao@example.org", name="Lãnh đạo Mẫu", roles=[Role.LEADER],
            password_hash=None, now=now,
        )  # fmt: skip
        leader = staff.issue_token(session, account, name="bench", now=now)
        terms = session.scalars(select(Term).where(Term.vocabulary == Vocabulary.REPORT)).all()
        groups = sorted({term.parent for term in terms if term.parent})
        leaves = {
            term.code: term.parent
            for term in terms
            if term.code not in groups
            and not any(question.get("required") for question in term.attributes)
        }
        rules = {category: office for category, _hours, office in samples.RULES}
        offices = {code: rules.get(code) or rules.get(leaves[code] or "") for code in leaves}
        quarters = list(session.scalars(select(Quarter.code)))
        session.commit()
    with engine.begin() as connection, _without_indexes(connection):
        _reports(connection, now, count, offices, quarters)
    with engine.connect() as connection:
        some = select(Report.code).order_by(Report.id).limit(2000)  # ids are random: anywhere
        codes = connection.scalars(some).all()
        settle(connection)
    known = [office for office in dict.fromkeys(offices.values()) if office]
    return Town(officer, leader, codes, list(leaves), groups, quarters, known)


def settle(connection: Connection) -> None:
    """Do at once what the server would do by itself, a little later."""
    connection.rollback()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text("VACUUM ANALYZE"))
    connection.execute(text("CHECKPOINT"))


def corner(chance: random.Random) -> tuple[float, float]:
    """A point, (lat, lng), where reports are."""
    if chance.random() < 0.5:
        return chance.uniform(SOUTH, NORTH), chance.uniform(WEST, EAST)
    lat, lng = chance.choice(CORNERS)
    return chance.gauss(lat, 0.003), chance.gauss(lng, 0.003)


def _reports(
    connection: Connection,
    now: datetime,
    count: int,
    offices: dict[str, str | None],
    quarters: Sequence[str],
) -> None:
    given = {
        "now": now, "count": count, "seconds": YEARS.total_seconds(), "kinds": len(offices),
        "categories": list(offices), "offices": list(offices.values()),
        "quarters": len(quarters), "quarter_codes": list(quarters), "citizens": CITIZENS,
        "corners": len(CORNERS), "lats": [lat for lat, _ in CORNERS],
        "lngs": [lng for _, lng in CORNERS],
    } | {
        name: value
        for name, texts in (("what", WHAT), ("where", WHERE), ("more", MORE))
        for name, value in (
            (f"{name}s", len(texts)), (name, list(texts)),
            (f"{name}_folded", [fold(one) for one in texts]),
        )
    }  # fmt: skip
    connection.execute(text("SELECT setseed(0.5)"))
    connection.execute(text(SPREAD))
    connection.execute(
        text(
            "INSERT INTO citizen (id, firebase_uid, language, created_at, last_seen_at)"
            " SELECT gen_random_uuid(), 'citizen-' || n, 'vi', :now, :now"
            " FROM generate_series(1, :citizens) n"
        ),
        given,
    )
    connection.execute(
        text("CREATE TEMP TABLE people AS SELECT id, (row_number() OVER ())::int AS n FROM citizen")
    )
    connection.execute(text("CREATE INDEX ON people (n)"))
    connection.execute(text(ROWS), given)
    columns = {name: REPORT[name] for name in REPORT if name in Report.__table__.c}
    for column in Report.__table__.c:
        if column.name not in columns and column.default is not None and column.default.is_scalar:
            columns[column.name] = f"CAST('{json.dumps(column.default.arg)}' AS {column.type})"
    names, values = ", ".join(columns), ", ".join(columns.values())
    connection.execute(
        text(f"INSERT INTO report ({names}) SELECT {values} FROM {STANDING} ORDER BY n"),  # noqa: S608
        given,
    )
    connection.execute(text(EVENTS))
    for statement in OTHERS:
        connection.execute(text(statement))


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Make the indexes that keep nothing unique anew, once all rows are there."""
    indexes = connection.execute(
        text(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " AND tablename IN ('report', 'report_event') AND indexdef NOT LIKE 'CREATE UNIQUE%'"
        )
    ).all()
    for name, _ in indexes:
        connection.execute(text(f'DROP INDEX "{name}"'))
    connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
    connection.execute(text("SET LOCAL session_replication_role = replica"))  # trust the keys
    yield
    for _, definition in indexes:
        connection.exec_driver_sql(definition)
