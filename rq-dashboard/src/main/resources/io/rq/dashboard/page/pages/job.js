import { path, post, postText } from '../api.js';
import { ask, button, facts, h, row } from '../dom.js';
import { between, duration, number, state, time } from '../format.js';
import { toJob, toQueue } from '../links.js';

/** What was deleted here last, as long as it can be put back. */
let deleted = null;

export const title = (context) => `Job ${context.params[0]}`;

export async function load(context) {
  const id = context.params[0];
  try {
    const [job, explanation] = await Promise.all([context.get(path`jobs/${id}`), context.get(path`jobs/${id}/explain`)]);
    return { job, explanation, stack: job.status === 'started' && context.state.watched ? await stackOf(id, context) : null };
  } catch (problem) {
    if (problem.status === 404 && deleted?.id === id && new Date(deleted.undoableUntil) > new Date()) {
      return { deleted };
    }
    throw problem;
  }
}

async function stackOf(id, context) {
  try {
    return await context.get(path`jobs/${id}/stack`);
  } catch (problem) {
    if (problem.status === 404) {
      return { elsewhere: problem.message };
    }
    throw problem;
  }
}

export function view({ job, explanation, stack, deleted: gone }, context) {
  if (gone) {
    return [
      h('p', null, 'This job was deleted. It can be put back until ', time(gone.undoableUntil), '.'),
      context.can('undo') && button('Undo', () => context.act(() => post(path`jobs/${gone.id}/undo`), () => 'The job is back.')),
    ];
  }
  const progress = progressOf(job);
  return [
    h('div', { class: 'bar' }, state(job.status), actions(job, context)),
    explain(explanation),
    h('div', { class: 'cards' },
      h('section', { class: 'card' }, facts([
        ['queue', h('a', { href: toQueue(job.queue) }, job.queue)],
        ['function', job.function],
        ['description', job.description !== job.function ? job.description : null],
        ['unreadable', job.unreadable && h('span', { class: 'bad' }, job.unreadable)],
        ['worker', job.worker],
        ['jobs before it', job.place.position],
        ['due', job.place.dueAt && time(job.place.dueAt)],
        ['kept until', job.place.expiresAt && time(job.place.expiresAt)],
        ['progress', progress && [h('progress', { max: 100, value: progress.percent, 'aria-label': 'Progress' }), ` ${progress.percent} % ${progress.text || ''}`]],
      ])),
      h('section', { class: 'card' }, facts([
        ['created', time(job.times.createdAt)],
        ['enqueued', time(job.times.enqueuedAt)],
        ['started', job.times.startedAt && time(job.times.startedAt)],
        ['ended', job.times.endedAt && time(job.times.endedAt)],
        ['last sign of life', job.times.lastHeartbeat && time(job.times.lastHeartbeat)],
        ...settings(job.settings),
      ]))),
    stack && [h('h2', null, 'Thread'), thread(stack)],
    h('h2', null, 'Attempts'),
    attempts(job),
    ties(job.ties),
    values(job.values, context),
  ];
}

function thread(stack) {
  return stack.elsewhere ? h('p', { class: 'faint' }, stack.elsewhere) : [
    h('p', { class: 'faint' }, `${stack.thread} of worker ${stack.worker}, ${stack.state.toLowerCase().replace('_', ' ')}`),
    h('pre', { id: 'stack', tabindex: 0 }, stack.frames.join('\n')),
  ];
}

function explain(explanation) {
  const evidence = Object.entries(explanation.evidence).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  return h('section', { class: 'card' },
    h('p', null, explanation.text),
    explanation.remedy && h('p', { class: 'faint' }, explanation.remedy),
    evidence.length > 0 && h('details', { id: 'evidence' }, h('summary', null, 'Evidence'), facts(evidence)));
}

function actions(job, context) {
  const id = job.id;
  const action = (operation, states, text, question, options = {}, name = null) => context.can(operation) && states.includes(job.status)
    && button(`${text} …`, async () => {
      const answer = await ask(question, { action: text, ...options });
      if (answer) {
        await context.act(() => post(`${path`jobs/${id}`}/${operation}`, name ? { [name]: answer.option } : {}), () => `${text}: done.`);
      }
    }, options.danger);
  return [
    action('requeue', ['failed', 'finished', 'stopped', 'canceled'], 'Requeue', 'Put this job on its queue again?', { option: 'as the next to run' }, 'atFront'),
    action('run-now', ['scheduled'], 'Run now', 'Put this job on its queue now?', { option: 'as the next to run' }, 'atFront'),
    context.can('reschedule') && job.status === 'scheduled' && button('Reschedule …', () => reschedule(id, context)),
    context.can('run-again') && button('Run again …', () => again(id, context)),
    context.can('edit') && job.values && !['started', 'finished'].includes(job.status) && button('Edit …', () => edit(job, context)),
    context.can('move') && job.status !== 'started' && button('Move …', () => move(job, context)),
    action('cancel', ['queued', 'scheduled', 'deferred', 'rate_limited', 'ready_to_enqueue'], 'Cancel', 'Cancel this job?', { option: 'enqueue the jobs that wait for this one alone' }, 'enqueueDependents'),
    action('stop', ['started'], 'Stop', 'Stop this job while it runs?', { danger: true }),
    context.can('stack') && job.status === 'started' && button('Thread', () => watch(context)),
    context.can('delete') && button('Delete …', () => remove(id, context), true),
  ];
}

function watch(context) {
  context.state.watched = !context.state.watched;
  return context.refresh();
}

