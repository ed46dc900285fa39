"""Private PostgreSQL and Valkey for one checkout, and the runner behind `make run`.

For demonstration, development and tests; a deployment names real servers with DATABASE_URL and REDIS_URL.
"""
