"""The media library: what editors upload, and how it is served."""
