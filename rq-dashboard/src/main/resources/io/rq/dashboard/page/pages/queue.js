import { path, post } from '../api.js';
import { charts, loadHistory } from '../charts.js';
import { ask, button, facts, h, row } from '../dom.js';
import { duration, number, rate, time } from '../format.js';
import { REGISTRIES, toJob, toJobs } from '../links.js';
import { leader, local } from './schedulers.js';

export const title = (context) => `Queue ${context.params[0]}`;

export async function load(context) {
  const [details, history] = await Promise.all([context.get(path`queues/${context.params[0]}`), loadHistory(context, context.params[0])]);
  return { details, history };
}

export function view({ details }, context) {
  const queue = details.queue;
  return [
    h('div', { class: 'bar' },
      h('a', { href: `#/failures?queue=${encodeURIComponent(queue.name)}` }, 'Failures by kind'),
      context.can('pause-queue') && !queue.pause && button('Pause …', () => pause(queue, context)),
      context.can('resume-queue') && queue.pause && button('Resume', () => context.act(() => post(path`queues/${queue.name}/resume`), () => 'The queue goes on.')),
      context.can('empty') && queue.queued > 0 && button('Empty …', () => empty(queue, context), true)),
    h('div', { class: 'cards' },
      h('section', { class: 'card' }, facts([
        ['paused', queue.pause && h('span', { class: 'bad' }, 'since ', time(queue.pause.since), queue.pause.reason && `: ${queue.pause.reason}`)],
        ['oldest waits for', queue.oldestWaiting && duration(queue.oldestWaiting)],
        ['next due', queue.nextDue && time(queue.nextDue)],
        ['in, out', queue.pace && `${rate(queue.pace.in)}, ${rate(queue.pace.out)}`],
        ['workers', details.workers.length ? details.workers.join(', ') : h('span', { class: 'bad' }, 'none')],
        ['scheduler', leader(details.scheduler)],
        ['here', local(details.scheduler)],
      ])),
      REGISTRIES.filter((registry) => queue[registry] > 0).map((registry) => h('section', { class: 'card' },
        h('h2', null, h('a', { href: toJobs(queue.name, registry) }, `${registry} ${number(queue[registry])}`)),
        h('ul', null, (details.jobs[registry] || []).slice(0, 5).map((id) => h('li', null, row(toJob(id), id))))))),
    charts(context),
  ];
}

async function pause(queue, context) {
  const answer = await ask(`Let no worker of Java start a job of ${queue.name}? Python's do not know of it.`, { input: 'Why', action: 'Pause' });
  if (answer) {
    await context.act(() => post(path`queues/${queue.name}/pause`, { reason: answer.input }), () => 'The queue is paused.');
  }
}

async function empty(queue, context) {
  if (await ask(`Delete all ${number(queue.queued)} jobs that wait on ${queue.name}?`, { danger: true, action: 'Delete them' })) {
    await context.act(() => post(path`queues/${queue.name}/empty`), (answer) => `${number(answer.count)} jobs deleted.`);
  }
}
