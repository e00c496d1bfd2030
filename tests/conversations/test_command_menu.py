"""Telegram's own command menu: for each person the commands of his roles, in his language."""

from scene import Player, Scene

from bot.services.turn import Turn
from storage import people


async def menu_of(player: Player) -> dict[str, str]:
    return {command["command"]: command["description"] for command in (await player.chat())["commands"]}


async def test_a_stranger_sees_no_more_than_how_to_begin(scene: Scene) -> None:
    stranger = await scene.play("Eve")
    assert set(await menu_of(stranger)) == {"start", "help"}


async def test_a_new_role_brings_its_commands_to_the_menu(scene: Scene) -> None:
    ann, rae = await scene.play("Ann"), await scene.play("Rae")
    await ann.joins("admin")
    await rae.joins("rep")
    await ann.says("/invite admin")
    link = next(word for word in (await ann.last()).split() if "start=" in word)
    await rae.says(f"/start {link.partition('start=')[2]}")
    assert {"visit", "settings", "undo", "invite", "import"} <= set(await menu_of(rae))


async def test_the_menu_speaks_the_persons_language_and_changes_with_it(scene: Scene) -> None:
    ann = await scene.play("Ann")
    await ann.joins("admin")
    await ann.says("/language")
    await ann.presses("简体中文")
    assert (await menu_of(ann))["settings"] == "公司规则，以及如何修改"
    await ann.says("/language")
    await ann.presses("English")
    assert (await menu_of(ann))["settings"] == "The company's rules, and how to change them"


async def test_a_command_of_a_lost_role_is_refused_though_the_menu_may_still_show_it(scene: Scene) -> None:
    ann = await scene.play("Ann")
    await ann.joins("admin")
    person_id = await ann.person_id
    await scene.rounds.database.write(lambda connection: people.change(connection, person_id, roles="rep"))
    await ann.says("/set fence.radius 100")
    assert "Only an admin can do this" in await ann.last()


async def test_whoever_is_locked_out_is_left_with_a_newcomers_menu(scene: Scene) -> None:
    rae = await scene.play("Rae")
    await rae.joins("rep")
    person_id = await rae.person_id

    def lock_out(turn: Turn) -> None:
        people.change(turn.connection, person_id, status="gone")
        turn.work("commands", person_id)

    await scene.rounds.desk.act("locked out", lock_out)
    await scene.settle()
    assert set(await menu_of(rae)) == {"start", "help"}
