"""Where citing was: see :mod:`tripoint.evidence.citing`."""

from tripoint.evidence.citing import Citations, Cited, cite_facts

__all__ = ["Citations", "Cited", "cite_facts"]
