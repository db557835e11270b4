"""Write: one function per output format; sees only the record."""
