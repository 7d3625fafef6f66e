"""What the service can do, as plain functions: records in, records out; no gRPC, no protobuf."""
