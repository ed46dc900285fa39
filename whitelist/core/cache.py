"""A cache that may be lost at any second: when it does not answer, everything is merely slower."""

import logging

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _forgiving(name, missing):
    def call(self, *args, **kwargs):
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except (RedisError, OSError) as fault:
            log.warning("cache %s did not answer: %s", name, type(fault).__name__)
            return missing(*args, **kwargs)

    return call


class KeptClient(RedisCacheClient):
    """Django makes a client of the broker for each call; one does, and takes a tenth of the time."""

    @cached_property
    def client(self):
        return super().get_client(write=True)

    def get_client(self, key=None, *, write=False):
        return self.client


class ForgivingCache(RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = KeptClient

    def counted(self, key, seconds):
        """How often this was called for the key within its time, this call counted; 0 where nothing answers.

        Counting and forgetting are one trip, and the count is the broker's: callers at the same moment get different
        numbers.
        """
        key = self.make_and_validate_key(key)
        try:
            with self._cache.get_client(write=True).pipeline(transaction=False) as trip:
                return trip.incr(key).expire(key, seconds, nx=True).execute()[0]
        except (RedisError, OSError) as fault:
            log.warning("cache counted did not answer: %s", type(fault).__name__)
            return 0

    get = _forgiving("get", lambda key, default=None, version=None: default)
    get_many = _forgiving("get_many", lambda keys, version=None: {})
    set_many = _forgiving("set_many", lambda *args, **kwargs: [])
    set = _forgiving("set", lambda *args, **kwargs: None)
    add = _forgiving("add", lambda *args, **kwargs: True)
    delete = _forgiving("delete", lambda *args, **kwargs: False)
    delete_many = _forgiving("delete_many", lambda *args, **kwargs: None)
    has_key = _forgiving("has_key", lambda *args, **kwargs: False)
    clear = _forgiving("clear", lambda *args, **kwargs: False)
    incr = _forgiving("incr", lambda *args, **kwargs: 1)
    touch = _forgiving("touch", lambda *args, **kwargs: False)
