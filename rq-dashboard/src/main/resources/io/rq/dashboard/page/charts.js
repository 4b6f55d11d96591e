// Charts of the history: what happened by minute or hour.

import { h, table } from './dom.js';
import { brief, number, seconds, time } from './format.js';

// what a point is, and how long an answer is new enough
const RANGES = {
  '1h': { unit: 'a minute', fresh: 10000 },
  '24h': { unit: 'a minute', fresh: 60000 },
  '90d': { unit: 'an hour', fresh: 300000 },
};
const HEIGHT = 180;
const SHORTEST = 0.0001;
const ROWS = 60;
const OTHERS = ',';

const COUNTS = [['enqueued', 'faint'], ['finished', 'good'], ['failed', 'bad'], ['retried', 'warn']];
const TIMES = [['p50', 'good'], ['p99', 'warn']];

let library = null;

/** uPlot, when it is needed first. */
function uplot() {
  library ??= new Promise((resolve, reject) => {
    document.head.append(h('script', {
      src: new URL('uplot.js', import.meta.url), onload: () => resolve(window.uPlot), onerror: () => reject(new Error('no uPlot')),
    }));
  });
  return library;
}

/** Asks for the history of a queue or of all, if the last answer is too old. Returns when the answer is of. */
export async function loadHistory(context, queue) {
  const { range = '1h', function: name } = context.query;
  const { fresh } = RANGES[range] || RANGES['1h'];
  const state = context.state;
  if (!state.history || Date.now() - state.historyAt > fresh) {
    state.history = await context.get('history', { queue, function: name, range });
    state.historyAt = Date.now();
  }
  return state.history.to;
}

/** The charts of what was loaded. */
export function charts(context) {
  const history = context.state.history;
  const unit = RANGES[history.range].unit;
  const series = columns(history);
  const drawn = context.state.charts ??= [];
  const ofQueue = history.queue && !history.function;
  const plain = (value) => number(value);
  const specs = [
    { title: `Runs ${unit}`, data: series.counts, lines: COUNTS.filter(([name]) => name !== 'enqueued' || ofQueue), text: plain },
    { title: 'Running time', data: series.running, lines: TIMES, text: brief, logarithmic: true },
    !history.function && { title: 'Waiting time', data: series.waiting, lines: TIMES, text: brief, logarithmic: true },
    ofQueue && { title: 'Jobs that wait', data: series.queued, lines: [['queued', 'warn']], text: plain },
  ].filter(Boolean);
  const shown = specs.map((spec, i) => (drawn[i] ??= chart(history.range, spec, context.controller.signal)));
  shown.forEach((one, i) => one.show([series.times, ...specs[i].lines.map(([name]) => specs[i].data[name])], summary(specs[i].title, history)));
  return h('section', { 'aria-label': 'History' },
    h('div', { class: 'bar' }, h('h2', null, 'History'), h('span', { class: 'tabs' }, Object.keys(RANGES).map((range) => h('a', {
      href: addressOf(context, range), 'aria-current': range === history.range ? 'page' : null,
    }, range))), ...functions(context, history)),
    history.source === 'off' && h('p', { class: 'faint' }, 'This application does not count: rq.history.enabled is false.'),
    h('div', { class: 'cards charts' }, shown.map((one) => one.element)),
    h('p', { class: 'faint' }, "Runs of Java's workers; those of Python's are not counted."),
    numbers(history));
}

function addressOf(context, range) {
  const query = new URLSearchParams(Object.entries({ ...context.query, range }).filter(([, value]) => value));
  return `#${context.path}?${query}`;
}

function functions(context, history) {
  const chosen = context.query.function || '';
  const names = [...new Set([...history.functions, ...(chosen ? [chosen] : [])])];
  return names.length === 0 ? [] : [h('label', { for: 'function' }, 'Function'),
    h('select', { id: 'function', onchange: (event) => context.go({ function: event.target.value }) },
      ['', ...names].map((name) => h('option', { value: name, selected: name === chosen }, nameOf(name))))];
}

function nameOf(name) {
  return name === '' ? 'all' : name === OTHERS ? 'others' : name;
}

