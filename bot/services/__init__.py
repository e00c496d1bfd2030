"""One use case, one transaction each."""
