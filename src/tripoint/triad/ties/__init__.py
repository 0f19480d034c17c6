"""Ties of a state to poles, by domain: what every measure of three states reads from the record."""
