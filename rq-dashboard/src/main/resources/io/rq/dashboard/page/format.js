// Times, durations and numbers for people.

import { h } from './dom.js';

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

export function number(value) {
  return value.toLocaleString('en');
}

/** How far away a moment is, the exact one on hover: in the browser's zone and in UTC. */
export function time(iso) {
  if (!iso) {
    return '–';
  }
  const date = new Date(iso);
  const local = isNaN(date) ? '' : `${date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' })}\n`;
  return h('time', { datetime: iso, title: local + iso }, relative(iso));
}

/** Lets the times on the page go on. */
export function tick() {
  for (const element of document.querySelectorAll('time[datetime]')) {
    const text = relative(element.getAttribute('datetime'));
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }
}

function relative(iso) {
  const seconds = (new Date(iso).getTime() - Date.now()) / 1000;
  if (!Number.isFinite(seconds)) {
    return iso; // after the year 9999 Java writes what no browser reads
  }
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length || unit === 'second') {
      const count = Math.trunc(seconds / length);
      return count === 0 ? 'now' : RELATIVE.format(count, unit);
    }
  }
}

/** 'PT1H2M3.5S' as '1 h 2 min'. */
export function duration(iso) {
  return iso ? span(seconds(iso)) : '–';
}

export function seconds(iso) {
  const match = /^(-?)PT(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?[\d.]+)S)?$/.exec(iso);
  return match ? (Number(match[2] || 0) * 3600 + Number(match[3] || 0) * 60 + Number(match[4] || 0)) : NaN;
}

/** Seconds in a few letters: 1.5 ms, 30 s. */
export function brief(value) {
  const [count, unit] = value < 1 ? [value * 1000, 'ms'] : [value, 's'];
  return value < 120 ? `${Number(count.toPrecision(2))} ${unit}` : span(value);
}

/** How many a second, in a few letters. */
export function rate(value) {
  return value === null || value === undefined ? '–' : `${Number(value.toPrecision(2)).toLocaleString('en')}/s`;
}

/** The time from one moment to another, or until now. */
export function between(start, end) {
  return start ? span((new Date(end || Date.now()) - new Date(start)) / 1000) : '–';
}

function span(seconds) {
  if (Number.isNaN(seconds)) {
    return '?';
  }
  if (seconds < 0) {
    return 'no limit';
  }
  if (seconds < 1) {
    return `${Math.round(seconds * 1000)} ms`;
  }
  if (seconds < 60) {
    return `${Math.round(seconds * 10) / 10} s`;
  }
  const whole = Math.round(seconds);
  const parts = [[Math.floor(whole / 86400), 'd'], [Math.floor(whole / 3600) % 24, 'h'], [Math.floor(whole / 60) % 60, 'min'], [whole % 60, 's']];
  const first = parts.findIndex(([count]) => count > 0);
  return parts.slice(first, first + 2).filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

const KINDS = {
  failed: 'bad', max_retries_exceeded: 'bad', stopped: 'bad', denied: 'bad', retried: 'warn', canceled: 'warn',
  finished: 'good', successful: 'good', done: 'good', started: 'good',
};

export function state(text) {
  const lower = String(text ?? 'gone').toLowerCase();
  return h('span', { class: `state ${KINDS[lower] || ''}` }, lower);
}
