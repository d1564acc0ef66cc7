"""Reads a page of metrics from standard input as Prometheus' client for Python does.

Prints what it found as JSON: a list of families, each with its name, type, help and samples.
"""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

families = [
    {
        "name": family.name,
        "type": family.type,
        "help": family.documentation,
        "samples": [
            {"name": sample.name, "labels": sample.labels, "value": sample.value}
            for sample in family.samples
        ],
    }
    for family in text_string_to_metric_families(sys.stdin.buffer.read().decode("utf-8"))
]
print(json.dumps(families, allow_nan=False))
