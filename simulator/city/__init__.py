"""A believable Jakarta: its regions, units, channels, categories and the course of its complaints."""
