"""What waits for a chat, and what is under way to it, is found without what it was ever told"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WAITS = sa.text("state = 'waiting'")
UNDER_WAY = sa.text("state = 'sending'")


def upgrade() -> None:
    op.drop_index("ix_outbox_chat_id", "outbox")
    op.drop_index("outbox_slot", "outbox")
    op.drop_index("outbox_sending", "outbox")
    op.create_index("outbox_chat", "outbox", ["chat_id", "bulk", "id"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_index("outbox_sending", "outbox", ["chat_id"], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)


def downgrade() -> None:
    op.drop_index("outbox_sending", "outbox")
    op.drop_index("outbox_chat", "outbox")
    op.create_index("outbox_sending", "outbox", ["id"], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)
    op.create_index("outbox_slot", "outbox", ["chat_id", "slot"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_index("ix_outbox_chat_id", "outbox", ["chat_id"])
