import { path, post } from '../api.js';
import { ask, button, h, row, table } from '../dom.js';
import { time } from '../format.js';
import { toJob, toQueue } from '../links.js';

export const title = () => 'Cron';

export const load = (context) => context.get('cron');

export function view(entries, context) {
  return table('Cron jobs', [
    { title: 'Name', cell: (entry) => entry.name },
    { title: 'Schedule', cell: (entry) => h('code', null, entry.schedule) },
    { title: 'Queue', cell: (entry) => h('a', { href: toQueue(entry.queue) }, entry.queue) },
    { title: 'Last', cell: (entry) => time(entry.lastFire) },
    { title: 'Its job', cell: (entry) => (entry.lastJobId ? row(toJob(entry.lastJobId), entry.lastJobId) : '–') },
    { title: 'Next', cell: (entry) => (entry.paused ? [h('span', { class: 'state warn' }, 'paused'), ' since ', time(entry.paused.since), entry.paused.reason && `: ${entry.paused.reason}`] : time(entry.nextFire)) },
    { title: '', cell: (entry) => actions(entry, context) },
  ], entries, 'This application has no cron jobs.');
}

function actions(entry, context) {
  const name = entry.name;
  return h('div', { class: 'bar' },
    context.can('trigger-cron') && button('Run now …', async () => {
      if (await ask(`Enqueue a job of ${name} now?`, { action: 'Run now' })) {
        await context.act(() => post(path`cron/${name}/trigger`), (answer) => `Job ${answer.id} is enqueued.`);
      }
    }),
    !entry.paused && context.can('pause-cron') && button('Pause …', async () => {
      const answer = await ask(`Pause ${name}?`, { input: 'Why', action: 'Pause' });
      if (answer) {
        await context.act(() => post(path`cron/${name}/pause`, { reason: answer.input }), () => `${name} is paused.`);
      }
    }),
    entry.paused && context.can('resume-cron') && button('Resume', () => context.act(() => post(path`cron/${name}/resume`), () => `${name} goes on.`)));
}
