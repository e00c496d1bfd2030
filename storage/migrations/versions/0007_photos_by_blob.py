"""Find a photo by its marked copies: the sweep asks whether a row names a blob"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("photo_marked", "photo", ["marked"])
    op.create_index("photo_sendable", "photo", ["sendable"])


def downgrade() -> None:
    op.drop_index("photo_sendable", "photo")
    op.drop_index("photo_marked", "photo")
