import { h, row, table } from '../dom.js';
import { brief, duration, number, seconds, time } from '../format.js';
import { toQueue } from '../links.js';

export const title = () => 'Schedulers';

export const load = (context) => context.get('schedulers');

export function view(schedulers) {
  return table('Schedulers', [
    { title: 'Queue', cell: (scheduler) => row(toQueue(scheduler.queue), scheduler.queue) },
    { title: 'Leader', text: true, cell: leader },
    { title: 'Sign of life', cell: (scheduler) => time(scheduler.leader?.lastHeartbeat) },
    { title: 'late p50, p99', number: true, cell: (scheduler) => (scheduler.lateness ? `${brief(seconds(scheduler.lateness.p50))}, ${brief(seconds(scheduler.lateness.p99))}` : '–') },
    { title: 'This application', text: true, cell: local },
  ], schedulers, 'There is no queue yet.');
}

export function leader(scheduler) {
  return scheduler?.leader ? [scheduler.leader.name, scheduler.leader.hostname && h('span', { class: 'faint' }, ` on ${scheduler.leader.hostname}`)] : 'none';
}

export function local(scheduler) {
  const here = scheduler.local;
  return here ? [
    here.role, here.since && [' since ', time(here.since)], here.lastPass && [' · looked ', time(here.lastPass)],
    ` · moved ${number(here.moved)}`, here.lateness && ` · last ${duration(here.lateness)} late`,
    seconds(here.overdue) > 0 && h('span', { class: 'warn' }, ` · oldest overdue ${duration(here.overdue)}`),
    here.failure && h('div', { class: 'bad' }, here.failure),
  ] : '–';
}
