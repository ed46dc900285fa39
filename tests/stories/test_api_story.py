import pytest

from tests.stories.api_story import tell


@pytest.mark.slow
def test_the_main_job_through_the_api_alone(stack):
    tell(stack.url, stack.token)
