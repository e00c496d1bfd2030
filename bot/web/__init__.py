"""The small web server of the assistant: webhook and health."""
