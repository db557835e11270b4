"""Sections: headings found, sections labelled by a taxonomy."""
