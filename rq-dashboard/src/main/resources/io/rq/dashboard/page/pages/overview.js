import { post } from '../api.js';
import { charts, loadHistory } from '../charts.js';
import { ask, button, facts, h, row, table } from '../dom.js';
import { duration, number, rate, seconds, time } from '../format.js';
import { REGISTRIES, toJobs, toQueue } from '../links.js';

export const title = () => 'Overview';

export async function load(context) {
  const [overview, history] = await Promise.all([context.get('overview'), loadHistory(context)]);
  return { overview, history };
}

export function view({ overview }, context) {
  const listened = new Set(overview.workers.flatMap((worker) => worker.queues));
  return [
    overview.suspended && h('p', { class: 'warning' }, 'All workers are suspended: no job starts. ',
      context.can('resume') && button('Resume', () => context.act(() => post('resume'), () => 'Workers start jobs again.'))),
    overview.warnings.map((warning) => h('p', { class: 'warning' }, warning)),
    table('Queues', [
      { title: 'Queue', cell: (queue) => row(toQueue(queue.name), queue.name) },
      ...REGISTRIES.map((registry) => ({
        title: registry, number: true,
        cell: (queue) => (queue[registry] ? h('a', { href: toJobs(queue.name, registry), class: registry === 'failed' ? 'bad' : null }, number(queue[registry])) : '0'),
      })),
      { title: 'in', number: true, cell: (queue) => rate(queue.pace?.in) },
      { title: 'out', number: true, cell: (queue) => rate(queue.pace?.out) },
      { title: 'oldest waits', number: true, cell: (queue) => duration(queue.oldestWaiting) },
      { title: 'next due', cell: (queue) => time(queue.nextDue) },
      { title: '', cell: (queue) => remarks(queue, listened) },
    ], overview.queues, 'There is no queue yet.'),
    overview.divided.length > 0 && h('section', null, h('h2', null, 'Divided queues, with all their partitions'), table('Divided queues', [
      { title: 'Queue', cell: (queue) => row(toQueue(queue.name), queue.name) },
      ...REGISTRIES.map((registry) => ({ title: registry, number: true, cell: (queue) => number(queue[registry]) })),
      { title: 'in', number: true, cell: (queue) => rate(queue.pace?.in) },
      { title: 'out', number: true, cell: (queue) => rate(queue.pace?.out) },
      { title: 'oldest waits', number: true, cell: (queue) => duration(queue.oldestWaiting) },
    ], overview.divided)),
    charts(context),
    h('div', { class: 'cards' },
      h('section', null, h('h2', null, 'Workers'), h('div', { class: 'card' }, facts([
        ['running', h('a', { href: '#/workers' }, number(overview.workers.length))],
        ['busy', number(overview.workers.filter((worker) => worker.state === 'busy').length)],
        ['suspended', overview.suspended ? 'yes' : 'no'],
      ]), !overview.suspended && context.can('suspend') && h('p', null, button('Suspend all …', () => suspend(context), true)))),
      overview.rateLimits.length > 0 && h('section', null, h('h2', null, 'Rate limits'), table('Rate limits', [
        { title: 'Key', text: true, cell: (limit) => limit.key },
        { title: 'Jobs', number: true, cell: (limit) => number(limit.jobs) },
        { title: 'Window', cell: (limit) => duration(limit.window) },
        { title: 'Held', number: true, cell: (limit) => number(limit.holders) },
        { title: 'Waiting', number: true, cell: (limit) => number(limit.waiting) },
      ], overview.rateLimits))),
  ];
}

function remarks(queue, listened) {
  return [
    queue.pause && h('span', { class: 'state warn' }, 'paused'), ' ',
    queue.queued > 0 && !listened.has(queue.name) && h('span', { class: 'state bad' }, 'no worker'), ' ',
    seconds(queue.overdue) > 0 && h('span', { class: 'state warn' }, `overdue ${duration(queue.overdue)}`),
  ];
}

async function suspend(context) {
  const answer = await ask('Let no worker, Java or Python, start a job?', { input: 'For how many seconds (empty: until resumed)', danger: true, action: 'Suspend' });
  if (answer) {
    await context.act(() => post('suspend', answer.input ? { seconds: whole(answer.input) } : {}), () => 'No worker starts a job now.');
  }
}

function whole(text) {
  if (!/^\d+$/.test(text)) {
    throw new Error(`Nothing was suspended: '${text}' is no whole number of seconds.`);
  }
  return Number(text);
}
