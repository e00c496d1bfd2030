"""Several processes share the inbox and the jobs: who has something in hand, and which update is its lane's oldest"""

import sqlalchemy as sa
import storage.tables
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("inbox", "job"):
        op.add_column(name, sa.Column("claimed_until", storage.tables.columns.Instant(timezone=True), nullable=True))
    op.add_column("inbox", sa.Column("deaths", sa.Integer(), nullable=False, server_default="0"))
    waits = sa.text("state = 'waiting'")
    op.create_index("inbox_lane", "inbox", ["lane", "seq"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_index("inbox_lane", "inbox")
    op.drop_column("inbox", "deaths")
    for name in ("job", "inbox"):
        op.drop_column(name, "claimed_until")
