"""Methods by which a bot gets its updates: long polling or a webhook."""

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.requests import flag, string, structure, whole
from bot.sandbox.updates import OTHER_POLL
from bot.sandbox.webhooks import MAX_CONNECTIONS, Webhook
from bot.sandbox.wire import JSON, Encoded, bad_request, conflict

LONGEST_POLL_S = 50
MOST_UPDATES = 100
_SECRET = re.compile(r"[\w-]{1,256}", re.ASCII)


def _remember_allowed(call: Call) -> None:
    if "allowed_updates" not in call.params:
        return
    kinds = structure(call.params, "allowed_updates")
    if not isinstance(kinds, list):
        raise bad_request("can't parse allowed updates")
    call.bot.queue.allow([str(kind) for kind in kinds])


async def get_updates(call: Call) -> Any:
    """https://core.telegram.org/bots/api#getupdates"""
    bot, params = call.bot, call.params
    if bot.courier is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _remember_allowed(call)
    offset = whole(params, "offset", 0) or 0
    limit = min(max(whole(params, "limit", MOST_UPDATES) or MOST_UPDATES, 1), MOST_UPDATES)
    timeout_s = min(max(whole(params, "timeout", 0) or 0, 0), LONGEST_POLL_S)
    queue = bot.queue
    queue.end_poll(OTHER_POLL)
    if offset:
        queue.confirm_before(offset)
    clock = call.world.clock
    deadline = asyncio.get_running_loop().time() + timeout_s
    found = queue.peek(limit, clock.timestamp())
    while not found:
        left_s = deadline - asyncio.get_running_loop().time()
        if left_s <= 0 or call.world.closing.is_set():
            break
        await queue.wait(left_s)
        found = queue.peek(limit, clock.timestamp())
    return Encoded(f"[{','.join(found)}]")


async def set_webhook(call: Call) -> Any:
    """https://core.telegram.org/bots/api#setwebhook; like a local Bot API server it also takes http:// and any port."""
    url = string(call.params, "url")
    if not url:
        return await delete_webhook(call)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = string(call.params, "secret_token")
    if secret and _SECRET.fullmatch(secret) is None:
        raise bad_request("secret token contains unallowed characters")
    _remember_allowed(call)
    await _stop_courier(call)
    call.bot.queue.end_poll("terminated by setWebhook request")
    if flag(call.params, "drop_pending_updates"):
        call.bot.queue.clear()
    connections = whole(call.params, "max_connections", MAX_CONNECTIONS) or MAX_CONNECTIONS
    webhook = Webhook(url, secret, connections, has_certificate="certificate" in call.params)
    call.bot.courier = call.world.new_courier(call.bot, webhook)
    call.bot.courier.collect()
    return True


async def delete_webhook(call: Call) -> Any:
    """https://core.telegram.org/bots/api#deletewebhook"""
    await _stop_courier(call)
    if flag(call.params, "drop_pending_updates"):
        call.bot.queue.clear()
    return True


async def _stop_courier(call: Call) -> None:
    courier, call.bot.courier = call.bot.courier, None
    if courier is not None:
        await courier.stop()


async def get_webhook_info(call: Call) -> Any:
    """https://core.telegram.org/bots/api#getwebhookinfo"""
    bot = call.bot
    info: JSON = {"url": "", "has_custom_certificate": False, "pending_update_count": len(bot.queue)}
    if bot.courier is not None:
        webhook = bot.courier.webhook
        info.update(
            url=webhook.url,
            has_custom_certificate=webhook.has_certificate,
            pending_update_count=len(bot.queue) + bot.courier.pending_count(),
            max_connections=webhook.max_connections,
        )
        if webhook.last_error_at is not None:
            info.update(last_error_date=webhook.last_error_at, last_error_message=webhook.last_error)
    if bot.queue.allowed is not None:
        info["allowed_updates"] = sorted(bot.queue.allowed)
    return info


METHODS: dict[str, Handler] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
