"""Whether strain between friends foretells the end of their tie."""
