"""Nine read-only tools for assistants: the same answers, with fact ids, sources and terms in every result."""
