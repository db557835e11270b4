"""Tests: one module a room; cases/ is data only."""
