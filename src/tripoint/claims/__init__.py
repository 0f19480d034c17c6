"""Claims: a sentence, the test that was fixed beforehand, and the judgement that the evidence allows."""
