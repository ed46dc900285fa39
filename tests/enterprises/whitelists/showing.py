"""How these tests read a page: its text, and what it says in its toasts."""

HTMX = {"HX-Request": "true"}


def text(response):
    return response.content.decode()


def said(client, address):
    """What the page says in its toasts."""
    return [str(message) for message in client.get(address).context["messages"]]


def line_of(batch, name):
    return batch.lines.get(enterprise__name=name)
