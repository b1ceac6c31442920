"""The replies that are remembered, so that the same question on the same version is not asked of the model twice."""

from collections import OrderedDict
from threading import Lock

from bot.llm.drafts import Reply

Key = tuple[str, ...]  # all that a reply follows from


class ReplyCache:
    """Holds the replies that were asked for last. It is safe to use from several threads."""

    def __init__(self, size: int) -> None:
        """`size` is how many replies are held; 0 for none."""
        self._size = size
        self._replies: OrderedDict[Key, Reply] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Reply | None:
        """The reply, if it is still held."""
        with self._lock:
            return self._replies.get(key)

    def put(self, key: Key, reply: Reply) -> None:
        """Hold a reply; the oldest makes room for it."""
        with self._lock:
            self._replies[key] = reply
            while len(self._replies) > self._size:
                self._replies.popitem(last=False)
