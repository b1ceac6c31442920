"""A maintainer's work on a whole index: looking at files before they go in, checking, going back, and the commands for it."""
