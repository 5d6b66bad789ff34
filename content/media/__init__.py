"""The media library: pictures and documents that content shows, each with who has the rights."""
