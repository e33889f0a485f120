"""The name by which a book's `_config.yml` has this package's extension of Sphinx."""

from tallybook.site.extension import setup

__all__ = ["setup"]
