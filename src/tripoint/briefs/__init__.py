"""The brief: judgements composed into a document in which every number can be followed to its row."""
