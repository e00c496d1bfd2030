"""Find updates that were put aside and occurrences that are long past; old updates are found by their own order"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ASIDE = sa.text("state IN ('quarantined', 'replayed')")


def upgrade() -> None:
    op.create_index("inbox_aside", "inbox", ["seq"], sqlite_where=ASIDE, postgresql_where=ASIDE)
    op.drop_index("ix_inbox_received_at", "inbox")
    op.create_index("ix_occurrence_due_at", "occurrence", ["due_at"])


def downgrade() -> None:
    op.drop_index("ix_occurrence_due_at", "occurrence")
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.drop_index("inbox_aside", "inbox", sqlite_where=ASIDE, postgresql_where=ASIDE)
