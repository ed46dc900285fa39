"""How these tests speak to the API: with the tag just read, and asking which fields were named in a refusal."""

ROOT = "/api/v1/"


def tag(client, batch):
    return client.get(f"{ROOT}batches/{batch.pk}/")["ETag"]


def step(client, batch, name, body=None, match=None):
    """A step with the tag that was just read."""
    return client.post(
        f"{ROOT}batches/{batch.pk}/{name}/", body or {}, headers={"If-Match": match or tag(client, batch)}
    )


def pointers(response):
    return {(fault["pointer"], fault["code"]) for fault in response.json()["errors"]}
