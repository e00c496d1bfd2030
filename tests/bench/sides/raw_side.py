"""The floor: aiohttp and sqlite3 by hand, without any framework; what a poll brings is committed, then replied to."""

import asyncio
import json
import sqlite3
import time

import aiohttp
from side import ITEMS, Side, asked, ready

SCHEMA = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
CREATE TABLE rep (id INTEGER PRIMARY KEY, telegram_id INTEGER UNIQUE, name TEXT);
CREATE TABLE call (id INTEGER PRIMARY KEY, rep_id INTEGER, state TEXT, step INTEGER, changed_at REAL);
CREATE INDEX call_rep ON call (rep_id);
CREATE TABLE answer (call_id INTEGER, item INTEGER, value REAL, answered_at REAL, PRIMARY KEY (call_id, item));
"""


def opened(side: Side) -> sqlite3.Connection:
    store = sqlite3.connect(side.folder / "raw.db", isolation_level=None)
    store.executescript(SCHEMA)
    store.execute("BEGIN")
    store.executemany("INSERT INTO rep VALUES (?, ?, 'Rep')", list(enumerate(side.telegram_ids, 1)))
    store.executemany("INSERT INTO call VALUES (?, ?, 'open', 0, 0)", [(i, i) for i in range(1, side.people + 1)])
    store.execute("COMMIT")
    return store


def step(store: sqlite3.Connection, telegram_id: int, text: str) -> str:
    now = time.time()
    rep, _ = store.execute("SELECT id, name FROM rep WHERE telegram_id = ?", (telegram_id,)).fetchone()
    (call,) = store.execute("SELECT id FROM call WHERE rep_id = ? AND state = 'open'", (rep,)).fetchone()
    answers = store.execute("SELECT item, value FROM answer WHERE call_id = ?", (call,)).fetchall()
    item = len(answers) % ITEMS
    store.execute(
        "INSERT INTO answer VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (call, item, float(text), now),
    )
    store.execute("UPDATE call SET step = ?, changed_at = ? WHERE id = ?", (item + 1, now, call))
    return f"✓ Stock count of product {item + 1}: {text}\n\n{item + 2}. Stock count of product {item + 2}"


async def run(side: Side) -> None:
    store, base, offset = opened(side), f"{side.api}/bot{side.token}", 0
    replies: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:

        async def reply(chat_id: int, text: str) -> None:
            async with session.post(f"{base}/sendMessage", data={"chat_id": chat_id, "text": text}) as response:
                await response.read()

        ready()
        while True:
            async with session.post(f"{base}/getUpdates", data={"offset": offset, "timeout": 25}) as response:
                updates = json.loads(await response.read())["result"]
            if not updates:
                continue
            store.execute("BEGIN IMMEDIATE")
            said = [(u["message"]["chat"]["id"], u["message"]["text"]) for u in updates]
            told = [(chat_id, step(store, chat_id, text)) for chat_id, text in said]
            store.execute("COMMIT")
            offset = updates[-1]["update_id"] + 1
            for chat_id, text in told:
                task = asyncio.create_task(reply(chat_id, text))
                replies.add(task)
                task.add_done_callback(replies.discard)


if __name__ == "__main__":
    asyncio.run(run(asked()))
