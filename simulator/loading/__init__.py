"""The parts of the CSV loader: file, rows, regions, names, places, tables and its report."""
