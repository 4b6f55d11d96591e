// BullMQ behind the line protocol of the benchmarks: one command per line, one answer per line.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';

const connection = { host: '127.0.0.1', port: Number(process.env.BENCH_REDIS_PORT), maxRetriesPerRequest: null };
const removeFinished = process.env.BENCH_BULLMQ_KEEP !== 'true';
const RETRY_MILLIS = 2000;
const BULK = 1000;
const TICK_MICROS = 1000;

const micros = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

const COUNTED = 'c' + 'x'.repeat(49);
const FAILING = 'f' + 'x'.repeat(49);
const counted = (number) => ({ text: COUNTED, number });
const timed = (intended, number) => ({ text: 't' + String(intended).padStart(16, '0') + 'x'.repeat(33), number });

// The body of the job and what it notes.
const noted = { count: 0, target: Infinity, first: 0, half: 0, last: 0, timed: [], retried: [], failures: new Map() };
let metTarget = () => {};

function run({ text, number }) {
  if (text[0] === 't') {
    noted.timed.push(micros() - Number(text.slice(1, 17)));
  } else if (text[0] === 'f') {
    const now = micros();
    if (!noted.failures.has(number)) {
      noted.failures.set(number, now);
      throw new Error('fails once');
    }
    noted.retried.push(now - noted.failures.get(number) - RETRY_MILLIS * 1000);
  }
  noted.count++;
  if (noted.count === 1) noted.first = micros();
  if (noted.count === Math.floor(noted.target / 2)) noted.half = micros();
  if (noted.count === noted.target) {
    noted.last = micros();
    metTarget();
  }
}

// Producing.
const options = removeFinished ? { removeOnComplete: true, removeOnFail: true } : {};
let queue;

const enqueue = (data) => queue.add('count', data, options);
const enqueueAll = (all) => queue.addBulk(all.map((data) => ({ name: 'count', data, opts: options })));

async function sleepUntil(intended) {
  const left = intended - micros();
  if (left > 1500) await sleep(Math.floor(left / 1000) - 1);
  while (micros() < intended) await new Promise((resolve) => setImmediate(resolve));
}

async function measured(sending) {
  const start = micros();
  const count = await sending(start);
  return { count, start, micros: micros() - start };
}

async function inLoops(loops, sending) {
  const sent = await Promise.all(Array.from({ length: loops }, sending));
  return sent.reduce((a, b) => a + b, 0);
}

let worker;

const commands = {
  async open() {
    queue = new Queue('bench', { connection });
    await queue.waitUntilReady();
    const require = createRequire(import.meta.url);
    const version = require('bullmq/package.json').version;
    const driver = require('ioredis/package.json').version;
    return { version: `${version} with ioredis ${driver} on node ${process.versions.node}`,
      bulk: true, schedule: true, retry: true };
  },
  async clear() {
    return {};
  },
  enqueue(loops, millis) {
    const end = performance.now() + millis;
    let number = 0;
    return measured(() => inLoops(loops, async () => {
      let sent = 0;
      for (; performance.now() < end; sent++) await enqueue(counted(number++));
      return sent;
    }));
  },
  bulk(jobs) {
    return measured(async () => {
      for (let start = 0; start < jobs; start += BULK) {
        const size = Math.min(BULK, jobs - start);
        await enqueueAll(Array.from({ length: size }, (_, i) => counted(start + i)));
      }
      return jobs;
    });
  },
  pace(rate, millis) {
    const jobs = Math.floor(rate * millis / 1000);
    return measured(async (start) => {
      for (let i = 0; i < jobs; i++) {
        const intended = start + Math.floor(i * 1e6 / rate);
        await sleepUntil(intended);
        await enqueue(timed(intended, i));
      }
      return jobs;
    });
  },
  load(rate, millis) {
    const jobs = Math.floor(rate * millis / 1000);
    const intended = (start, i) => start + Math.floor(i * 1e6 / rate);
    return measured(async (start) => {
      let next = 0;
      while (next < jobs) {
        await sleepUntil(intended(start, next) + TICK_MICROS);
        const due = Math.floor((micros() - start) * rate / 1e6) + 1;
        const end = Math.min(jobs, next + BULK, due);
        await enqueueAll(Array.from({ length: end - next }, (_, i) => timed(intended(start, next + i), next + i)));
        next = end;
      }
      return jobs;
    });
  },
  schedule(jobs, windowMillis) {
    let seed = 20260101;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    return measured(async () => {
      for (let i = 0; i < jobs; i++) {
        const delay = 1000 + Math.floor(random() * windowMillis);
        await queue.add('count', timed(micros() + delay * 1000, i), { ...options, delay });
      }
      return jobs;
    });
  },
  later(jobs) {
    return measured(async () => {
      for (let start = 0; start < jobs; start += BULK) {
        const size = Math.min(BULK, jobs - start);
        await queue.addBulk(Array.from({ length: size }, (_, i) => (
          { name: 'count', data: counted(start + i), opts: { ...options, delay: 3600000 + start + i } })));
      }
      return jobs;
    });
  },
  retry(jobs, windowMillis) {
    const opts = { ...options, attempts: 2, backoff: { type: 'fixed', delay: RETRY_MILLIS } };
    return measured(async (start) => {
      for (let i = 0; i < jobs; i++) {
        await sleepUntil(start + Math.floor(i * windowMillis * 1000 / jobs));
        await queue.add('count', { text: FAILING, number: i }, opts);
      }
      return jobs;
    });
  },
  async start(concurrency) {
    worker = new Worker('bench', async (job) => run(job.data), { connection, concurrency });
    worker.on('error', (error) => console.error(error));
    await worker.waitUntilReady();
    return {};
  },
  async scheduling() {
    return {};
  },
  async expect(jobs) {
    Object.assign(noted, { count: 0, target: jobs, first: 0, half: 0, last: 0 });
    noted.timed = [];
    noted.retried = [];
    noted.failures.clear();
    return {};
  },
  async await(jobs, millis) {
    if (jobs > 0) noted.target = jobs;
    if (noted.count >= noted.target) {
      noted.last ||= micros();
    } else {
      const timeout = new AbortController();
      await Promise.race([new Promise((resolve) => (metTarget = resolve)),
        sleep(millis, null, { signal: timeout.signal }).catch(() => {})]);
      timeout.abort();
    }
    const { count, first, half, last } = noted;
    return { count, first, half, last };
  },
  async latencies(timedFile, retriedFile) {
    writeFileSync(timedFile, noted.timed.map((value) => value + '\n').join(''));
    writeFileSync(retriedFile, noted.retried.map((value) => value + '\n').join(''));
    return { timed: noted.timed.length, retried: noted.retried.length };
  },
  async stats() {
    return {};
  },
  async halt() {
    await worker.close();
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...words] = line.split(' ');
  if (name === 'exit') break;
  let answer;
  try {
    answer = await commands[name](...words.map((word) => (/^-?\d+$/.test(word) ? Number(word) : word)));
  } catch (error) {
    console.error(error);
    answer = { error: String(error) };
  }
  process.stdout.write('@@ ' + JSON.stringify(answer) + '\n');
}
process.exit(0);
