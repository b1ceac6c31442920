// The page: asking, showing the conversation, and what the header's buttons do.

import { turnOf } from './answer.js';
import { closeArticle, openArticle, redrawArticle } from './article.js';
import { config, here, make, speak, speaking, still, tell, word } from './dom.js';
import { openPast, redrawPast } from './past.js';
import * as store from './store.js';
import * as talk from './talk.js';

const MOST_BEFORE = 5; // earlier questions that are sent along, for one that leans on them
const box = document.getElementById('question');
const send = document.getElementById('send');
const conversation = document.getElementById('conversation');
let asking = null; // the AbortController of the question under way

const does = { ask, again: (turn) => answer(turn), keep: (turn) => { store.save(); redraw(turn); } };

function show() {
  const turns = store.turns();
  document.body.classList.toggle('begun', turns.length > 0);
  conversation.replaceChildren(...turns.map((turn, n) => turnOf(turn, n, n === turns.length - 1, does)));
}

// One turn anew, keeping the focus near where it was.
function redraw(turn) {
  const turns = store.turns();
  const n = turns.indexOf(turn);
  const old = document.getElementById(`turn-${n}`);
  if (n < 0 || !old) return;
  const focused = old.contains(document.activeElement);
  const made = turnOf(turn, n, n === turns.length - 1, does);
  old.replaceWith(made);
  if (focused) { made.tabIndex = -1; made.focus({ preventScroll: true }); }
}

function ask(question) {
  if (asking || !question.trim()) return;
  closeArticle();
  store.turns().push({ question: question.trim(), outcome: null, pending: true });
  const turn = store.turns().at(-1);
  show();
  answer(turn);
}

async function answer(turn) {
  if (asking) return;
  asking = new AbortController();
  const { signal } = asking;
  Object.assign(turn, { outcome: null, pending: true, passages: 0, draft: null, trouble: '', verdict: '' });
  const turns = store.turns();
  const n = turns.indexOf(turn);
  // A refused question would lead the next one astray.
  const before = turns.slice(0, n).filter((one) => one.outcome && (!one.outcome.refused || one.outcome.outcome === 'related')).slice(-MOST_BEFORE).map((one) => one.question);
  redraw(turn);
  working(true);
  document.getElementById(`turn-${n}`)?.scrollIntoView({ behavior: still() ? 'auto' : 'smooth', block: 'start' });
  try {
    for await (const state of talk.ask(turn.question, before, signal)) {
      if (state.state === 'found') { turn.passages = state.passages; redraw(turn); }
      if (state.state === 'writing') { turn.draft = state.sentences; redraw(turn); }
      // The question as the assistant took it: numbers of people are masked there, and so in what is shown and kept.
      if (state.state === 'done') Object.assign(turn, { outcome: state.outcome, question: state.outcome.question || turn.question });
      if (state.state === 'failed') turn.trouble = 'failed';
    }
    turn.trouble ||= turn.outcome ? '' : 'failed';
  } catch (error) {
    turn.trouble = error.name === 'AbortError' ? 'stopped' : error instanceof talk.Trouble ? error.message : 'failed';
    if (!(error instanceof talk.Trouble) && error.name !== 'AbortError') console.error(error);
  }
  turn.pending = false;
  turn.draft = null;
  asking = null;
  working(false);
  if (store.turns() === turns) {
    show();
    store.save();
    tell(turn.outcome ? word('answered', { text: turn.outcome.text }) : word(turn.trouble), false);
  }
}

function working(now) {
  document.body.classList.toggle('working', now);
  send.dataset.word = now ? 'stop' : 'send';
  send.textContent = word(send.dataset.word);
  conversation.setAttribute('aria-busy', String(now));
}

const stop = () => asking?.abort();

document.getElementById('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  if (asking) { stop(); return; }
  if (!box.value.trim()) { box.focus(); return; }
  const question = box.value;
  box.value = '';
  fit();
  ask(question);
});
box.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!asking) document.getElementById('ask').requestSubmit();
});
box.addEventListener('input', fit);
function fit() {
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight + 2, 180)}px`;
}

document.getElementById('new').addEventListener('click', () => { stop(); closeArticle(); store.start(); store.save(); show(); box.focus(); });
document.getElementById('history').addEventListener('click', () => openPast(() => { stop(); closeArticle(); show(); }));
document.querySelector('.skip').addEventListener('click', (event) => { event.preventDefault(); box.focus(); });

// A citation opens the article here; with Ctrl or the middle button it opens in a tab of its own, as every link does.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a.cite, a.open');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  openArticle(Object.fromEntries(new URL(link.href).searchParams));
});

function keep(name, value) {
  try { localStorage.setItem(name, value); } catch { /* it lasts until the page is closed */ }
}
function kept(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

document.getElementById('language').addEventListener('click', () => change(speaking() === 'zh' ? 'en' : 'zh'));
function change(language) {
  keep('liangce-language', language);
  speak(language);
  show();
  redrawArticle();
  redrawPast(show);
}

const theme = document.getElementById('theme');
const dark = () => (document.documentElement.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
function nameTheme() {
  theme.dataset.word = dark() ? 'light' : 'dark';
  theme.textContent = word(theme.dataset.word);
}
theme.addEventListener('click', () => {
  document.documentElement.dataset.theme = dark() ? 'light' : 'dark';
  keep('liangce-theme', document.documentElement.dataset.theme);
  nameTheme();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', nameTheme);

// The examples, as soon as the server has tried them.
async function examples(known, tries = 0) {
  const topics = Object.entries(known.examples);
  document.querySelector('#examples .topics').replaceChildren(...topics.map(([topic, questions]) => make('div', { class: 'topic', lang: 'zh-CN' },
    topic && make('h3', {}, topic),
    make('ul', {}, questions.map((one) => make('li', {}, make('button', { type: 'button', class: 'question', onclick: () => ask(one) }, one)))))));
  document.getElementById('examples').hidden = !topics.length;
  if (!known.checked && tries < 20) setTimeout(() => talk.examples().then((found) => examples(found, tries + 1)).catch(() => {}), 1500);
}

addEventListener('popstate', () => route(false));
function route(first) {
  const query = Object.fromEntries(new URLSearchParams(location.search));
  if (query.article) openArticle(query, { push: false });
  else closeArticle({ back: false });
  if (first && query.q) {
    history.replaceState(null, '', here());
    if (store.turns().length) store.start();
    ask(query.q);
  }
}

const language = new URLSearchParams(location.search).get('lang') || kept('liangce-language');
speak(language === 'zh' || language === 'en' ? language : config.lang);
for (const turn of store.turns()) if (turn.pending) Object.assign(turn, { pending: false, trouble: 'stopped' }); // the page was closed meanwhile
nameTheme();
show();
fit();
examples(config);
route(true);
