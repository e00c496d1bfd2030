"""The usual way to a database: SQLModel's AsyncSession over aiosqlite; one step's reads and writes, then a commit."""

from datetime import UTC, datetime

from side import ITEMS, Side
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Field, SQLModel, col, insert, select
from sqlmodel.ext.asyncio.session import AsyncSession


class Rep(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(unique=True)
    name: str
    language: str = "en"


class Call(SQLModel, table=True):
    """An open visit."""

    id: int | None = Field(default=None, primary_key=True)
    rep_id: int = Field(foreign_key="rep.id", index=True)
    customer: str
    state: str = "open"
    step: int = 0
    changed_at: datetime


class Answer(SQLModel, table=True):
    call_id: int = Field(foreign_key="call.id", primary_key=True)
    item: int = Field(primary_key=True)
    value: float
    answered_at: datetime


async def opened(side: Side) -> AsyncEngine:
    """The engine, with everybody in an open visit."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{side.folder / 'usual.db'}", connect_args={"timeout": 60}, pool_size=1, max_overflow=0,
        pool_timeout=60,
    )  # fmt: skip

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection, _record) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return await filled(engine, side)


async def filled(engine: AsyncEngine, side: Side) -> AsyncEngine:
    """The tables, and everybody in an open visit."""
    now = datetime.now(UTC)
    reps = [{"id": i, "telegram_id": t, "name": f"Rep {i}"} for i, t in enumerate(side.telegram_ids, 1)]
    calls = [{"id": r["id"], "rep_id": r["id"], "customer": "Shop", "changed_at": now} for r in reps]
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        await connection.execute(insert(Rep), reps)
        await connection.execute(insert(Call), calls)
    return engine


async def step(engine: AsyncEngine, telegram_id: int, text: str) -> str:
    """Read person, visit and answers; keep the answer and how far the visit is; what to reply."""
    now = datetime.now(UTC)
    async with AsyncSession(engine, expire_on_commit=False) as session:
        rep = (await session.exec(select(Rep).where(Rep.telegram_id == telegram_id))).one()
        call = (await session.exec(select(Call).where(Call.rep_id == rep.id, Call.state == "open"))).one()
        answers = (await session.exec(select(Answer).where(Answer.call_id == call.id).order_by(col(Answer.item)))).all()
        item = len(answers) % ITEMS
        await session.merge(Answer(call_id=call.id, item=item, value=float(text), answered_at=now))
        call.step, call.changed_at = item + 1, now
        session.add(call)
        await session.commit()
    return f"✓ Stock count of product {item + 1}: {text}\n\n{item + 2}. Stock count of product {item + 2}"
