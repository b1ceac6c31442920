"""What stands at places on a page (PDF and the like) -> lines in their reading order."""
