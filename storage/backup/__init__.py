"""Backup and restore: one archive of database and photos that either kind of database can be made from."""
