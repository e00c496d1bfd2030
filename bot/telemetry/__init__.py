"""What a process knows about itself while it works: numbers for a scrape, and who a log line is about."""
