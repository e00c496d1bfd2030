"""Routes with their stops, the visits that are planned from them, and when a rep's next week is made"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("person", sa.Column("routes_due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_person_routes_due_at", "person", ["routes_due_at"])
    op.add_column("handover", sa.Column("routes", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "route",
        sa.Column("id", big, nullable=False, autoincrement=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person_id", big, nullable=False),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created_by", big, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_route_person_id", "route", ["person_id"])
    op.create_table(
        "route_stop",
        sa.Column("route_id", big, nullable=False),
        sa.Column("customer_id", big, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"]),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("route_id", "customer_id"),
    )
    op.create_table(
        "planned_visit",
        sa.Column("id", big, nullable=False, autoincrement=True),
        sa.Column("person_id", big, nullable=False),
        sa.Column("customer_id", big, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("route_id", big, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("visit_id", big, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "on_date", "customer_id"),
    )


def downgrade() -> None:
    for table in ("planned_visit", "route_stop", "route"):
        op.drop_table(table)
    op.drop_column("handover", "routes")
    op.drop_index("ix_person_routes_due_at", "person")
    op.drop_column("person", "routes_due_at")
