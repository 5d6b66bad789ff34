"""The public pages: mobile first, in Vietnamese and English, useful without JavaScript."""
