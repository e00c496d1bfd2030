"""Bytes in, bytes out: pictures and worksheets, worked on away from the event loop."""
