"""Small tools that know nothing of CRM."""
