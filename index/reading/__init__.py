"""Files of articles to sources: what may come in, what it says, and what is known of it."""
