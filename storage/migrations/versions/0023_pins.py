"""Places that visits propose for a customer, and what a person vouched for"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.add_column("customer", sa.Column("vouched_latitude", sa.Float(), nullable=True))
    op.add_column("customer", sa.Column("vouched_longitude", sa.Float(), nullable=True))
    own = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "customer_pin",
        sa.Column("id", own, primary_key=True, autoincrement=True),
        sa.Column("customer_id", own, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("metres", sa.Float(), nullable=True),
        sa.Column("person_id", own, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("visit_id", own, sa.ForeignKey("visit.id"), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("pin_of_customer", "customer_pin", ["customer_id", "id"])
    op.create_index("ix_customer_pin_visit_id", "customer_pin", ["visit_id"])
    op.create_index("pin_open", "customer_pin", ["customer_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    propose_what_stands()


def propose_what_stands() -> None:
    """Positions that visits proposed before wait for a manager now; the visit is the first that stood there."""
    op.execute(
        sa.text(
            "INSERT INTO customer_pin (customer_id, why, latitude, longitude, accuracy, person_id, visit_id, "
            "proposed_at, state) SELECT customer.id, 'first', customer.latitude, customer.longitude, visit.accuracy, "
            "visit.person_id, visit.id, visit.checked_in_at, 'open' FROM customer JOIN visit ON visit.id = "
            "(SELECT min(v.id) FROM visit v WHERE v.customer_id = customer.id AND v.latitude = customer.latitude "
            "AND v.longitude = customer.longitude) WHERE customer.position_from = 'proposed'"
        )
    )


def downgrade() -> None:
    op.drop_table("customer_pin")
    op.drop_column("customer", "vouched_longitude")
    op.drop_column("customer", "vouched_latitude")
