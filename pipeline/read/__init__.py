"""Read: bytes or text → Document: encoding, HTML and text into blocks, metadata."""
