"""Processed pages for people: each page before and after, and an overview of all; as files, or on a server."""
