"""What the tests of a running server share: the fixtures of the doors, beside which it stands."""

from tests.bot.web.api.conftest import assistant, client, key, keys, search, serve, settings

__all__ = ["assistant", "client", "key", "keys", "search", "serve", "settings"]
