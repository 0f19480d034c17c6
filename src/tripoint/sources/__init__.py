"""Public data sets: one catalog entry and one reader each, from the producer's file to evidence rows."""
