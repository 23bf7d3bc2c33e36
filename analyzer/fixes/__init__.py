"""Fixes worked out: written into the files, judged again and priced again. Nothing is saved."""
