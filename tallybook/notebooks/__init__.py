"""Notebooks: which are stale and why, and executing them in kernels of their own."""
