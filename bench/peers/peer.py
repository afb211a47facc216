"""What the Python peers share: the clock, the line of JSON that run.ts reads.

argv: one JSON object {workload, config, repeats, budgetSeconds, threads}. A peer gives measure() a function for each
workload it has; called with the workload and the configuration, that function makes the inputs and returns the work.
"""
import json
import os
import resource
import sys
import time

request = json.loads(sys.argv[1])
threads = int(request["threads"])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, str(threads))

import numpy as np  # noqa: E402, F401  after the thread counts are set
from inputs import make, make_block  # noqa: E402, F401

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "workloads.json")) as file:
    WORKLOADS = json.load(file)


def measure(peer, version, implementations, own_cpu=None):
    name, config = request["workload"], request["config"]
    workload = WORKLOADS[name]
    work = implementations[name](workload, config)
    own_cpu = own_cpu or (lambda: sum(os.times()[:4]))
    seconds, cpu, checksum = [], [], None
    began = time.perf_counter()
    while len(seconds) < request["repeats"] and (not seconds or time.perf_counter() - began < request["budgetSeconds"]):
        cpu0, start = own_cpu(), time.perf_counter()
        checksum = float(work())
        seconds.append(time.perf_counter() - start)
        cpu.append(own_cpu() - cpu0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"peer": peer, "version": version, "seconds": seconds, "cpuSeconds": cpu, "checksum": checksum, "peakBytes": peak}), flush=True)
