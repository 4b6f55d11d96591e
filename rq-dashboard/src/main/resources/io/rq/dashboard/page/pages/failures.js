import { begin } from '../bulk.js';
import { ask, button, h, row, table } from '../dom.js';
import { number, time } from '../format.js';
import { toJob, toJobs } from '../links.js';

export const interval = () => 10000;

export const title = (context) => (context.query.queue ? `Failures of ${context.query.queue}` : 'Failures');

export const load = (context) => context.get('failures', { queue: context.query.queue });

export function view(failures, context) {
  return [
    h('p', { class: 'faint' }, `${number(failures.failed)} jobs have failed; ${number(failures.examined)} were looked at. `,
      context.query.queue && h('a', { href: '#/failures' }, 'All queues')),
    table('Failures by kind', [
      {
        title: 'Kind', text: true, cell: (group) => [h('strong', null, group.exception), group.frame && ` in ${group.frame}`,
          h('div', { class: 'faint' }, group.message)],
      },
      { title: 'Jobs', number: true, cell: (group) => number(group.count) },
      { title: 'First', cell: (group) => time(group.first) },
      { title: 'Last', cell: (group) => time(group.last) },
      { title: 'Queues', cell: (group) => group.queues.map((queue) => h('div', null, row(toJobs(queue, 'failed', { failure: group.id }), queue))) },
      { title: 'Latest', cell: (group) => group.jobs[0] && h('a', { href: toJob(group.jobs[0]) }, 'open') },
      context.can('requeue') && { title: '', cell: (group) => button('Requeue these …', () => requeue(group, context)) },
    ].filter(Boolean), failures.groups, 'Nothing has failed.'),
  ];
}

async function requeue(group, context) {
  if (await ask(`Put the jobs that failed with ${group.exception} (at least ${number(group.count)}) on their queues again?`, { action: 'Requeue' })) {
    await begin(group.queues.map((queue) => ({ operation: 'requeue', queue, registry: 'failed', failure: group.id })), context);
  }
}