async function remove(id, context) {
  const answer = await ask('Delete this job with its results?', { action: 'Delete', option: 'and the jobs that wait for it', danger: true });
  if (answer) {
    await context.act(async () => {
      const deletion = await post(path`jobs/${id}/delete`, { deleteDependents: answer.option });
      deleted = deletion.undoableUntil ? deletion : null;
      return deletion;
    }, (deletion) => (deletion.reason ? `Deleted for good: ${deletion.reason}.` : 'Deleted.'));
  }
}

async function again(id, context) {
  if (await ask('Enqueue a new job that does the same?', { action: 'Run again' })) {
    await context.act(() => post(path`jobs/${id}/run-again`), (answer) => `${answer.id} was enqueued.`);
  }
}

/** The text is sent as it is: parsed and written again, large numbers would be rounded. */
async function edit(job, context) {
  const value = `{"arguments": ${job.values.arguments},\n"namedArguments": ${job.values.namedArguments}}`;
  const answer = await ask('The arguments of this job, as JSON:', { input: 'Arguments', type: 'textarea', value, action: 'Change them' });
  if (answer) {
    await context.act(() => postText(path`jobs/${job.id}/edit`, answer.input), () => 'The arguments were changed.');
  }
}

async function move(job, context) {
  const answer = await ask('To which queue?', { input: 'Queue', action: 'Move' });
  if (answer?.input) {
    await context.act(() => post(path`jobs/${job.id}/move`, { queue: answer.input }), () => `Moved to ${answer.input}.`);
  }
}

async function reschedule(id, context) {
  const answer = await ask('When is this job to run?', { input: 'When', type: 'datetime-local', action: 'Reschedule' });
  if (answer?.input) {
    await context.act(() => post(path`jobs/${id}/reschedule`, { at: new Date(answer.input).toISOString() }), () => 'Rescheduled.');
  }
}

function settings(chosen) {
  return [
    ['timeout', chosen.timeout && duration(chosen.timeout)],
    ['may wait', chosen.ttl && duration(chosen.ttl)],
    ['result kept', chosen.resultTtl && duration(chosen.resultTtl)],
    ['failure kept', chosen.failureTtl && duration(chosen.failureTtl)],
    ['retries left', chosen.retriesLeft],
    ['waits before retries', chosen.retryIntervals.length ? `${chosen.retryIntervals.join(', ')} s` : null],
    ['repeats left', chosen.repeatsLeft],
    ['rate limit', chosen.rateLimit && `${chosen.rateLimit.key}: ${chosen.rateLimit.jobs}${chosen.rateLimit.window ? ` in ${duration(chosen.rateLimit.window)}` : ' at a time'}`],
    ...Object.entries(chosen.callbacks).map(([event, name]) => [`on ${event}`, name]),
  ];
}

function attempts(job) {
  const running = job.executions.map((execution) => h('li', null, state('started'), ' ', time(execution.createdAt),
    h('span', { class: 'faint' }, ` on ${execution.workerName ?? 'a worker'}, lease until `), time(execution.expiresAt)));
  const ended = job.attempts.map((attempt, i) => h('li', null,
    state(attempt.outcome), ' ', time(attempt.startedAt || attempt.recordedAt),
    attempt.startedAt && attempt.endedAt && ` · ${between(attempt.startedAt, attempt.endedAt)}`,
    attempt.worker && h('span', { class: 'faint' }, ` · ${attempt.worker}`),
    attempt.failure && h('div', { class: 'bad' }, attempt.failure.exception, attempt.failure.frame && ` in ${attempt.failure.frame}`),
    attempt.trace && h('details', { id: `trace-${attempt.execution || i}` }, h('summary', null, 'Stack trace'), h('pre', { id: `trace-${attempt.execution || i}-text`, tabindex: 0 }, attempt.trace))));
  return running.length + ended.length ? h('ol', { class: 'timeline' }, running, ended) : h('p', { class: 'faint' }, 'None yet.');
}

function ties(ties) {
  const list = (jobs) => h('ul', null, jobs.map((tie) => h('li', null, row(toJob(tie.id), tie.id), ' ', state(tie.status))));
  return (ties.dependencies.length > 0 || ties.dependents.length > 0 || ties.group) && [
    h('h2', null, 'Ties'),
    h('div', { class: 'cards' },
      ties.dependencies.length > 0 && h('section', { class: 'card' }, `Waits for${ties.allowFailure ? ', failed or not' : ''}`, list(ties.dependencies)),
      ties.dependents.length > 0 && h('section', { class: 'card' }, `${number(ties.dependentsInAll)} wait for it`, list(ties.dependents)),
      ties.group && h('section', { class: 'card' }, `Group ${ties.group}`)),
  ];
}

function values(values, context) {
  if (!values) {
    return !context.me.values && h('p', { class: 'faint' }, 'Arguments, meta data and results are hidden.');
  }
  const shown = [['Arguments', values.arguments, '[ ]'], ['Named arguments', values.namedArguments, '{ }'], ['Meta data', values.meta, '{ }'], ['Result', values.result, 'null']]
    .filter(([, text, nothing]) => text.replaceAll(/\s/g, '') !== nothing.replaceAll(' ', ''));
  return shown.length > 0 && [h('h2', null, 'Values'), shown.map(([name, text]) => h('section', null, h('h3', null, name), h('pre', { id: `value-${name.replaceAll(' ', '-')}`, tabindex: 0 }, text)))];
}

function progressOf(job) {
  if (!job.values) {
    return null;
  }
  const { progress, progress_text: text } = JSON.parse(job.values.meta);
  return typeof progress === 'number' ? { percent: Math.round(progress * 100), text } : null;
}
