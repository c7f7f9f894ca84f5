"""regrade: review a benchmark's remaining mistakes, correct its answer key, and grade every model again."""
