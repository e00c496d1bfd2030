"""People go on leave, hand over and leave; an invite can be revoked, and a manager hears of a block once"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOT_OVER = sa.text("cancelled_at IS NULL")


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("invite", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invite", sa.Column("revoked_by", sa.BigInteger(), nullable=True))
    op.add_column("person", sa.Column("block_told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "person_leave",
        sa.Column("id", big, nullable=False, autoincrement=True),
        sa.Column("person_id", big, nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("entered_by", big, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_by", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    days = ["person_id", "last_on", "first_on"]
    op.create_index("leave_of_person", "person_leave", days, sqlite_where=NOT_OVER, postgresql_where=NOT_OVER)
    op.create_table(
        "handover",
        sa.Column("id", big, nullable=False, autoincrement=True),
        sa.Column("from_id", big, nullable=False),
        sa.Column("to_id", big, nullable=True),
        sa.Column("leaves", sa.Boolean(), nullable=False),
        sa.Column("customers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("followups", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("done_by", big, nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_handover_from_id", "handover", ["from_id"])


def downgrade() -> None:
    op.drop_table("handover")
    op.drop_table("person_leave")
    op.drop_column("person", "block_told_at")
    op.drop_column("invite", "revoked_by")
    op.drop_column("invite", "revoked_at")
