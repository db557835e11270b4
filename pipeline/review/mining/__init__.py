"""Mining: what on translated pages is probably wrong and not in the glossary yet. Nothing mined is ever applied."""
