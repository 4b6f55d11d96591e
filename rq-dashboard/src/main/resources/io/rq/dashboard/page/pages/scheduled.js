import { path } from '../api.js';
import { h, row, table } from '../dom.js';
import { duration, number, seconds, time } from '../format.js';
import { toJob, toJobs } from '../links.js';
import { leader } from './schedulers.js';

// several lists at once
export const interval = () => 5000;

export const title = () => 'Scheduled';

const MOST_LISTS = 5;

/** The next jobs of the queues whose turn is next. */
export async function load(context) {
  const overview = await context.get('overview');
  const queues = overview.queues.filter((queue) => queue.scheduled > 0)
    .sort((a, b) => String(a.nextDue).localeCompare(String(b.nextDue)));
  const lists = await Promise.all(queues.slice(0, MOST_LISTS).map((queue) => context.get(path`queues/${queue.name}/scheduled`, { limit: '10' })));
  return { queues, lists, schedulers: overview.schedulers };
}

export function view({ queues, lists, schedulers }) {
  const of = (queue) => schedulers.find((scheduler) => scheduler.queue === queue.name);
  return [
    table('Scheduled jobs by queue', [
      { title: 'Queue', cell: (queue) => row(toJobs(queue.name, 'scheduled'), queue.name) },
      { title: 'Jobs', number: true, cell: (queue) => number(queue.scheduled) },
      { title: 'Next due', cell: (queue) => time(queue.nextDue) },
      { title: 'Overdue', number: true, cell: (queue) => (seconds(queue.overdue) > 0 ? h('span', { class: 'warn' }, duration(queue.overdue)) : '–') },
      { title: 'Scheduler', cell: (queue) => leader(of(queue)) },
      { title: 'Last moved', cell: (queue) => (of(queue)?.local?.lateness ? `${duration(of(queue).local.lateness)} late` : '–') },
    ], queues, 'No job is scheduled.'),
    lists.map((list, i) => [h('h2', null, `Next of ${queues[i].name}`), table(`Next jobs of ${queues[i].name}`, [
      { title: 'Due', cell: (job) => time(job.dueAt) },
      { title: 'Job', cell: (job) => row(toJob(job.id), job.id) },
      { title: 'What', text: true, cell: (job) => job.description ?? '' },
    ], list.jobs)]),
  ];
}
