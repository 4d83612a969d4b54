"""Sums up what the server answered, by its own log: a run in which nothing ever succeeds would prove nothing.

    answers.py DOCUMENT LOG
"""

import collections
import json
import sys

#: So many of a hundred operations have to have succeeded at least once.
ENOUGH = 75


def main(document, log):
    with open(document, encoding="utf-8") as file:
        paths = json.load(file)["paths"]
    statuses = collections.Counter()
    succeeded = set()
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            if "status" not in told:
                continue
            statuses[told["status"]] += 1
            if told["status"] < 300:
                succeeded.add((told["method"].lower(), told["route"]))
    never = []
    operations = 0
    for path, item in paths.items():
        for method, operation in item.items():
            operations += 1
            if (method, path) not in succeeded:
                never.append(operation["operationId"])
    print("answers:", ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())))
    print(f"operations that succeeded: {operations - len(never)} of {operations}; not:", " ".join(never) or "none")
    return 100 * len(never) > (100 - ENOUGH) * operations


sys.exit(main(*sys.argv[1:]))
