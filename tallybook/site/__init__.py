"""The site: what Sphinx makes of pages, figures and outputs, and how it is published."""
