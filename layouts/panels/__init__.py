"""Figure and list builders: pure functions of a view."""
