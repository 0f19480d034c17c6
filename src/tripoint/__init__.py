"""Tripoint measures how states align and what would move them apart, from the public record."""
