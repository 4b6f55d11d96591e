// Does something to all jobs that match, on the server.

import { get, path, post } from './api.js';
import { ask, button } from './dom.js';
import { number } from './format.js';

const POSSIBLE = {
  queued: ['cancel', 'delete'], started: ['stop'], scheduled: ['run-now', 'cancel', 'delete'], deferred: ['cancel', 'delete'],
  finished: ['run-again', 'delete'], failed: ['requeue', 'run-again', 'delete'], canceled: ['requeue', 'run-again', 'delete'],
};
const WORDS = { requeue: 'Requeue', cancel: 'Cancel', delete: 'Delete', 'run-now': 'Run now', 'run-again': 'Run again', stop: 'Stop' };

/** Buttons for what may be done to all. */
export function bulkButtons(queue, registry, context) {
  return (POSSIBLE[registry] || []).filter((operation) => context.can(operation))
    .map((operation) => button(`${WORDS[operation]} all …`, () => all(operation, queue, registry, context), operation === 'delete'));
}

/** Counts them first, and asks. */
async function all(operation, queue, registry, context) {
  const { text, failure, function: named } = context.query;
  const request = { operation, queue, registry, ...(text && { text }), ...(failure && { failure }), ...(named && { function: named }) };
  let count = null;
  await context.act(async () => { count = await counted(request, context.controller.signal); },
    () => `${number(count.matched)} of ${number(count.examined)} jobs match.`);
  if (count?.matched && await ask(`${WORDS[operation]} ${count.endedAt ? '' : 'at least '}${number(count.matched)} ${registry} jobs of ${queue}?`, { action: WORDS[operation], danger: operation === 'delete' })) {
    await begin([request], context);
  }
}

/** Begins them on the server, one for each queue, and shows how far they have come. */
export async function begin(requests, context) {
  let begun = 0;
  await context.act(async () => {
    for (const request of requests) {
      await post('operations', request);
      begun++;
    }
  }, () => 'It goes on by itself.');
  if (begun) {
    location.hash = '/operations';
  }
}

/** Waits for the end of a dry run, or long enough to know enough. */
async function counted(request, signal) {
  let operation = await post('operations', { ...request, dryRun: true });
  for (let looks = 0; !operation.endedAt && looks < 50 && !signal.aborted; looks++) {
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    operation = await get(path`operations/${operation.id}`, {}, signal);
  }
  if (!operation.endedAt) {
    await post(path`operations/${operation.id}/cancel`);
  }
  return operation;
}
