"""The site while its author works on it: watched, built at each save, and served."""
