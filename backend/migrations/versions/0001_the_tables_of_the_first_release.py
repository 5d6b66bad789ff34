"""The tables of the first release

Revision ID: 0001
Revises: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The full-text index and the triggers that keep it, by dialect.
CREATE_SEARCH_INDEX: dict[str, tuple[str, ...]] = {
    "sqlite": (
        """
        CREATE VIRTUAL TABLE search_index USING fts5(
            folded_title, folded_body, content='search_document', content_rowid='id',
            tokenize="unicode61 remove_diacritics 0", prefix='1 2 3'
        )
        """,
        """
        CREATE TRIGGER search_index_insert AFTER INSERT ON search_document BEGIN
            INSERT INTO search_index(rowid, folded_title, folded_body)
            VALUES (new.id, new.folded_title, new.folded_body);
        END
        """,
        """
        CREATE TRIGGER search_index_delete AFTER DELETE ON search_document BEGIN
            INSERT INTO search_index(search_index, rowid, folded_title, folded_body)
            VALUES ('delete', old.id, old.folded_title, old.folded_body);
        END
        """,
        """
        CREATE TRIGGER search_index_update AFTER UPDATE ON search_document BEGIN
            INSERT INTO search_index(search_index, rowid, folded_title, folded_body)
            VALUES ('delete', old.id, old.folded_title, old.folded_body);
            INSERT INTO search_index(rowid, folded_title, folded_body)
            VALUES (new.id, new.folded_title, new.folded_body);
        END
        """,
    ),
    "postgresql": (
        """
        CREATE TABLE search_index (
            rowid bigint PRIMARY KEY REFERENCES search_document (id) ON DELETE CASCADE,
            words tsvector NOT NULL
        )
        """,
        "CREATE INDEX search_index_words ON search_index USING gin (words)",
        """
        CREATE FUNCTION search_index_keep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO search_index (rowid, words) VALUES (
                new.id,
                setweight(to_tsvector('simple', new.folded_title), 'A')
                || setweight(to_tsvector('simple', new.folded_body), 'D')
            )
            ON CONFLICT (rowid) DO UPDATE SET words = excluded.words;
            RETURN new;
        END
        $$
        """,
        """
        CREATE TRIGGER search_index_keep AFTER INSERT OR UPDATE ON search_document
        FOR EACH ROW EXECUTE FUNCTION search_index_keep()
        """,
    ),
}

DROP_SEARCH_INDEX: dict[str, tuple[str, ...]] = {
    "sqlite": ("DROP TABLE IF EXISTS search_index",),
    "postgresql": (
        "DROP TABLE IF EXISTS search_index",
        "DROP FUNCTION IF EXISTS search_index_keep() CASCADE",
    ),
}


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", store.Json(), nullable=False),
        sa.Column("summary", store.Json(), nullable=False),
        sa.Column("body", store.Json(), nullable=False),
        sa.Column("topics", store.Json(), nullable=False),
        sa.Column("quarters", store.Json(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("published_at", store.UtcDateTime(), nullable=True),
        sa.Column("expires_at", store.UtcDateTime(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("sources", store.Json(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_slug")),
    )
    op.create_index(op.f("ix_article_is_sample"), "article", ["is_sample"], unique=False)
    op.create_index(op.f("ix_article_kind"), "article", ["kind"], unique=False)
    op.create_index(op.f("ix_article_state"), "article", ["state"], unique=False)
    op.create_index(op.f("ix_article_updated_at"), "article", ["updated_at"], unique=False)
    op.create_table(
        "beach",
        sa.Column("name", store.Json(), nullable=False),
        sa.Column("summary", store.Json(), nullable=False),
        sa.Column("aliases", store.Json(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("published_at", store.UtcDateTime(), nullable=True),
        sa.Column("expires_at", store.UtcDateTime(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("sources", store.Json(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beach")),
        sa.UniqueConstraint("slug", name=op.f("uq_beach_slug")),
    )
    op.create_index(op.f("ix_beach_is_sample"), "beach", ["is_sample"], unique=False)
    op.create_index(op.f("ix_beach_lat"), "beach", ["lat"], unique=False)
    op.create_index(op.f("ix_beach_state"), "beach", ["state"], unique=False)
    op.create_index(op.f("ix_beach_updated_at"), "beach", ["updated_at"], unique=False)
    op.create_table(
        "citizen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firebase_uid", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", store.UtcDateTime(), nullable=False),
        sa.Column("erased_at", store.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen")),
        sa.UniqueConstraint("firebase_uid", name=op.f("uq_citizen_firebase_uid")),
    )
    op.create_table(
        "contact",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", store.Json(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", store.Json(), nullable=False),
        sa.Column("note", store.Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("published_at", store.UtcDateTime(), nullable=True),
        sa.Column("expires_at", store.UtcDateTime(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("sources", store.Json(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("slug", name=op.f("uq_contact_slug")),
    )
    op.create_index(op.f("ix_contact_is_sample"), "contact", ["is_sample"], unique=False)
    op.create_index(op.f("ix_contact_kind"), "contact", ["kind"], unique=False)
    op.create_index(op.f("ix_contact_state"), "contact", ["state"], unique=False)
    op.create_index(op.f("ix_contact_updated_at"), "contact", ["updated_at"], unique=False)
    op.create_table(
        "device",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("installation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=True),
        sa.Column("app_version", sa.Text(), nullable=True),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_to", sa.Time(), nullable=True),
        sa.Column("last_seen_at", store.UtcDateTime(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("installation_id", name=op.f("uq_device_installation_id")),
        sa.UniqueConstraint("kind", "address", name=op.f("uq_device_kind_address")),
    )
    op.create_index(op.f("ix_device_citizen_id"), "device", ["citizen_id"], unique=False)
    op.create_index(op.f("ix_device_last_seen_at"), "device", ["last_seen_at"], unique=False)
    op.create_index(op.f("ix_device_updated_at"), "device", ["updated_at"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("payload", store.Json(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", store.UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", store.UtcDateTime(), nullable=True),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("settled_at", store.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    op.create_index("ix_job_queue", "job", ["state", "priority", "due_at", "id"], unique=False)
    op.create_table(
        "place",
        sa.Column("name", store.Json(), nullable=False),
        sa.Column("summary", store.Json(), nullable=False),
        sa.Column("description", store.Json(), nullable=False),
        sa.Column("aliases", store.Json(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("tags", store.Json(), nullable=False),
        sa.Column("address", store.Json(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=True),
        sa.Column("opening_hours", sa.Text(), nullable=True),
        sa.Column("price_from", sa.Integer(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("amenities", store.Json(), nullable=False),
        sa.Column("images", store.Json(), nullable=False),
        sa.Column("verified_at", store.UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("published_at", store.UtcDateTime(), nullable=True),
        sa.Column("expires_at", store.UtcDateTime(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("sources", store.Json(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("slug", name=op.f("uq_place_slug")),
    )
    op.create_index(op.f("ix_place_category"), "place", ["category"], unique=False)
    op.create_index(op.f("ix_place_is_sample"), "place", ["is_sample"], unique=False)
    op.create_index(op.f("ix_place_lat"), "place", ["lat"], unique=False)
    op.create_index(op.f("ix_place_quarter"), "place", ["quarter"], unique=False)
    op.create_index(op.f("ix_place_state"), "place", ["state"], unique=False)
    op.create_index(op.f("ix_place_updated_at"), "place", ["updated_at"], unique=False)
    op.create_table(
        "push_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topics", store.Json(), nullable=False),
        sa.Column("title", store.Json(), nullable=False),
        sa.Column("body", store.Json(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("source_type", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("audience", store.Json(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_message")),
        sa.UniqueConstraint("key", name=op.f("uq_push_message_key")),
    )
    op.create_index(
        op.f("ix_push_message_citizen_id"), "push_message", ["citizen_id"], unique=False
    )
    op.create_index(
        op.f("ix_push_message_created_at"), "push_message", ["created_at"], unique=False
    )
    op.create_table(
        "quarter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", store.Json(), nullable=False),
        sa.Column("aliases", store.Json(), nullable=False),
        sa.Column("former_ward_code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter")),
        sa.UniqueConstraint("code", name=op.f("uq_quarter_code")),
    )
    op.create_index(op.f("ix_quarter_updated_at"), "quarter", ["updated_at"], unique=False)
    op.create_table(
        "search_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("folded_title", sa.Text(), nullable=False),
        sa.Column("folded_body", sa.Text(), nullable=False),
        sa.Column("visible_from", store.UtcDateTime(), nullable=False),
        sa.Column("visible_until", store.UtcDateTime(), nullable=True),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint(
            "type", "item_id", "language", name=op.f("uq_search_document_type_item_id_language")
        ),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role_names", store.Json(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.Text(), nullable=False),
        sa.Column("tf_primary_method", sa.Text(), nullable=True),
        sa.Column("tf_totp_secret", sa.Text(), nullable=True),
        sa.Column("last_totp_counter", sa.Integer(), nullable=True),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_staff_fs_uniquifier")),
    )
    op.create_table(
        "term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vocabulary", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", store.Json(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("keywords", store.Json(), nullable=False),
        sa.Column("attributes", store.Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("vocabulary", "code", name=op.f("uq_term_vocabulary_code")),
    )
    op.create_index(op.f("ix_term_updated_at"), "term", ["updated_at"], unique=False)
    op.create_table(
        "ward",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", store.Json(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward")),
    )
    op.create_index(op.f("ix_ward_code"), "ward", ["code"], unique=False)
    op.create_index(op.f("ix_ward_updated_at"), "ward", ["updated_at"], unique=False)
    op.create_table(
        "worker_heartbeat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_heartbeat")),
    )
    op.create_index(op.f("ix_worker_heartbeat_at"), "worker_heartbeat", ["at"], unique=False)
    op.create_table(
        "beach_observation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("beach_id", sa.Uuid(), nullable=False),
        sa.Column("flag", sa.Text(), nullable=True),
        sa.Column("observed_at", store.UtcDateTime(), nullable=False),
        sa.Column("valid_until", store.UtcDateTime(), nullable=False),
        sa.Column("lifeguards_on_duty", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beach_id"],
            ["beach.id"],
            name=op.f("fk_beach_observation_beach_id_beach"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beach_observation")),
    )
    op.create_index(
        op.f("ix_beach_observation_beach_id"), "beach_observation", ["beach_id"], unique=False
    )
    op.create_table(
        "device_muted_topic",
        sa.Column(
            "device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_device_muted_topic_device_id_device"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("device_id", "topic", name=op.f("pk_device_muted_topic")),
    )
    op.create_table(
        "device_quarter",
        sa.Column(
            "device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("quarter", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_device_quarter_device_id_device"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("device_id", "quarter", name=op.f("pk_device_quarter")),
    )
    op.create_table(
        "inbox_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column(
            "device_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("accepted_at", store.UtcDateTime(), nullable=True),
        sa.Column("delivered_at", store.UtcDateTime(), nullable=True),
        sa.Column("opened_at", store.UtcDateTime(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_inbox_item_device_id_device"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["push_message.id"],
            name=op.f("fk_inbox_item_message_id_push_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_item")),
        sa.UniqueConstraint(
            "message_id", "device_id", name=op.f("uq_inbox_item_message_id_device_id")
        ),
    )
    op.create_index(op.f("ix_inbox_item_device_id"), "inbox_item", ["device_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("place_text", sa.Text(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=True),
        sa.Column("attributes", store.Json(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("consent_version", sa.Text(), nullable=True),
        sa.Column("consent_at", store.UtcDateTime(), nullable=True),
        sa.Column("expected_at", store.UtcDateTime(), nullable=False),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("searchable", sa.Text(), nullable=False),
        sa.Column("filing_key", sa.Uuid(), nullable=True),
        sa.Column("filing_digest", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["staff.id"], name=op.f("fk_report_assignee_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
            name=op.f("fk_report_citizen_id_citizen"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("code", name=op.f("uq_report_code")),
        sa.UniqueConstraint("filing_key", name=op.f("uq_report_filing_key")),
    )
    op.create_index(op.f("ix_report_category"), "report", ["category"], unique=False)
    op.create_index("ix_report_newest", "report", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_report_newest_by_citizen", "report", ["citizen_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_report_newest_by_status", "report", ["status", "created_at", "id"], unique=False
    )
    op.create_index(op.f("ix_report_quarter"), "report", ["quarter"], unique=False)
    op.create_index(op.f("ix_report_updated_at"), "report", ["updated_at"], unique=False)
    op.create_table(
        "staff_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("expires_at", store.UtcDateTime(), nullable=True),
        sa.Column("last_used_at", store.UtcDateTime(), nullable=True),
        sa.Column("revoked_at", store.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_staff_token_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_staff_token_digest")),
    )
    op.create_index(op.f("ix_staff_token_staff_id"), "staff_token", ["staff_id"], unique=False)
    op.create_table(
        "swim_ban",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("beach_id", sa.Uuid(), nullable=True),
        sa.Column("reason", store.Json(), nullable=False),
        sa.Column("starts_at", store.UtcDateTime(), nullable=False),
        sa.Column("ends_at", store.UtcDateTime(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("lifted_at", store.UtcDateTime(), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["beach_id"], ["beach.id"], name=op.f("fk_swim_ban_beach_id_beach"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swim_ban")),
    )
    op.create_index(op.f("ix_swim_ban_beach_id"), "swim_ban", ["beach_id"], unique=False)
    op.create_table(
        "water_sample",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("beach_id", sa.Uuid(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("sampled_at", store.UtcDateTime(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beach_id"],
            ["beach.id"],
            name=op.f("fk_water_sample_beach_id_beach"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_water_sample")),
    )
    op.create_index(op.f("ix_water_sample_beach_id"), "water_sample", ["beach_id"], unique=False)
    op.create_table(
        "report_contact",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_contact_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_contact")),
    )
    op.create_table(
        "report_contact_look",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_contact_look_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_report_contact_look_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_contact_look")),
    )
    op.create_index(
        op.f("ix_report_contact_look_report_id"), "report_contact_look", ["report_id"], unique=False
    )
    op.create_index(
        op.f("ix_report_contact_look_staff_id"), "report_contact_look", ["staff_id"], unique=False
    )
    op.create_table(
        "report_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("public_note", store.Json(), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_event_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_report_event_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_event")),
    )
    op.create_index(op.f("ix_report_event_report_id"), "report_event", ["report_id"], unique=False)
    op.create_table(
        "report_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("thumbnail_name", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_photo_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_photo")),
        sa.UniqueConstraint("report_id", "digest", name=op.f("uq_report_photo_report_id_digest")),
    )
    for statement in CREATE_SEARCH_INDEX[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in DROP_SEARCH_INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("report_photo")
    op.drop_index(op.f("ix_report_event_report_id"), table_name="report_event")
    op.drop_table("report_event")
    op.drop_index(op.f("ix_report_contact_look_staff_id"), table_name="report_contact_look")
    op.drop_index(op.f("ix_report_contact_look_report_id"), table_name="report_contact_look")
    op.drop_table("report_contact_look")
    op.drop_table("report_contact")
    op.drop_index(op.f("ix_water_sample_beach_id"), table_name="water_sample")
    op.drop_table("water_sample")
    op.drop_index(op.f("ix_swim_ban_beach_id"), table_name="swim_ban")
    op.drop_table("swim_ban")
    op.drop_index(op.f("ix_staff_token_staff_id"), table_name="staff_token")
    op.drop_table("staff_token")
    op.drop_index(op.f("ix_report_updated_at"), table_name="report")
    op.drop_index(op.f("ix_report_quarter"), table_name="report")
    op.drop_index("ix_report_newest_by_status", table_name="report")
    op.drop_index("ix_report_newest_by_citizen", table_name="report")
    op.drop_index("ix_report_newest", table_name="report")
    op.drop_index(op.f("ix_report_category"), table_name="report")
    op.drop_table("report")
    op.drop_index(op.f("ix_inbox_item_device_id"), table_name="inbox_item")
    op.drop_table("inbox_item")
    op.drop_table("device_quarter")
    op.drop_table("device_muted_topic")
    op.drop_index(op.f("ix_beach_observation_beach_id"), table_name="beach_observation")
    op.drop_table("beach_observation")
    op.drop_index(op.f("ix_worker_heartbeat_at"), table_name="worker_heartbeat")
    op.drop_table("worker_heartbeat")
    op.drop_index(op.f("ix_ward_updated_at"), table_name="ward")
    op.drop_index(op.f("ix_ward_code"), table_name="ward")
    op.drop_table("ward")
    op.drop_index(op.f("ix_term_updated_at"), table_name="term")
    op.drop_table("term")
    op.drop_table("staff")
    op.drop_table("search_document")
    op.drop_index(op.f("ix_quarter_updated_at"), table_name="quarter")
    op.drop_table("quarter")
    op.drop_index(op.f("ix_push_message_created_at"), table_name="push_message")
    op.drop_index(op.f("ix_push_message_citizen_id"), table_name="push_message")
    op.drop_table("push_message")
    op.drop_index(op.f("ix_place_updated_at"), table_name="place")
    op.drop_index(op.f("ix_place_state"), table_name="place")
    op.drop_index(op.f("ix_place_quarter"), table_name="place")
    op.drop_index(op.f("ix_place_lat"), table_name="place")
    op.drop_index(op.f("ix_place_is_sample"), table_name="place")
    op.drop_index(op.f("ix_place_category"), table_name="place")
    op.drop_table("place")
    op.drop_index("ix_job_queue", table_name="job")
    op.drop_table("job")
    op.drop_index(op.f("ix_device_updated_at"), table_name="device")
    op.drop_index(op.f("ix_device_last_seen_at"), table_name="device")
    op.drop_index(op.f("ix_device_citizen_id"), table_name="device")
    op.drop_table("device")
    op.drop_index(op.f("ix_contact_updated_at"), table_name="contact")
    op.drop_index(op.f("ix_contact_state"), table_name="contact")
    op.drop_index(op.f("ix_contact_kind"), table_name="contact")
    op.drop_index(op.f("ix_contact_is_sample"), table_name="contact")
    op.drop_table("contact")
    op.drop_table("citizen")
    op.drop_index(op.f("ix_beach_updated_at"), table_name="beach")
    op.drop_index(op.f("ix_beach_state"), table_name="beach")
    op.drop_index(op.f("ix_beach_lat"), table_name="beach")
    op.drop_index(op.f("ix_beach_is_sample"), table_name="beach")
    op.drop_table("beach")
    op.drop_index(op.f("ix_article_updated_at"), table_name="article")
    op.drop_index(op.f("ix_article_state"), table_name="article")
    op.drop_index(op.f("ix_article_kind"), table_name="article")
    op.drop_index(op.f("ix_article_is_sample"), table_name="article")
    op.drop_table("article")
