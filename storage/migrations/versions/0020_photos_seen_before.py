"""What photos look like is kept, so that one that comes again is known; those kept before are looked at one by one"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0021"
branch_labels = None
depends_on = None

LOOK_AT_OLD_PHOTOS = """
INSERT INTO job (kind, subject, state, attempts, created_at)
SELECT 'photo_print', 0, 'waiting', 0, CURRENT_TIMESTAMP WHERE EXISTS (SELECT 1 FROM photo WHERE state = 'kept')
"""


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("photo", sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "photo_key",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("photo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("signs", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "photo_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "photo_pair",
        sa.Column("photo_id", big, nullable=False),
        sa.Column("earlier_id", big, nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("picture", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"]),
        sa.ForeignKeyConstraint(["earlier_id"], ["photo.id"]),
        sa.PrimaryKeyConstraint("photo_id"),
    )
    op.create_index("photo_pair_picture", "photo_pair", ["picture"])
    op.execute(LOOK_AT_OLD_PHOTOS)


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE kind IN ('photo_print', 'photo_seen')")
    op.drop_table("photo_pair")
    op.drop_table("photo_key")
    op.drop_column("photo", "looked_at")
