"""Repair: machine-translation errors mended by a reviewed glossary whose entries carry their conditions."""
