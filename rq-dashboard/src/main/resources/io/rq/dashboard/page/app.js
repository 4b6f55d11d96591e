// The frame around the pages: addresses, refreshing, keys, messages.

import * as api from './api.js';
import { h, show } from './dom.js';
import { tick } from './format.js';
import * as audit from './pages/audit.js';
import * as cron from './pages/cron.js';
import * as doctor from './pages/doctor.js';
import * as failures from './pages/failures.js';
import * as job from './pages/job.js';
import * as jobs from './pages/jobs.js';
import * as operations from './pages/operations.js';
import * as overview from './pages/overview.js';
import * as queue from './pages/queue.js';
import * as scheduled from './pages/scheduled.js';
import * as schedulers from './pages/schedulers.js';
import * as workers from './pages/workers.js';

// A page has load(context), which asks the API, view(data, context), which makes elements of the answer,
// title(context), and maybe interval(context), the milliseconds between two looks if they are not the usual ones.
const PAGES = [
  [/^\/$/, overview], [/^\/queues\/([^/]+)$/, queue], [/^\/queues\/([^/]+)\/([a-z]+)$/, jobs], [/^\/jobs\/([^/]+)$/, job],
  [/^\/failures$/, failures], [/^\/scheduled$/, scheduled], [/^\/cron$/, cron], [/^\/workers$/, workers],
  [/^\/schedulers$/, schedulers], [/^\/doctor$/, doctor], [/^\/operations$/, operations],
  [/^\/audit$/, audit],
];
const NAVIGATION = [['#/', 'Overview'], ['#/failures', 'Failures'], ['#/scheduled', 'Scheduled'], ['#/cron', 'Cron'],
  ['#/workers', 'Workers'], ['#/schedulers', 'Schedulers'], ['#/doctor', 'Doctor'], ['#/operations', 'Operations'],
  ['#/audit', 'Audit']];
const KEYS = [['/', 'search'], ['j  k', 'next and previous entry'], ['Enter', 'open it'], ['r', 'refresh'], ['?', 'these keys'], ['Esc', 'leave']];
const INTERVAL = 2000;
const LONGEST = 30000;

const main = document.getElementById('main');
const banner = document.getElementById('banner');
const toast = document.getElementById('toast');

let me = null;
let current = null;
let timer = null;
let looks = 0;
let trouble = 0;
let toasting = null;

