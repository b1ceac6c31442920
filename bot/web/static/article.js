// The article view: a whole article with what is cited in it, beside the conversation, or above it on a small screen.

import { hide } from './cite.js';
import { address, button, copy, either, here, make, said, still, tongue, word } from './dom.js';
import * as store from './store.js';
import * as talk from './talk.js';

const dialog = document.getElementById('article');
const wide = matchMedia('(min-width: 1000px)');
let shown = null; // {query, found, marks, at, lost}
let from = null; // what had the focus before

// Open what an address names: {article, passage, v, at}, `at` being "number:start-end,…", the first the one to begin with.
// `quotes` are looked for in an article that is opened without places: [{n, quote}], those of another version.
export async function openArticle(query, { push = true, quotes = [] } = {}) {
  hide();
  if (!dialog.contains(document.activeElement)) from = document.activeElement;
  if (push) history[shown ? 'replaceState' : 'pushState']({ article: true }, '', here(query));
  shown = { query, found: null, marks: [], at: 0, lost: false };
  dialog.replaceChildren(head(word('article')), make('p', { class: 'quiet', role: 'status' }, word('loading')));
  present();
  const asked = shown;
  try {
    const found = await talk.article({ article: query.article, v: query.v || '' });
    asked.found = found;
    if (quotes.length && found.blocks) look(asked, quotes);
  } catch (error) {
    asked.found = { trouble: error.message };
  }
  if (shown === asked) draw();
}

export function closeArticle({ back = true } = {}) {
  if (!shown) return;
  shown = null;
  dialog.close();
  document.body.classList.remove('reading');
  if (back) {
    if (history.state?.article) history.back();
    else history.replaceState(null, '', here());
  }
  if (from?.isConnected) from.focus({ preventScroll: true });
}

export const redrawArticle = () => shown?.found && draw();

// A column beside the conversation where there is room, else a sheet over it, which keeps the focus.
function present() {
  if (dialog.open) dialog.close();
  document.body.classList.toggle('reading', wide.matches);
  if (wide.matches) dialog.show();
  else dialog.showModal();
}

function head(title) {
  return make('header', {}, make('h2', { id: 'article-name', tabindex: '-1', lang: tongue(title) }, title), button('close', () => closeArticle(), { class: 'close' }));
}

function draw() {
  const { query, found } = shown;
  if (found.trouble || found.gone) return drawGone();
  const about = [found.publisher, said(found.published), found.region, either(found.standing)].filter(Boolean).join(' · ');
  const stretches = stretchesOf(query, found);
  shown.marks = stretches.map(() => []);
  const steps = make('div', { class: 'steps' },
    button('previous', () => step(-1)), make('span', { role: 'status', class: 'place' }), button('next', () => step(1)));
  const bar = make('div', { class: 'bar' }, stretches.length > 1 ? steps : '', button('copy_link', () => copy(address(query), 'link_copied')));
  dialog.replaceChildren(
    make('div', { class: 'fixed' }, head(found.title || found.article), bar),
    make('p', { class: 'quiet' }, about),
    ...(found.years >= 1 ? [make('p', { class: 'warning' }, word('old', { date: said(found.published), n: found.years }))] : []),
    ...(found.live ? [] : [make('p', { class: 'warning' }, word('old_version', { v: found.version }), ' ', liveButton(query, quotesIn(found, stretches)))]),
    ...(shown.lost ? [make('p', { class: 'warning' }, word('lost'))] : []),
    make('div', { class: 'text', lang: tongue(found.blocks.map((block) => block.text).join('').slice(0, 1000)) }, blocksOf(found, stretches)),
    changesOf(found.changes));
  go(shown.at, true);
}

function drawGone() {
  const { query, found } = shown;
  const told = found.trouble ? word(found.trouble) : word(`gone_${found.gone}`, { v: query.v });
  const choice = found.live_has_it ? make('p', {}, liveButton(query, quotesKept(query), { class: 'primary' })) : '';
  dialog.replaceChildren(head(word('article')), make('p', { class: 'message', role: 'alert' }, told), choice);
}

// To the live version, in which the sentences that were cited are looked for by their words.
function liveButton(query, quotes, attributes) {
  return button('open_live', () => openArticle({ article: query.article }, { quotes }), attributes);
}

const textOf = (found) => found.blocks.reduce((text, block) => text.padEnd(block.start) + block.text, '');

function quotesIn(found, stretches) {
  const text = textOf(found);
  return stretches.map(({ n, start, end }) => ({ n, quote: text.slice(start, end) }));
}

// The same from the answers of this conversation, where the version that they came from is gone.
function quotesKept(query) {
  const cited = store.turns().flatMap((turn) => (turn.outcome?.version === query.v ? turn.outcome.citations : []));
  return (query.at || '').split(',').flatMap((place) =>
    cited.filter((one) => one.article === query.article && `${one.n}:${one.start}-${one.end}` === place).slice(0, 1));
}

