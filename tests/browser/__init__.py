"""Tests of the wall in a real browser, over a real primary and standby."""
