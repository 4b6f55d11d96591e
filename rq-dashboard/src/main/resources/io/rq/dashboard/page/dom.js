// Builds elements. Text is always text, never markup.

/** h('a', { href: '#/', class: 'x', onclick: f }, 'text', element, [more]) */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith('on')) {
      element.addEventListener(key.substring(2), value);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** columns: [{ title, number?, text?, cell(row) }] */
export function table(caption, columns, rows, empty = 'None.') {
  if (!rows.length) {
    return h('p', { class: 'faint' }, empty);
  }
  const kind = (column) => (column.number ? 'number' : column.text ? 'text' : null);
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h('table', null,
      h('caption', { class: 'hidden' }, caption),
      h('thead', null, h('tr', null, columns.map((column) => h('th', { class: kind(column), scope: 'col' }, column.title)))),
      h('tbody', null, rows.map((row) => h('tr', null, columns.map((column) => h('td', { class: kind(column) }, column.cell(row))))))));
}

/** A list of names and values without those that are missing. */
export function facts(entries) {
  return h('dl', null, entries
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => [h('dt', null, name), h('dd', null, value)]));
}

/** A link that j and k go through. */
export function row(href, ...text) {
  return h('a', { href, class: 'row' }, ...text);
}

export function button(text, onclick, danger = false) {
  return h('button', { type: 'button', class: danger ? 'danger' : null, onclick }, text);
}

/**
 * Asks before something is done. Options: { input: label, type: of the input or 'textarea', value, option: label, danger }.
 * Resolves to { input, option }, or to null if nothing is to be done.
 */
export function ask(question, { input, type = 'text', value = '', option, danger, action = 'Yes' } = {}) {
  const field = input ? fieldOf(type, value) : null;
  const check = option ? h('input', { id: 'ask-option', type: 'checkbox' }) : null;
  const dialog = h('dialog', { 'aria-labelledby': 'ask-question' },
    h('form', { method: 'dialog' },
      h('p', { id: 'ask-question' }, question),
      field && h('p', null, h('label', { for: 'ask-input' }, input, ' '), field),
      check && h('p', null, check, h('label', { for: 'ask-option' }, ' ', option)),
      h('div', { class: 'bar' },
        h('button', { value: 'yes', class: danger ? 'danger' : null }, action),
        h('button', { value: '', formnovalidate: true }, 'No'))));
  return show(dialog).then((value) => (value === 'yes' ? { input: field?.value.trim(), option: check?.checked } : null));
}

function fieldOf(type, value) {
  return type === 'textarea' ? h('textarea', { id: 'ask-input', rows: 8, cols: 60, spellcheck: 'false' }, value)
    : h('input', { id: 'ask-input', type, value, maxlength: type === 'text' ? 200 : null });
}

/** Shows a dialog until it is closed. */
export function show(dialog) {
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    dialog.showModal();
  });
}
