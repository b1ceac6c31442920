"""From what was read to the sentences of an answer, a module for each shape that an answer has."""
