"""A believable city to run the dashboard on: history, live feed, embedded cluster, CSV loader."""
