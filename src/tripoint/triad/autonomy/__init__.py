"""A state between poles: its place, its class by the rule, overtures."""
