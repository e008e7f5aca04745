"""The parts of the API, one class each: paths, bodies and answers of copper-api/."""
