import { path, post } from '../api.js';
import { bulkButtons } from '../bulk.js';
import { ask, button, h, row, table } from '../dom.js';
import { between, number, time } from '../format.js';
import { REGISTRIES, toJob, toJobs, toQueue } from '../links.js';

const REQUEUEABLE = ['finished', 'failed', 'canceled'];

export const title = (context) => `${context.params[1]} jobs of ${context.params[0]}`;

/** A search looks at many jobs. */
export const interval = ({ query }) => (query.text || query.failure || query.function ? 10000 : null);

export function load(context) {
  const { text, failure, function: named, cursor, limit } = context.query;
  const [queue, registry] = context.params;
  return context.get(`${path`queues/${queue}`}/${registry}`, { text, failure, function: named, cursor, limit });
}

export function view(list, context) {
  const [queue, registry] = context.params;
  const selected = (context.state.selected ??= new Set());
  const shown = list.jobs.map((job) => job.id);
  for (const id of selected) {
    if (!shown.includes(id)) {
      selected.delete(id);
    }
  }
  const selectable = context.can('requeue') && REQUEUEABLE.includes(registry);
  return [
    h('nav', { class: 'bar tabs', 'aria-label': 'States' },
      h('a', { href: toQueue(queue) }, queue),
      REGISTRIES.map((name) => h('a', { href: toJobs(queue, name), 'aria-current': name === registry ? 'page' : null }, name))),
    h('form', { class: 'bar', role: 'search', onsubmit: (event) => filter(event, context) },
      context.me.values && [
        h('label', { class: 'hidden', for: 'filter' }, 'Id, or a part of the description'),
        h('input', { id: 'filter', type: 'search', maxlength: 200, value: context.query.text, placeholder: 'Id, or a part of the description' })],
      h('label', { class: 'hidden', for: 'function' }, 'Function'),
      h('input', { id: 'function', type: 'search', maxlength: 200, value: context.query.function, placeholder: 'Function' }),
      h('button', null, 'Filter'),
      context.query.failure && h('span', null, `of failure ${context.query.failure} `, h('a', { href: toJobs(queue, registry) }, 'all')),
      selectable && shown.length > 0 && button('Select page', () => {
        const all = shown.every((id) => selected.has(id));
        shown.forEach((id) => (all ? selected.delete(id) : selected.add(id)));
        context.redraw();
      }),
      selectable && selected.size > 0 && button(`Requeue ${number(selected.size)} …`, () => requeue(queue, selected, context)),
      shown.length > 0 && bulkButtons(queue, registry, context)),
    table('Jobs', [
      selectable && { title: '', cell: (job) => choice(job.id, selected, context) },
      { title: 'Job', cell: (job) => row(toJob(job.id), job.id) },
      { title: 'What', text: true, cell: (job) => job.description ?? '' },
      ...columns(registry),
    ].filter(Boolean), list.jobs, 'No job.'),
    h('p', { class: 'bar' },
      h('span', { class: 'faint' }, `Looked at ${number(list.examined)} of ${number(list.total)}.`),
      context.query.cursor && h('a', { href: toJobs(queue, registry, { ...context.query, cursor: null }) }, 'First page'),
      list.next && h('a', { href: toJobs(queue, registry, { ...context.query, cursor: list.next }), class: 'row' }, 'Go on')),
  ];
}

function columns(registry) {
  const ended = [
    { title: 'Ended', cell: (job) => time(job.endedAt) },
    { title: 'Took', number: true, cell: (job) => (job.startedAt && job.endedAt ? between(job.startedAt, job.endedAt) : '–') },
    { title: 'Kept until', cell: (job) => time(job.expiresAt) },
  ];
  return {
    queued: [{ title: 'Enqueued', cell: (job) => time(job.enqueuedAt) }, { title: 'Before it', number: true, cell: (job) => job.position ?? '–' }],
    started: [{ title: 'Started', cell: (job) => time(job.startedAt) }, { title: 'Worker', cell: (job) => job.worker ?? '–' }],
    scheduled: [{ title: 'Due', cell: (job) => time(job.dueAt) }],
    finished: ended,
    failed: ended,
  }[registry] || [{ title: 'Created', cell: (job) => time(job.createdAt) }];
}

function choice(id, selected, context) {
  return h('input', {
    type: 'checkbox', id: `select-${id}`, 'aria-label': `Select ${id}`, checked: selected.has(id),
    onchange: (event) => {
      event.target.checked ? selected.add(id) : selected.delete(id);
      context.redraw();
    },
  });
}

function filter(event, context) {
  event.preventDefault();
  document.activeElement.blur();
  const value = (id) => document.getElementById(id)?.value.trim();
  context.go({ text: value('filter'), function: value('function'), cursor: null });
}

async function requeue(queue, selected, context) {
  const ids = [...selected];
  if (await ask(`Put ${number(ids.length)} jobs on ${queue} again?`, { action: 'Requeue' })) {
    await context.act(() => post(path`queues/${queue}/requeue`, { ids }), (answer) => `${number(answer.count)} of ${number(ids.length)} jobs requeued.`);
    selected.clear();
    context.redraw();
  }
}
