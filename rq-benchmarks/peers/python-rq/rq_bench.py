"""Python RQ behind the line protocol of the benchmarks: one command per line, one answer per line.

The first argument names the class of worker, Worker (a process per job) or SimpleWorker.
"""

import json
import logging
import multiprocessing
import os
import platform
import random
import sys
import threading
import time
from datetime import timedelta

import bench_jobs
import redis
import rq
from bench_jobs import micros
from rq import Queue, Retry
from rq.serializers import JSONSerializer

WORKERS = {"Worker": rq.Worker, "SimpleWorker": rq.SimpleWorker}
BULK = 1000
TICK_MICROS = 1000
COUNTED = "c" + "x" * 49
FAILING = "f" + "x" * 49
AN_HOUR = timedelta(hours=1)
local = threading.local()


def queue():
    if not hasattr(local, "queue"):
        connection = redis.Redis(port=int(os.environ["BENCH_REDIS_PORT"]))
        local.queue = Queue("bench", connection=connection, serializer=JSONSerializer)
    return local.queue


def timed_text(intended):
    return "t" + str(intended).zfill(16) + "x" * 33


def sleep_until(intended):
    left = intended - micros()
    while left > 0:
        time.sleep(left / 1e6)
        left = intended - micros()


def measured(sending):
    start = micros()
    count = sending(start)
    return {"count": count, "start": start, "micros": micros() - start}


def in_threads(threads, sending):
    sent = []
    all_threads = [threading.Thread(target=lambda: sent.append(sending())) for _ in range(threads)]
    for thread in all_threads:
        thread.start()
    for thread in all_threads:
        thread.join()
    return sum(sent)


def enqueue_all(jobs):
    queue().enqueue_many([Queue.prepare_data(bench_jobs.run, args=job) for job in jobs])


def open_producer():
    queue().connection.ping()
    return {"version": f"{rq.__version__} on Python {platform.python_version()}",
            "bulk": True, "schedule": True, "retry": True}


def enqueue(threads, millis):
    end = time.monotonic() + millis / 1000

    def sending():
        sent = 0
        while time.monotonic() < end:
            queue().enqueue(bench_jobs.run, COUNTED, sent)
            sent += 1
        return sent

    return measured(lambda start: in_threads(threads, sending))


def bulk(jobs):
    def sending(_):
        for start in range(0, jobs, BULK):
            enqueue_all([(COUNTED, i) for i in range(start, min(jobs, start + BULK))])
        return jobs

    return measured(sending)


def pace(rate, millis):
    jobs = rate * millis // 1000

    def sending(start):
        for i in range(jobs):
            intended = start + i * 1_000_000 // rate
            sleep_until(intended)
            queue().enqueue(bench_jobs.run, timed_text(intended), i)
        return jobs

    return measured(sending)


def load(rate, millis):
    jobs = rate * millis // 1000

    def sending(start):
        sent = 0
        while sent < jobs:
            sleep_until(start + sent * 1_000_000 // rate + TICK_MICROS)
            end = min(jobs, sent + BULK, (micros() - start) * rate // 1_000_000 + 1)
            enqueue_all([(timed_text(start + i * 1_000_000 // rate), i) for i in range(sent, end)])
            sent = end
        return sent

    return measured(sending)


def schedule(jobs, window_millis):
    chosen = random.Random(20260101)

    def sending(_):
        for i in range(jobs):
            delay = 1_000_000 + int(chosen.random() * window_millis) * 1000
            queue().enqueue_in(timedelta(microseconds=delay), bench_jobs.run, timed_text(micros() + delay), i)
        return jobs

    return measured(sending)


def later(jobs):
    def sending(_):
        for i in range(jobs):
            queue().enqueue_in(AN_HOUR, bench_jobs.run, COUNTED, i)
        return jobs

    return measured(sending)


def retry(jobs, window_millis):
    def sending(start):
        for i in range(jobs):
            sleep_until(start + i * window_millis * 1000 // jobs)
            queue().enqueue(bench_jobs.run, FAILING, i, retry=Retry(max=1, interval=2))
        return jobs

    return measured(sending)


workers = []


def work(with_scheduler):
    sys.stdin.close()
    os.dup2(2, 1)
    logging.getLogger("rq").setLevel(logging.CRITICAL)
    connection = redis.Redis(port=int(os.environ["BENCH_REDIS_PORT"]))
    worker = WORKERS[sys.argv[1]](["bench"], connection=connection, serializer=JSONSerializer)
    worker.work(logging_level="CRITICAL", with_scheduler=with_scheduler)


def start(processes):
    for i in range(processes):
        worker = multiprocessing.Process(target=work, args=(i == 0,))
        worker.start()
        workers.append(worker)
    return {}


def expect(jobs):
    bench_jobs.expect(jobs)
    return {}


def await_jobs(jobs, millis):
    notes = bench_jobs.notes
    if jobs > 0:
        notes[bench_jobs.TARGET] = jobs
    end = time.monotonic() + millis / 1000
    while notes[bench_jobs.COUNT] < notes[bench_jobs.TARGET] and time.monotonic() < end:
        time.sleep(0.005)
    met = notes[bench_jobs.COUNT] >= notes[bench_jobs.TARGET]
    last = notes[bench_jobs.LAST] or (micros() if met else 0)
    return {"count": notes[bench_jobs.COUNT], "first": notes[bench_jobs.FIRST],
            "half": notes[bench_jobs.HALF], "last": last}


def latencies(timed_file, retried_file):
    answer = {}
    for name, file, values, size in (("timed", timed_file, bench_jobs.timed, bench_jobs.TIMED),
                                     ("retried", retried_file, bench_jobs.retried, bench_jobs.RETRIED)):
        with open(file, "w") as lines:
            lines.writelines(f"{value}\n" for value in values[:bench_jobs.notes[size]])
        answer[name] = bench_jobs.notes[size]
    return answer


def halt():
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(5)
        if worker.is_alive():
            worker.kill()
    workers.clear()
    return {}


COMMANDS = {"open": open_producer, "clear": dict, "enqueue": enqueue, "bulk": bulk, "pace": pace, "load": load,
            "schedule": schedule, "later": later, "retry": retry, "start": start, "scheduling": dict, "expect": expect,
            "await": await_jobs, "latencies": latencies, "stats": dict, "halt": halt}


def main():
    for line in sys.stdin:
        name, *words = line.split()
        if name == "exit":
            break
        try:
            answer = COMMANDS[name](*(int(word) if word.lstrip("-").isdigit() else word for word in words))
        except Exception as error:
            logging.exception("command failed")
            answer = {"error": repr(error)}
        sys.stdout.write("@@ " + json.dumps(answer) + "\n")
        sys.stdout.flush()
    halt()


if __name__ == "__main__":
    main()
