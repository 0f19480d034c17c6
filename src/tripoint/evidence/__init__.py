"""The evidence store: what the public record says, kept so that every number can be traced to its row."""
