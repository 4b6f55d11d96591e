"""The body of the measured job. What it notes lives in shared memory, because workers are processes."""

import multiprocessing
import time
from multiprocessing import sharedctypes

RETRY_MICROS = 2_000_000
CAPACITY = 1 << 18
MAX_FAILING = 1 << 12

lock = multiprocessing.Lock()
# count, target, first, half, last, number of timed, number of retried
notes = sharedctypes.RawArray("q", 7)
timed = sharedctypes.RawArray("q", CAPACITY)
retried = sharedctypes.RawArray("q", CAPACITY)
failures = sharedctypes.RawArray("q", MAX_FAILING)

COUNT, TARGET, FIRST, HALF, LAST, TIMED, RETRIED = range(7)


def micros():
    return time.time_ns() // 1000


def expect(jobs):
    for i in range(len(notes)):
        notes[i] = 0
    for i in range(len(failures)):
        failures[i] = 0
    notes[TARGET] = jobs


def run(text, number):
    kind = text[0]
    if kind == "t":
        late = micros() - int(text[1:17])
        with lock:
            timed[notes[TIMED]] = late
            notes[TIMED] += 1
    elif kind == "f":
        now = micros()
        if not failures[number]:
            failures[number] = now
            raise RuntimeError("fails once")
        with lock:
            retried[notes[RETRIED]] = now - failures[number] - RETRY_MICROS
            notes[RETRIED] += 1
    with lock:
        notes[COUNT] += 1
        count = notes[COUNT]
        if count == 1:
            notes[FIRST] = micros()
        if count == notes[TARGET] // 2:
            notes[HALF] = micros()
        if count == notes[TARGET]:
            notes[LAST] = micros()
