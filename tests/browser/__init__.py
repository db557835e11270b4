"""Tests in a real browser: `make test-browser`. Plain `make test` passes them over, for it needs no browser."""
