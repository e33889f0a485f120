"""English numbers, hedges and dates, read from printed words."""
