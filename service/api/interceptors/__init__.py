"""What happens around every call: its threads, limits of streams, its turn, errors to statuses, log lines.

One that arrives passes, in this order:

| module | what it settles |
|---|---|
| `lanes` | whose `threads` run it: streams, lists and health have their own |
| `late` | whether it is refused unseen: its time is over, or a queue is drained (`service.core.backlog`) |
| `traces`, `metrics`, `logging`, `errors` | what is told of it |
| `streams` | whether one more stream may be open |
| `admission` | when its turn is (`service.core.gate`), in a line with others of its community (`shares`) |
| `access` | who calls, whether they may, and how much |
| `checks` | whether the request keeps to its bounds |

`load` is how much of all that a server does at once, out of its settings.
"""
