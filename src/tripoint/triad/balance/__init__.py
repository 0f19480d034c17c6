"""Camps and the ties that fit neither; triangles."""
