"""A policy may have a value for a team, a grade, a type of visit and a customer; a company knows when it began"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Instant

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

# What was a rule of its own is the value of a grade now, and the same again on the way back.
AS_GRADE = "UPDATE policy_change SET key = 'stay.minimum', scope = 'grade', subject = 'A' WHERE key = 'stay.minimum_a'"
AS_RULE = (
    "UPDATE policy_change SET key = 'stay.minimum_a', scope = 'company', subject = ''"
    " WHERE key = 'stay.minimum' AND scope = 'grade' AND subject = 'A'"
)


def upgrade() -> None:
    op.add_column("policy_change", sa.Column("scope", sa.String(), nullable=False, server_default="company"))
    op.add_column("policy_change", sa.Column("subject", sa.String(), nullable=False, server_default=""))
    op.add_column("team", sa.Column("founded_at", Instant(timezone=True), nullable=True))
    op.execute(AS_GRADE)


def downgrade() -> None:
    op.execute(AS_RULE)
    op.execute("DELETE FROM policy_change WHERE scope <> 'company'")
    op.drop_column("team", "founded_at")
    op.drop_column("policy_change", "subject")
    op.drop_column("policy_change", "scope")
