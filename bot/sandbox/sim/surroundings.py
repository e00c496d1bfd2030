"""/sim/clock, /sim/faults, /sim/places and /sim/acts: the world around the phones."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.acts import Acts
from bot.sandbox.sim.answers import answering, body_of
from bot.sandbox.wire import JSON, SimError
from bot.sandbox.world import World


class SurroundingsRoutes:
    """Time, faults, the map, and scenes to start."""

    def __init__(self, world: World, acts: Acts) -> None:
        self._world = world
        self._acts = acts

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register all of them."""
        router.add_get("/sim/clock", answering(self.clock))
        router.add_post("/sim/clock", answering(self.set_clock))
        router.add_get("/sim/faults", answering(self.faults))
        router.add_post("/sim/faults", answering(self.order_fault))
        router.add_delete("/sim/faults", answering(self.clear_faults))
        router.add_get("/sim/places", answering(self.places))
        router.add_post("/sim/places", answering(self.set_places))
        router.add_get("/sim/acts", answering(self.acts))
        router.add_post("/sim/acts/{act_id}/start", answering(self.start_act))

    async def clock(self, request: web.Request) -> JSON:
        """{now, offset_s, time_zone}."""
        clock = self._world.clock
        return {
            "now": clock.now().isoformat(),
            "offset_s": clock.offset.total_seconds(),
            "time_zone": clock.zone.key,
        }

    async def set_clock(self, request: web.Request) -> Any:
        """Go forward by {advance_s}, or to {until}: the next HH:MM or `morning` in the time zone."""
        body = await body_of(request)
        clock = self._world.clock
        try:
            if "until" in body:
                clock.advance(clock.until(str(body["until"])))
            else:
                clock.advance(timedelta(seconds=float(body["advance_s"])))
        except KeyError as error:
            raise SimError(400, "give advance_s or until") from error
        except (TypeError, ValueError, OverflowError) as error:
            raise SimError(400, str(error)) from error
        return await self.clock(request)

    async def faults(self, request: web.Request) -> Any:
        """What is still to go wrong, and whether the rate limits hold."""
        return {"faults": self._world.faults.waiting(), "limits": self._world.limits.enabled}

    async def order_fault(self, request: web.Request) -> Any:
        """A fault (see faults.Fault); {"limits": true | false} alone switches the rate limits."""
        body = await body_of(request)
        if "limits" in body:
            self._world.limits.enabled = bool(body["limits"])
        if "kind" in body or "limits" not in body:
            self._world.faults.add(body)
        return await self.faults(request)

    async def clear_faults(self, request: web.Request) -> Any:
        """Nothing goes wrong any more; the rate limits stay as they are."""
        self._world.faults.clear()
        return await self.faults(request)

    async def places(self, request: web.Request) -> Any:
        """What the map shows."""
        return self._world.places

    async def set_places(self, request: web.Request) -> Any:
        """Put [{name, latitude, longitude, grade?}] on the map, in place of what was there."""
        try:
            places = await request.json()
        except ValueError as error:
            raise SimError(400, "the body must be JSON") from error
        if not isinstance(places, list) or not all(_is_place(place) for place in places):
            raise SimError(400, "places are a list of {name, latitude, longitude, grade?}")
        self._world.places = places
        self._world.events.announce({"kind": "places", "person_id": None, "version": 0})
        return places

    async def acts(self, request: web.Request) -> Any:
        """The scenes and whether they run."""
        return self._acts.all()

    async def start_act(self, request: web.Request) -> Any:
        """Begin a scene."""
        return self._acts.start(request.match_info["act_id"]).described()


def _is_place(place: Any) -> bool:
    return (
        isinstance(place, dict)
        and isinstance(place.get("name"), str)
        and all(isinstance(place.get(name), int | float) for name in ("latitude", "longitude"))
    )
