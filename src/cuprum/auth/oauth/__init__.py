"""The OAuth 2.0 server: Authlib's rules over our tables."""
