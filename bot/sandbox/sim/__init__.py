"""The door for people and scripts: /sim, where phones are used, watched, and the world around them is changed."""
