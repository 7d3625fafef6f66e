"""The computation: no database, no network, no protobuf."""
