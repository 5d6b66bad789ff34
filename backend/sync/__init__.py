"""What has changed since a client asked last, over HTTP."""
