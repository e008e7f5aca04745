"""One folder a page: its view, and its template, whose blocks answer scripts."""
