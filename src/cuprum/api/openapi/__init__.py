"""The description of the API: `/openapi.json` and its page, read from the routes and the entity definitions."""
