"""Places that the public sees, in the order of a list."""

from __future__ import annotations

from alembic import op

revision = "0023_places_by_address"
down_revision = "0022_category_suggestion"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_place_state_slug", "place", ["state", "slug"])


def downgrade() -> None:
    op.drop_index("ix_place_state_slug", "place")
