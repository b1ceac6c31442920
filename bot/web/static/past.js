// The list of conversations: open one, delete one or all, export one.

import { button, make, tell, word } from './dom.js';
import { asMarkdown, download } from './export.js';
import * as store from './store.js';

const dialog = document.getElementById('past');

// `show` shows the conversation that is then the current one.
export function openPast(show) {
  draw(show);
  dialog.showModal();
}

function draw(show) {
  const found = store.past();
  const rows = found.map((one) => {
    const name = one.turns[0].question;
    const when = new Date(one.started).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
    return make('li', {},
      make('button', { type: 'button', class: 'question', 'aria-current': store.isCurrent(one) ? 'true' : null, onclick: () => { store.open(one.id); dialog.close(); show(); } },
        name, make('small', {}, when)),
      button('export', () => download(`${one.started.slice(0, 10)}-${name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 30)}.md`, asMarkdown(one))),
      button('delete', () => { store.remove(one.id); draw(show); show(); }, { 'aria-label': word('delete_one', { text: name }) }));
  });
  dialog.replaceChildren(
    make('header', {}, make('h2', { id: 'past-name' }, word('conversations')), button('close', () => dialog.close())),
    make('p', { class: 'quiet' }, word('conversations_hint')),
    rows.length ? make('ul', { class: 'list' }, rows) : make('p', {}, word('none_yet')),
    ...(rows.length ? [make('div', { class: 'tools' }, clearing(show))] : []));
}

// Everything is cleared at the second press only.
function clearing(show) {
  const made = button('clear', () => {
    if (made.dataset.sure) { store.clear(); dialog.close(); show(); tell(word('cleared')); return; }
    made.dataset.sure = 'yes';
    made.textContent = word('clear_sure');
  }, { class: 'danger' });
  return made;
}

export function redrawPast(show) {
  if (dialog.open) draw(show);
}
