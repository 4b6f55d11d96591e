// Talks to the API next to this page, wherever a proxy has put it.

const BASE = new URL('api/', new URL('.', import.meta.url));
const PATIENCE = 15000;
/** A worker that is to stop is waited for. */
const PATIENCE_FOR_CHANGES = 45000;

let token = null;

/** What the API says when it does not do what it was asked; status 0 if it did not answer. */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

/** A name as a segment of a path. Others than plain ones are encoded, since servers refuse some of them. */
export function segment(name) {
  if (/^[\w:-][\w.:-]*$/.test(name)) {
    return encodeURIComponent(name);
  }
  const bytes = String.fromCharCode(...new TextEncoder().encode(name));
  return '~' + btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** path`queues/${name}/failed` encodes what is put in. */
export function path(texts, ...names) {
  return texts.reduce((all, text, i) => all + segment(names[i - 1]) + text);
}

export function get(path, query = {}, signal) {
  const url = new URL(path, BASE);
  for (const [name, value] of Object.entries(query)) {
    if (value) {
      url.searchParams.set(name, value);
    }
  }
  return call(url, { signal });
}

export function post(path, options = {}) {
  return postText(path, JSON.stringify(options));
}

/** Sends JSON that is written already. */
export function postText(path, body) {
  const headers = { 'Content-Type': 'application/json', 'X-RQ-Dashboard': '1' };
  if (token) {
    headers[token.header] = token.token;
  }
  return call(new URL(path, BASE), { method: 'POST', headers, body });
}

export async function me(signal) {
  const me = await get('me', {}, signal);
  token = me.csrf;
  return me;
}

async function call(url, init) {
  const timeout = AbortSignal.timeout(init.method ? PATIENCE_FOR_CHANGES : PATIENCE);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  let response;
  let text;
  try {
    response = await fetch(url, { ...init, signal, credentials: 'same-origin', cache: 'no-store' });
    text = await response.text();
  } catch (error) {
    if (init.signal?.aborted) {
      throw error;
    }
    throw new Problem(0, 'No answer', 'The application does not answer.');
  }
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    // a login page, or a proxy's words
    throw new Problem(response.ok ? 401 : response.status, response.statusText, response.ok || response.redirected
      ? 'Something else answered instead of the dashboard: log in again.' : `The answer was ${response.status}.`);
  }
  if (!response.ok) {
    throw new Problem(response.status, body.title || response.statusText, body.detail || body.error);
  }
  return body;
}
