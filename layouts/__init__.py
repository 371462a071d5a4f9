"""What is on screen: one module a page, its panels, and where it gets its data from."""
