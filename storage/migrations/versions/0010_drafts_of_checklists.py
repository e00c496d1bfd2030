"""Checklists are drafted by the admins together, and a version tells who published and who withdrew it"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "sop_draft",
        sa.Column("id", big, nullable=False, autoincrement=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", big, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("type"),
    )
    op.add_column("sop_version", sa.Column("published_by", sa.BigInteger(), nullable=True))
    op.add_column("sop_version", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sop_version", sa.Column("withdrawn_by", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in ("withdrawn_by", "withdrawn_at", "published_by"):
        op.drop_column("sop_version", name)
    op.drop_table("sop_draft")
