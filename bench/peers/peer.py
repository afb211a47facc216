"""What the Python peers share: the clock, the line of JSON that measure.ts reads.

argv: one JSON object {workload, config, repeats, budgetSeconds, threads}. A peer gives measure() a function for each
workload it has; called with the workload and the configuration, that function makes the inputs and returns the work,
or a dictionary with the work for each size of chunks.
"""
import json
import os
import resource
import sys
import threading
import time

request = json.loads(sys.argv[1])
threads = int(request["threads"])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(name, str(threads))

import numpy as np  # noqa: E402, F401  after the thread counts are set
import psutil  # noqa: E402
from inputs import make, make_block  # noqa: E402, F401

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "workloads.json")) as file:
    WORKLOADS = json.load(file)


def family():
    me = psutil.Process()
    return [me, *me.children(recursive=True)]


def family_sum(figure):
    total = 0
    for process in family():
        try:
            total += figure(process)
        except psutil.Error:
            pass  # it has just ended
    return total


class FamilyPeak(threading.Thread):
    """The most memory that this process and those it started hold at once, looked at twenty times a second."""

    def __init__(self):
        super().__init__(daemon=True)
        self.bytes, self.ended = 0, threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.05):
            self.bytes = max(self.bytes, family_sum(lambda process: process.memory_info().rss))


def measure(peer, version, implementations, several_processes=False):
    name, config = request["workload"], request["config"]
    work = implementations[name](WORKLOADS[name], config)
    own_cpu = (lambda: family_sum(lambda process: sum(process.cpu_times()[:2]))) if several_processes else (lambda: sum(os.times()[:4]))
    peak = FamilyPeak() if several_processes else None
    least = {}

    def once():
        if not isinstance(work, dict):
            return work()
        for label, one in work.items():
            start = time.perf_counter()
            checksum = one()
            least[label] = min(least.get(label, float("inf")), time.perf_counter() - start)
        return checksum

    seconds, cpu, checksum = [], [], None
    began = time.perf_counter()
    while len(seconds) < request["repeats"] and (not seconds or time.perf_counter() - began < request["budgetSeconds"]):
        cpu0, start = own_cpu(), time.perf_counter()
        checksum = float(once())
        seconds.append(time.perf_counter() - start)
        cpu.append(own_cpu() - cpu0)
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if peak:
        peak.ended.set()
        peak_bytes = max(peak_bytes, peak.bytes)
    answer = {"peer": peer, "version": version, "seconds": seconds, "cpuSeconds": cpu, "checksum": checksum, "peakBytes": peak_bytes}
    if least:
        answer["byChunkBytes"] = least
    print(json.dumps(answer), flush=True)
