import pytest


@pytest.fixture
def editor(make):
    return make.user("310000", username="editor", name="Li Bian")


@pytest.fixture
def approver(make):
    return make.user("310000", username="approver", name="Wang Shen")


@pytest.fixture
def draft(make, editor):
    return make.batch("draft", editor=editor, enterprises=[make.enterprise(name="Alpha"), make.enterprise(name="Beta")])


@pytest.fixture
def submitted(make, editor, approver):
    firms = [make.enterprise(name=name) for name in ("Alpha", "Beta", "Gamma")]
    return make.batch("submitted", editor=editor, enterprises=firms)
