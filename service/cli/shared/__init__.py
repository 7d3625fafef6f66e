"""What several commands share: options, doors to a server or a data folder, tables, files, progress."""
