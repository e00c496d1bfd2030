"""A deleted team stays for its past, and its id never comes again"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("team", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM team WHERE deleted_at IS NOT NULL")
    op.drop_column("team", "deleted_at")
