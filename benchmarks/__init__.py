"""Accuracy, speed and memory beside named peers, in one run. Every number in the README comes from here."""
