"""What the figures mean: pure functions over the frames of a snapshot."""
