"""The media room: pictures made fit to be shown, and where their files are kept."""