function route() {
  current?.controller.abort();
  const address = location.hash.replace(/^#/, '') || '/';
  const [path, query = ''] = address.split('?', 2);
  const [pattern, page] = PAGES.find(([regex]) => regex.test(path)) || [];
  const params = page && decoded(pattern.exec(path).slice(1));
  if (!params) {
    main.replaceChildren(h('p', null, 'There is no such page. ', h('a', { href: '#/' }, 'Overview')));
    current = null;
    return;
  }
  current = {
    page, path, params, controller: new AbortController(), shown: null,
    query: Object.fromEntries(new URLSearchParams(query)),
    state: {}, // what the page remembers between two looks
    get me() { return me; },
    can: (operation) => me.operations.includes(operation),
    get(path, query) { return api.get(path, query, this.controller.signal); },
    go(changes) { location.hash = addressOf(path, { ...this.query, ...changes }); },
    act, redraw, refresh,
  };
  document.title = `${page.title(current)} · RQ`;
  for (const link of document.querySelectorAll('#nav a')) {
    if (link.getAttribute('href') === `#${path}`) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  main.replaceChildren(h('p', { class: 'faint' }, 'Loading …'));
  refresh();
}

/** Returns null if what somebody has typed means nothing. */
function decoded(segments) {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return null;
  }
}

function addressOf(path, query) {
  const entries = Object.entries(query).filter(([, value]) => value);
  return entries.length ? `${path}?${new URLSearchParams(entries)}` : path;
}

async function refresh() {
  clearTimeout(timer);
  const context = current;
  if (!context) {
    return;
  }
  // answers may overtake each other: what was asked before a change is not shown after it
  const look = ++looks;
  const isOutdated = () => context !== current || look !== looks;
  try {
    me ??= await greet();
    const data = await context.page.load(context);
    if (isOutdated()) {
      return;
    }
    trouble = 0;
    banner.hidden = true;
    const text = JSON.stringify(data);
    if (text !== context.shown && !isBusy()) {
      context.shown = text;
      context.data = data;
      redraw();
    }
  } catch (problem) {
    if (isOutdated() || context.controller.signal.aborted) {
      return;
    }
    complain(problem, context);
    if (problem.status === 401 || problem.status === 403) {
      return; // asking again would not help; r asks again
    }
  }
  later(context);
}

function later(context) {
  clearTimeout(timer);
  if (!document.hidden && context === current) {
    const interval = context.page.interval?.(context) || INTERVAL;
    timer = setTimeout(refresh, Math.min(interval * 2 ** trouble, Math.max(LONGEST, interval)));
  }
}

async function greet() {
  const answer = await api.me();
  const notice = document.getElementById('notice');
  notice.hidden = !answer.readOnly;
  notice.textContent = 'Read-only, for this machine alone, without arguments, meta data and results: the application has no Spring Security.';
  document.getElementById('footer').textContent = `You are ${answer.name}.`;
  return answer;
}

/** Draws the page again and leaves the reader where they were. */
function redraw() {
  const context = current;
  if (!context?.data) {
    return;
  }
  const open = [...main.querySelectorAll('details[open]')].map((details) => details.id);
  const scrolled = new Map(scrollable().filter((element) => element.scrollLeft || element.scrollTop)
    .map((element) => [nameOf(element), { left: element.scrollLeft, top: element.scrollTop }]));
  const at = main.contains(document.activeElement) ? document.activeElement : null;
  main.replaceChildren(h('h1', null, context.page.title(context)), ...[context.page.view(context.data, context)].flat(Infinity).filter(Boolean));
  for (const name of open.filter(Boolean)) {
    document.getElementById(name)?.setAttribute('open', '');
  }
  for (const element of scrollable()) {
    element.scrollTo(scrolled.get(nameOf(element)) || {});
  }
  if (at) {
    const name = nameOf(at);
    [...main.querySelectorAll('[id], a, button, summary, [tabindex]')].find((element) => nameOf(element) === name)?.focus({ preventScroll: true });
  }
}

function scrollable() {
  return [...main.querySelectorAll('.scroll, pre')];
}

/** What an element and the one that is drawn in its place have in common. */
function nameOf(element) {
  return element.id || [element.tagName, element.getAttribute('href') ?? element.getAttribute('aria-label') ?? element.textContent,
    element.closest('tr')?.cells[0].textContent].join(' ');
}

/** Nobody likes a page that changes while they write or read a dialog. */
function isBusy() {
  const at = document.activeElement;
  return Boolean(document.querySelector('dialog[open]'))
    || (current.shown !== null && main.contains(at) && at.matches('input:not([type=checkbox]), select, textarea'));
}

function complain(problem, context) {
  if (problem.status === 404 || problem.status === 400 || problem.status === 422) {
    main.replaceChildren(h('h1', null, context.page.title(context)), h('p', null, problem.message));
    context.shown = null;
    return;
  }
  trouble = Math.min(trouble + 1, 5);
  banner.hidden = false;
  const where = { 0: 'The application is away', 503: 'Redis is away', 401: 'Not logged in', 403: 'Not allowed' }[problem.status];
  banner.textContent = `${where || problem.title || 'Trouble'}: ${problem.message}`;
  if (!context.data) {
    main.replaceChildren();
  }
  if (!(problem instanceof api.Problem)) {
    console.error(problem);
  }
}

/** Does something and says what came of it. */
async function act(change, told) {
  try {
    const answer = await change();
    say(told(answer));
  } catch (problem) {
    if (problem.status === 403) {
      me = null; // rights or token may have changed
    }
    say(problem.message);
  }
  if (current) {
    current.shown = null;
  }
  await refresh();
}

function say(text) {
  clearTimeout(toasting);
  toast.textContent = text;
  toasting = setTimeout(() => { toast.textContent = ''; }, 6000);
}

function move(step) {
  const rows = [...main.querySelectorAll('a.row')];
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function help() {
  show(h('dialog', { 'aria-label': 'Keys' }, h('form', { method: 'dialog' },
    h('dl', null, KEYS.map(([key, text]) => [h('dt', null, h('kbd', null, key)), h('dd', null, text)])),
    h('p', null, ''), h('button', null, 'Close'))));
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
    return;
  }
  if (event.target.matches('input:not([type=checkbox]), select, textarea')) {
    if (event.key === 'Escape') {
      event.target.blur();
    }
    return;
  }
  const actions = {
    '/': () => (document.getElementById('filter') || document.getElementById('search-id')).focus(),
    j: () => move(1), k: () => move(-1), r: () => { me = null; refresh(); }, '?': help,
  };
  if (actions[event.key]) {
    event.preventDefault();
    actions[event.key]();
  }
}

document.getElementById('nav').append(...NAVIGATION.map(([href, text]) => h('a', { href }, text)));
document.getElementById('help').addEventListener('click', help);
document.getElementById('skip').addEventListener('click', (event) => { event.preventDefault(); main.focus(); });
document.getElementById('search').addEventListener('submit', (event) => {
  event.preventDefault();
  const id = document.getElementById('search-id').value.trim();
  if (id) {
    location.hash = `/jobs/${encodeURIComponent(id)}`;
    document.getElementById('search-id').blur();
  }
});
document.addEventListener('keydown', pressed);
document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : refresh()));
window.addEventListener('hashchange', route);
setInterval(() => document.hidden || tick(), 1000);
route();
