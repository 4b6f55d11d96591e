import { path, post } from '../api.js';
import { ask, button, h, row, table } from '../dom.js';
import { duration, number, time } from '../format.js';
import { toJob, toQueue } from '../links.js';

export const title = () => 'Workers';

export const load = (context) => context.get('workers');

export function view(workers, context) {
  return table('Workers', [
    { title: 'Name', text: true, cell: (worker) => [worker.name, worker.local && h('span', { class: 'faint' }, ' (this application)')] },
    { title: 'State', cell: (worker) => worker.state ?? '–' },
    { title: 'Runs', cell: (worker) => (worker.currentJob ? row(toJob(worker.currentJob), worker.currentJob) : '–') },
    { title: 'Busy', number: true, cell: (worker) => (worker.local ? `${worker.local.busy} of ${worker.local.concurrency}` : '–') },
    { title: 'Queues', cell: (worker) => worker.queues.map((queue, i) => [i > 0 && ', ', h('a', { href: toQueue(queue) }, queue)]) },
    { title: 'Sign of life', cell: (worker) => time(worker.lastHeartbeat) },
    { title: 'Since', cell: (worker) => time(worker.birth) },
    { title: 'Done', number: true, cell: (worker) => number(worker.successfulJobs) },
    { title: 'Failed', number: true, cell: (worker) => number(worker.failedJobs) },
    { title: 'Worked', number: true, cell: (worker) => duration(worker.workingTime) },
    { title: 'Host', cell: (worker) => [worker.hostname ?? '–', worker.pid && ` · ${worker.pid}`] },
    { title: '', cell: (worker) => (context.can('stop-worker') ? button('Stop …', () => stop(worker, context), true) : '') },
    { title: 'Version', cell: (worker) => [worker.version ?? '–', worker.runtime && h('div', { class: 'faint' }, worker.runtime)] },
  ], workers, 'No worker is running.');
}

async function stop(worker, context) {
  if (await ask(`Let ${worker.name} end when the jobs that it runs have ended? Nothing starts it again but its application.`, { danger: true, action: 'Stop it' })) {
    await context.act(() => post(path`workers/${worker.name}/stop`), () => 'The worker has stopped.');
  }
}
