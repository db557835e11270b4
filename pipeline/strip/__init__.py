"""Strip: which blocks of a document are the article, and why the others are not."""
