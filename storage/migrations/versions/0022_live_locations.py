"""Live locations are kept, with who agreed to it, the days that reps began, and what the visits' streams look like"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVIDENCE = (("covered", sa.Integer()), ("level", sa.Integer()), ("facts", sa.JSON(none_as_null=True)))


def upgrade() -> None:
    _make_shares()
    op.create_table(
        "location_fix",
        sa.Column("share_id", BIG, nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("heading", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("share_id", "at"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "location_consent",
        sa.Column("person_id", BIG, nullable=False, autoincrement=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "answered_at"),
    )
    op.create_table(
        "working_day",
        sa.Column("person_id", BIG, nullable=False, autoincrement=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "on_date"),
    )
    op.create_table(
        "visit_stream",
        sa.Column("visit_id", BIG, nullable=False, autoincrement=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prints", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("visit_id"),
    )
    op.create_table(
        "stream_print",
        sa.Column("value", BIG, nullable=False, autoincrement=False),
        sa.Column("visit_id", BIG, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("value", "visit_id"),
        sqlite_with_rowid=False,
    )
    for name, kind in EVIDENCE:
        op.add_column("visit", sa.Column(name, kind, nullable=True))


def _make_shares() -> None:
    op.create_table(
        "location_share",
        sa.Column("id", BIG, nullable=False, autoincrement=True),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("awaited", sa.Boolean(), nullable=False),
        sa.Column("visit_id", BIG, nullable=True),
        *(sa.Column(f"fence_{name}", sa.Float()) for name in ("latitude", "longitude", "radius", "allowed")),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("chat_id", "message_id"),
    )
    op.create_index("location_share_of_person", "location_share", ["person_id", "until"])
    for name, of, column in (
        ("kept_of", "person_id", "kept_until"),
        ("kept", "kept_until", "kept_until"),
        ("left", "left_at", "left_at"),
    ):
        some = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"location_share_{name}", "location_share", [of], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    for name, _ in reversed(EVIDENCE):
        op.drop_column("visit", name)
    for table in ("stream_print", "visit_stream", "working_day", "location_consent", "location_fix", "location_share"):
        op.drop_table(table)
