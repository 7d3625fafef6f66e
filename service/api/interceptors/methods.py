"""How the names of methods begin, as gRPC gives them: "/package.Service/Method"."""

OURS = "/yiqi.v1."
HEALTH = "/grpc.health.v1.Health/"
REFLECTION = "/grpc.reflection."
