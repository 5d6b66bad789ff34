"""Reports keep the cell of the earth that they lie in, and are listed by what officers ask for

Revision ID: 0034_cells_of_reports
Revises: 0033_statistics
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content.on_map import cell_of

revision = "0034_cells_of_reports"
down_revision = "0033_statistics"
branch_labels = None
depends_on = None

LOOKED_AT = ("hidden", "status", "category", "quarter")
PUBLIC = sa.text("confirmed_at IS NOT NULL")
OPEN = sa.text("closed_at IS NULL")
NEWEST_BY = ("category", "quarter", "assignee")
AT_ONCE = 10_000


def upgrade() -> None:
    op.add_column("report", sa.Column("cell", sa.BigInteger()))
    _fill()
    op.drop_index("ix_report_newest_public", "report")
    op.drop_index("ix_report_category", "report")
    op.drop_index("ix_report_quarter", "report")
    for name in NEWEST_BY:
        column = "assignee_id" if name == "assignee" else name
        op.create_index(f"ix_report_newest_by_{name}", "report", [column, "created_at", "id"])
    _partial("ix_report_newest_public", ["confirmed_at", "id", *LOOKED_AT, "lat", "lng"], PUBLIC)
    _partial(
        "ix_report_public_cell", ["cell", "lat", "lng", *LOOKED_AT, "confirmed_at", "id"], PUBLIC
    )
    _partial("ix_report_open_cell", ["cell", "lat", "lng"], OPEN)
    _partial("ix_report_open_newest", ["created_at", "id"], OPEN)


def downgrade() -> None:
    for name in ("open_newest", "open_cell", "public_cell", "newest_public"):
        op.drop_index(f"ix_report_{name}", "report")
    for name in NEWEST_BY:
        op.drop_index(f"ix_report_newest_by_{name}", "report")
    op.create_index("ix_report_quarter", "report", ["quarter"])
    op.create_index("ix_report_category", "report", ["category"])
    op.create_index("ix_report_newest_public", "report", ["confirmed_at", "id"])
    op.drop_column("report", "cell")


def _partial(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "report", columns, postgresql_where=where, sqlite_where=where)


def _fill() -> None:
    report = sa.table(
        "report", sa.column("id", sa.Uuid()), sa.column("lat"), sa.column("lng"), sa.column("cell")
    )
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(report.c.id, report.c.lat, report.c.lng).where(
            report.c.lat.is_not(None), report.c.lng.is_not(None)
        )
    ).all()
    cells = [{"key": row.id, "found": cell_of(row.lat, row.lng)} for row in rows]
    write = (
        report.update().where(report.c.id == sa.bindparam("key")).values(cell=sa.bindparam("found"))
    )
    for first in range(0, len(cells), AT_ONCE):
        connection.execute(write, cells[first : first + AT_ONCE])
