"""A small company for dialogues: customers, and the road to a checklist."""

from typing import Any

from scene import Player, Scene

from storage import customers, search
from storage.tables import AnswerRow, table

ANSWERS = table(AnswerRow)
BANK = (29.5610, 106.5770)
DOOR = (BANK[0] + 0.0002, BANK[1])  # 22 m before it


async def with_customer(scene: Scene, name: str = "重庆长乐银行", **more: Any) -> int:
    """A customer whom everybody may visit."""
    now = scene.rounds.clock()

    def store(connection: Any) -> int:
        values = {"latitude": BANK[0], "longitude": BANK[1], "grade": "A", "position_from": "import", **more}
        customer_id = customers.add(connection, name=name, created_at=now, **values)
        search.index(connection, [customers.get(connection, customer_id)])
        return customer_id

    return await scene.rounds.database.write(store)


async def checked_in(scene: Scene, *, store_check: bool = True, language: str = "en") -> Player:
    """A rep at the first question of his checklist, in English."""
    await with_customer(scene, "Harbour Bakery")
    rep = await scene.play("Emma", language=language)
    await rep.joins("rep", team="West")
    await rep.presses("Start a visit")
    if store_check:
        await rep.presses("Customer visit")
        await rep.presses("Store check")
    await rep.presses("Relationship")
    await rep.stands_at(*DOOR)
    await rep.presses("Harbour Bakery")
    return rep


async def on_his_way_in(scene: Scene, purpose: str, *, name: str = "Emma", at: tuple[float, float] = DOOR) -> Player:
    """A rep who has begun a visit and said where he is; at which customer he is will be asked next."""
    rep = await scene.play(name)
    await rep.joins("rep")
    await rep.presses("Start a visit")
    await rep.presses(purpose)
    await rep.stands_at(*at)
    return rep


async def answers_the_checklist(rep: Player, *, closing: str = "No", photo: str | None = "Skip") -> None:
    """Every item of a customer visit, in order; `photo` is None where one is there already."""
    await rep.presses("Decides")
    await rep.says("A faster delivery")
    await rep.says("Our morning round")
    await rep.presses("Skip")
    await rep.presses(closing)
    if photo is not None:
        await rep.presses(photo)


async def answers_given(scene: Scene) -> dict[str, Any]:
    """What is filed, by item; for a scene with one visit."""
    return {row.item: row.value for row in await scene.rows(ANSWERS.select())}


async def at_review(scene: Scene) -> Player:
    """A rep whose customer visit only has to be sent."""
    rep = await checked_in(scene, store_check=False)
    await answers_the_checklist(rep, closing="Yes")
    await scene.pass_time(minutes=15.5)
    await rep.presses("Check out here")
    await rep.presses("Partly")
    await rep.presses("Nothing particular")
    await rep.says("send the white paper by Friday")
    await rep.presses("Yes")
    return rep
