"""The page on which people decide on candidates: a server on this machine that needs the extra `review`."""
