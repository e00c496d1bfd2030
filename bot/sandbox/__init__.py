"""A local Telegram: a Bot API server, people to play, and a chat page. It knows nothing of the product."""
