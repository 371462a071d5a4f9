"""The running application: settings, refresher, live channel, API, gate, command line."""
