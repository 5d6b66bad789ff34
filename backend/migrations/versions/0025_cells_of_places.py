"""Places keep the cell of the earth that they lie in, by which a map finds them

Revision ID: 0025_cells
Revises: 0024_forwarding
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content.on_map import cell_of

revision = "0025_cells"
down_revision = "0024_forwarding"
branch_labels = None
depends_on = None

LOOKED_AT = ("category", "quarter", "state", "published_at", "expires_at")


def upgrade() -> None:
    op.add_column("place", sa.Column("cell", sa.BigInteger()))
    _fill()
    op.create_index("ix_place_cell", "place", ["cell", "lat", "lng", *LOOKED_AT, "slug", "id"])
    op.create_index("ix_place_by_slug", "place", ["slug", *LOOKED_AT, "lat", "lng", "id"])
    op.drop_index("ix_place_lat", "place")


def downgrade() -> None:
    op.create_index("ix_place_lat", "place", ["lat"])
    op.drop_index("ix_place_by_slug", "place")
    op.drop_index("ix_place_cell", "place")
    op.drop_column("place", "cell")


def _fill() -> None:
    place = sa.table(
        "place", sa.column("id"), sa.column("lat"), sa.column("lng"), sa.column("cell")
    )
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(place.c.id, place.c.lat, place.c.lng).where(
            place.c.lat.is_not(None), place.c.lng.is_not(None)
        )
    )
    cells = [{"key": row.id, "found": cell_of(row.lat, row.lng)} for row in rows]
    if cells:
        connection.execute(
            place.update()
            .where(place.c.id == sa.bindparam("key"))
            .values(cell=sa.bindparam("found")),
            cells,
        )
