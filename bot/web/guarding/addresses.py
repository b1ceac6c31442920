"""Where a request comes from, and how often one address may ask.

An address is what one subscriber has: an IPv4 address, or an IPv6 network /64, of which anybody has 2^64 addresses.
"""

import ipaddress
import math
import threading
import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

_MOST_REQUESTS = 50_000  # requests that are remembered: a flood from many addresses must not fill the memory
_NETWORK = 64  # bits of an IPv6 address that are one subscriber's
BURST, MINUTE = 10, 60  # seconds that the two limits count over


def source_of(host: str) -> str:
    """What is counted as one address: the network /64 of an IPv6 address, any other as it is."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _NETWORK), strict=False))


def address_of(request: HTTPConnection) -> str:
    """What is counted as the address that a request comes from, "" if it is not known."""
    return source_of(request.client.host) if request.client else ""


class RateLimit:
    """At most `most` requests from one address within `seconds`. It is safe to use from several threads."""

    def __init__(self, most: int, seconds: int) -> None:
        self._item, self._storage = RateLimitItemPerSecond(most, seconds), MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._remembered = 0

    def add(self, address: str) -> bool:
        """Count one more request, if it is within the limit; False if it is not."""
        self._remembered += 1
        if self._remembered > _MOST_REQUESTS:
            self._storage.reset()
            self._remembered = 1
        return self._limiter.hit(self._item, address)

    def wait(self, address: str) -> float:
        """Seconds until a request is within the limit again, 0 if one is now."""
        if self._limiter.test(self._item, address):
            return 0.0
        return max(self._limiter.get_window_stats(self._item, address).reset_time - time.time(), 0.0)

    def clear(self, address: str) -> None:
        """Forget the requests of an address."""
        self._limiter.clear(self._item, address)


class BurstLimit:
    """At most `burst` requests from one address within ten seconds, and `steady` within a minute; safe to use from several threads."""

    def __init__(self, burst: int, steady: int) -> None:
        self._limits, self._lock = (RateLimit(burst, BURST), RateLimit(steady, MINUTE)), threading.Lock()

    def add(self, address: str) -> int:
        """Count one more request if it is within both limits: 0; the seconds until one is if it is not."""
        with self._lock:
            wait = self.wait(address)
            for limit in self._limits if not wait else ():
                limit.add(address)
            return wait

    def wait(self, address: str) -> int:
        """Seconds until a request is within both limits, 0 if one is now."""
        return math.ceil(max(limit.wait(address) for limit in self._limits))