/** Everything by its time, gaps included; the point that has not ended is left out. */
function columns(history) {
  const step = seconds(history.step);
  const from = Date.parse(history.from) / 1000;
  const count = Math.floor((Date.parse(history.to) / 1000 - from) / step);
  const times = Array.from({ length: count }, (_, i) => from + i * step);
  const row = (empty) => new Array(count).fill(empty);
  const found = {
    times, counts: { enqueued: row(0), finished: row(0), failed: row(0), retried: row(0) },
    running: { p50: row(null), p99: row(null) }, waiting: { p50: row(null), p99: row(null) }, queued: { queued: row(null) },
  };
  for (const point of history.points) {
    const at = Math.round((Date.parse(point.time) / 1000 - from) / step);
    if (at < count) {
      for (const name of Object.keys(found.counts)) {
        found.counts[name][at] = point[name] ?? 0;
      }
      found.queued.queued[at] = point.queued;
      for (const name of ['running', 'waiting']) {
        for (const part of point[name] ? ['p50', 'p99'] : []) {
          found[name][part][at] = Math.max(seconds(point[name][part]), SHORTEST);
        }
      }
    }
  }
  return found;
}

function summary(title, history) {
  const sum = (name) => number(history.points.reduce((all, point) => all + point[name], 0));
  return `${title}, ${history.range}: ${sum('finished')} finished, ${sum('failed')} failed, ${sum('retried')} retried in all; the numbers are in the table below`;
}

function numbers(history) {
  const newest = history.points.slice(-ROWS).reverse();
  return h('details', { id: 'history-numbers' }, h('summary', null, `The last ${ROWS} in numbers`), table('History', [
    { title: 'from', cell: (point) => time(point.time) },
    ...['enqueued', 'started', 'finished', 'failed', 'retried', 'queued'].map((name) => ({
      title: name, number: true, cell: (point) => (point[name] === null ? '–' : number(point[name])),
    })),
    ...['waiting', 'running', 'lateness'].map((name) => ({
      title: `${name} p50, p99`, number: true, cell: (point) => (point[name] ? `${brief(seconds(point[name].p50))}, ${brief(seconds(point[name].p99))}` : '–'),
    })),
  ], newest, 'Nothing was counted.'));
}

/** A chart that is drawn when it is on the page, and again when its size, its data or the colours change. */
function chart(range, { title, lines, text, logarithmic }, signal) {
  const inks = Object.fromEntries(['faint', ...lines.map(([, ink]) => ink)].map((ink) => [ink, h('span', { class: ink, hidden: true })]));
  const place = h('div', { class: 'plot', role: 'img' });
  const element = h('figure', { class: 'card' }, h('figcaption', null, title), Object.values(inks), place);
  const ink = (name) => () => getComputedStyle(inks[name]).color;
  let plot = null;
  let data = null;
  const draw = async () => {
    const width = place.clientWidth;
    if (!width) {
      return;
    }
    try {
      const UPlot = await uplot();
      if (signal.aborted) {
        return;
      }
      if (plot) {
        plot.setSize({ width, height: HEIGHT });
      } else {
        plot = new UPlot(options(width), data, place);
      }
    } catch {
      place.textContent = 'The chart cannot be drawn.';
    }
  };
  const axis = (values, size) => ({
    stroke: ink('faint'), grid: { stroke: '#8883', width: 1 }, ticks: { stroke: '#8883', width: 1 }, values, size,
  });
  const options = (width) => ({
    width,
    height: HEIGHT,
    cursor: { drag: { x: false, y: false } },
    scales: { y: logarithmic ? { distr: 3 } : { range: (_, __, most) => [0, Math.max(most, 1)] } },
    axes: [
      axis((_, splits) => splits.map((at) => clock(at, range)), 30),
      axis((_, splits) => splits.map((value) => (value === null ? '' : text(value))), 64),
    ],
    series: [
      { label: 'from', value: (_, at) => (at ? new Date(at * 1000).toLocaleString() : '–') },
      ...lines.map(([label, color]) => ({
        label, stroke: ink(color), width: 1.5, points: { show: true, size: 4, filter: alone },
        value: (_, value) => (value === null || value === undefined ? '–' : text(value)),
      })),
    ],
  });
  new ResizeObserver(draw).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot?.redraw(), { signal });
  signal.addEventListener('abort', () => plot?.destroy());
  return {
    element,
    show(columns, description) {
      data = columns;
      place.setAttribute('aria-label', description);
      plot?.setData(data);
    },
  };
}

/** The points that no line goes to. */
function alone(plot, index) {
  const values = plot.data[index];
  return values.flatMap((value, i) => (value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null ? [i] : []));
}

function clock(at, range) {
  const options = range === '90d' ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return new Date(at * 1000).toLocaleString(undefined, options);
}
