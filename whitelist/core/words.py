"""Words that lists write many times over, put together once for each language."""

from functools import lru_cache, wraps

from django.utils.translation import get_language


def in_each_language(function):
    """For what depends on its arguments and the language alone: the last few thousand answers are kept."""
    kept = lru_cache(maxsize=4096, typed=True)(lambda language, *args: function(*args))

    @wraps(function)
    def said(*args):
        return kept(get_language(), *args)

    return said
