"""A believable Jakarta: regions, units, channels, categories and the course of complaints."""
