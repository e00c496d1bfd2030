"""The edge: what comes from the Bot API, and what goes to it."""
