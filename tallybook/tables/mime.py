"""The mime types under which notebooks store what the book makes of them."""

TABLE = "application/vnd.tallybook.table+json"
DERIVED = "application/vnd.tallybook.derived+json"
CHART = "application/vnd.vegalite.v6+json"
