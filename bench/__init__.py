"""Measurements of the product in one run: builds, screens, commit to paint."""
