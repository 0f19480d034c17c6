"""Two states: similarity, ideal points, dependence, depth, tension, alignment."""
