"""An invented company, and a day of it to act out."""
