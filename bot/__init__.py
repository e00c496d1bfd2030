"""Rounds (巡访): the assistant that takes a field rep through a customer visit."""