// Put into what is shown where the quotes stand in it, and whether one of them stands there no more.
function look(at, quotes) {
  const text = textOf(at.found);
  const places = quotes.map(({ n, quote }) => [n, text.indexOf(quote), quote.length]).filter(([, start]) => start >= 0);
  at.lost = places.length < quotes.length;
  if (!places.length) return;
  at.query = { ...at.query, v: at.found.version, at: places.map(([n, start, length]) => `${n}:${start}-${start + length}`).join(',') };
  if (shown === at) history.replaceState(history.state, '', here(at.query));
}

// What is marked: the cited sentences in their order in the article, or else the passage of the address.
function stretchesOf(query, found) {
  const cited = [...(query.at || '').matchAll(/(\d+):(\d+)-(\d+)/g)].map(([, n, start, end]) => ({ n: Number(n), start: Number(start), end: Number(end) }));
  const first = cited[0];
  const sorted = cited.sort((a, b) => a.start - b.start);
  if (shown.at === 0 && first) shown.at = sorted.indexOf(first);
  if (sorted.length) return sorted;
  const passage = query.passage === undefined ? undefined : found.passages[Number(query.passage)];
  return passage ? [{ n: 0, start: passage[0], end: passage[1] }] : [];
}

// The title stands above already; the outermost headings below it are of the third level, all within them of the fourth.
function blocksOf(found, stretches) {
  const blocks = found.blocks.filter((block, n) => n || block.text !== found.title);
  const outermost = Math.min(...blocks.filter((block) => block.kind === 'heading').map((block) => block.level));
  return blocks.map((block) => blockOf(block, stretches, block.level > outermost ? 'h4' : 'h3'));
}

function blockOf(block, stretches, heading) {
  const parts = [];
  let at = block.start;
  const end = block.start + block.text.length;
  const cut = (from, to) => block.text.slice(from - block.start, to - block.start);
  stretches.forEach((one, n) => {
    const [start, stop] = [Math.max(one.start, at), Math.min(one.end, end)];
    if (start >= stop) return;
    parts.push(cut(at, start));
    const made = make('mark', { tabindex: '-1' }, one.n > 0 && start === one.start && make('sup', { 'aria-hidden': 'true' }, one.n), cut(start, stop));
    shown.marks[n].push(made);
    parts.push(made);
    at = stop;
  });
  parts.push(cut(at, end));
  if (block.kind === 'heading') return make(heading, {}, parts);
  return make('p', { class: block.kind }, parts);
}

function step(by) {
  const of = shown.marks.length;
  go((shown.at + by + of) % of);
}

function go(n, first = false) {
  shown.at = n;
  const [mark] = shown.marks[n] || [];
  dialog.querySelectorAll('mark.shown').forEach((one) => one.classList.remove('shown'));
  const told = dialog.querySelector('.place');
  if (told) told.textContent = word('place', { n: n + 1, of: shown.marks.length });
  if (!mark) return first && dialog.querySelector('#article-name').focus({ preventScroll: true });
  shown.marks[n].forEach((one) => one.classList.add('shown'));
  bring(mark, first || still() ? 'auto' : 'smooth');
  return first && mark.focus({ preventScroll: true });
}

// Scroll the article, and not the page that it stands beside, until the mark is in the middle of what can be seen of it.
function bring(mark, behavior) {
  const [around, own] = [dialog.getBoundingClientRect(), mark.getBoundingClientRect()];
  const middle = (Math.max(around.top, 0) + Math.min(around.bottom, innerHeight)) / 2;
  dialog.scrollBy({ top: own.top + Math.min(own.height, 200) / 2 - middle, behavior });
}

const RULES = {
  'invisible characters': '不可见字符', 'heading mark': '标题符号', "editors' line": '责编行', 'page line': '版次行', 'page number': '页码',
  "paper's name in pinyin": '报名拼音', "paper's name": '报名', byline: '记者署名', caption: '图片说明移到文末', 'broken sentence': '接上断开的句子',
  'repeated clause': '重复的字句', 'half-width punctuation': '半角标点', 'running head': '页眉页脚', 'part of the site': '网站栏目',
  'hidden text': '隐藏文字', links: '链接列表',
};

function changesOf(changes) {
  if (!changes.length) return make('p', { class: 'quiet' }, word('no_changes'));
  const zh = document.documentElement.lang === 'zh-CN';
  const rows = changes.map((one) => make('li', {},
    `${zh ? RULES[one.rule] || one.rule : one.rule}${one.line ? ` (${word('line', { n: one.line })})` : ''}: `,
    one.removed && [word('removed'), ' ', make('del', {}, one.removed), ' '],
    one.inserted && [word('inserted'), ' ', make('ins', {}, one.inserted), ' '],
    one.moved && [word('moved'), ' ', make('span', { class: 'moved' }, one.moved)]));
  return make('details', { class: 'changes' }, make('summary', {}, word('changes', { n: changes.length })), make('ul', {}, rows));
}

dialog.addEventListener('cancel', (event) => { event.preventDefault(); closeArticle(); });
dialog.addEventListener('click', (event) => { if (event.target === dialog && !wide.matches) closeArticle(); }); // beside the sheet
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && shown && wide.matches && !document.querySelector('dialog:modal')) closeArticle(); });
wide.addEventListener('change', () => shown && present());
