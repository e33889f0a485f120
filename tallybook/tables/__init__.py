"""Tables of figures and items for notebooks, and the figures that notebooks derive."""
