"""Taking in a document, and proposing records of the figures in it, to be checked and entered."""
