"""Word files and older office files -> lines."""
