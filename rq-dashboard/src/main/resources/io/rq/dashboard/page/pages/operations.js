import { path, post } from '../api.js';
import { ask, button, h, table } from '../dom.js';
import { between, number, state, time } from '../format.js';
import { toJobs, toQueue } from '../links.js';

export const title = () => 'Operations';

export const load = (context) => context.get('operations');

export function view(operations, context) {
  return table('What is done to many jobs', [
    { title: 'Started', cell: (operation) => time(operation.startedAt) },
    { title: 'Who', cell: (operation) => [operation.operator, h('div', { class: 'faint' }, operation.face)] },
    { title: 'What', text: true, cell: (operation) => [operation.operation, operation.dryRun && ' (dry run)', h('div', { class: 'faint' }, which(operation))] },
    { title: 'Queue', cell: (operation) => h('a', { href: operation.registry ? toJobs(operation.queue, operation.registry) : toQueue(operation.queue) }, operation.queue) },
    { title: 'State', cell: (operation) => [state(operation.state), operation.endedAt && h('div', { class: 'faint' }, between(operation.startedAt, operation.endedAt))] },
    { title: 'Looked at', number: true, cell: (operation) => `${number(operation.examined)} of ${number(operation.total)}` },
    { title: 'Meant', number: true, cell: (operation) => number(operation.matched) },
    { title: 'Done', number: true, cell: (operation) => [number(operation.done), isUndoable(operation) && h('div', { class: 'faint' }, `${number(operation.undoable)} can be put back until `, time(operation.undoableUntil))] },
    { title: 'Refused', text: true, cell: (operation) => [number(operation.refused), operation.reasons.map((reason) => h('div', { class: 'bad' }, reason))] },
    { title: '', cell: (operation) => [!operation.endedAt && context.can(operation.operation) && button('End', () => end(operation, context)),
      operation.endedAt && isUndoable(operation) && context.can('undo') && button('Undo', () => undo(operation, context))] },
  ], operations, 'None within the last day.');
}

function which(operation) {
  const { text, failure, function: named } = operation.filter;
  return [operation.registry ?? (operation.undoes ? 'deleted jobs' : 'named jobs'), text && `with ${text}`, named && `of function ${named}`, failure && `of failure ${failure}`,
    operation.from && `from ${operation.from}`, operation.to && `to ${operation.to}`].filter(Boolean).join(' ');
}

function isUndoable(operation) {
  return operation.undoable > 0 && new Date(operation.undoableUntil) > new Date();
}

async function undo(operation, context) {
  if (await ask(`Put ${number(operation.undoable)} deleted jobs of ${operation.queue} back?`, { action: 'Undo' })) {
    await context.act(() => post(path`operations/${operation.id}/undo`), () => 'They are being put back.');
  }
}

async function end(operation, context) {
  if (await ask(`End ${operation.operation} of ${number(operation.matched)} jobs or more? What is done stays.`, { action: 'End' })) {
    await context.act(() => post(path`operations/${operation.id}/cancel`), () => 'It ends after the jobs that it is at.');
  }
}
