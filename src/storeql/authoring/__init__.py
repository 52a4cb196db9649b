"""What a plugin's author runs: a new distribution to begin with, and the kit over any plugin."""
