"""Coded news at any size: archives on disk, counts by pair of states, and what stands out in them."""
