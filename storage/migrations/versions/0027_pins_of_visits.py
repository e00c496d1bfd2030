"""A visit keeps where its customer was taken to be"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("pin_latitude", sa.Float(), nullable=True))
    op.add_column("visit", sa.Column("pin_longitude", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("visit", "pin_longitude")
    op.drop_column("visit", "pin_latitude")
