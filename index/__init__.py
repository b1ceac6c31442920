"""The index: the article path (`build`, `plan`) that fills it, and `search`, which finds passages in it."""
