"""A cache that may be lost at any second: when it does not answer, everything is merely slower."""

import logging

from django.core.cache.backends.redis import RedisCache
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


class ForgivingCache(RedisCache):
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
