"""Review: what is proposed for the glossary, the queue of proposals, and the page on which people decide."""
