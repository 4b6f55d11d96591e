import { h, table } from '../dom.js';

export const title = () => 'Doctor';

export const interval = () => 30000;

export const load = (context) => context.get('doctor');

const KINDS = { WARNING: 'bad', INFORMATION: 'warn', UNKNOWN: null };

export function view(findings) {
  return table('What is wrong with the set-up', [
    { title: 'Check', cell: (finding) => finding.check },
    { title: '', cell: (finding) => h('span', { class: ['state', KINDS[finding.severity.toUpperCase()]].filter(Boolean).join(' ') }, finding.severity.toLowerCase()) },
    { title: 'Found', text: true, cell: (finding) => finding.text },
    { title: 'What to do', text: true, cell: (finding) => finding.remedy },
  ], findings, 'Nothing is wrong with the set-up of Redis and of this application.');
}
