"""Check: what is wrong with a scraped page, on the lines concerned, and what the pipeline would do about it."""
