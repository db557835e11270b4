"""Run: folders → folders: incremental, parallel, crash-safe."""
