"""The rules of the trade: standard library only, no Telegram, no SQL, no clock."""
