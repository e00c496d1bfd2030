"""A rep's day and the customers near him are found without everybody else's, and without his past"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("visit_of_day", "visit", ["person_id", "visited_on", "checked_in_at"])
    op.drop_index("ix_visit_visited_on", "visit")
    op.create_index("customer_near", "customer", ["owner_id", "latitude", "longitude"])


def downgrade() -> None:
    op.drop_index("customer_near", "customer")
    op.create_index("ix_visit_visited_on", "visit", ["visited_on"])
    op.drop_index("visit_of_day", "visit")
