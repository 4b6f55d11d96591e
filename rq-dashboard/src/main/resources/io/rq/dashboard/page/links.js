// Addresses of pages.

export const REGISTRIES = ['queued', 'started', 'scheduled', 'deferred', 'ready', 'finished', 'failed', 'canceled'];

export const toQueue = (queue) => `#/queues/${encodeURIComponent(queue)}`;

export const toJob = (id) => `#/jobs/${encodeURIComponent(id)}`;

export function toJobs(queue, registry, query = {}) {
  const entries = Object.entries(query).filter(([, value]) => value);
  return `${toQueue(queue)}/${registry}${entries.length ? `?${new URLSearchParams(entries)}` : ''}`;
}
