"""Every word that Rounds says: messages, charts, pages, and their translations."""
