"""The web servers of a process: the public one for the webhook, and the operator's for health and metrics."""
