"""A small company for dialogues: customers, and the road to a checklist."""

from typing import Any

from scene import Player, Scene

from storage import customers, search

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
    await rep.presses("Relationship")
    await rep.stands_at(*DOOR)
    await rep.presses("Harbour Bakery")
    return rep


async def at_review(scene: Scene) -> Player:
    """A rep whose customer visit only has to be sent."""
    rep = await checked_in(scene, store_check=False)
    await rep.presses("Decides")
    await rep.says("A faster delivery")
    await rep.says("Our morning round")
    await rep.presses("Skip")
    await rep.presses("Yes")
    await rep.presses("Skip")
    await scene.pass_time(minutes=15.5)
    await rep.presses("Check out here")
    await rep.presses("Partly")
    await rep.presses("Nothing particular")
    await rep.says("send the white paper by Friday")
    await rep.presses("Yes")
    return rep
