import { h, row, table } from '../dom.js';
import { number, state, time } from '../format.js';
import { toQueue } from '../links.js';

const LIMIT = 50;

export const interval = () => 5000;

export const title = () => 'Audit';

export const load = (context) => context.get('audit', { before: context.query.before, limit: String(LIMIT) });

export function view(entries, context) {
  return [
    table('What was done', [
      { title: 'When', cell: (entry) => time(entry.time) },
      { title: 'Who', cell: (entry) => [entry.operator, h('div', { class: 'faint' }, entry.face)] },
      { title: 'What', cell: (entry) => entry.operation },
      { title: 'Outcome', cell: (entry) => [state(entry.outcome), entry.count > 1 && ` ${number(entry.count)}`] },
      { title: 'Queue', cell: (entry) => (entry.queue ? h('a', { href: toQueue(entry.queue) }, entry.queue) : '–') },
      { title: 'Of', text: true, cell: (entry) => [entry.targets.slice(0, 5).join(', '), entry.targets.length > 5 && ` and ${entry.targets.length - 5} more`, entry.detail && h('div', { class: 'bad' }, entry.detail)] },
      { title: 'Node', cell: (entry) => entry.node },
    ], entries, 'Nothing yet.'),
    h('p', { class: 'bar' },
      context.query.before && h('a', { href: '#/audit' }, 'Newest'),
      entries.length === LIMIT && row(`#/audit?before=${encodeURIComponent(entries.at(-1).id)}`, 'Earlier')),
  ];
}
