// One turn of a conversation: the question, its answer or refusal, and what can be done with it.

import { mark, place } from './cite.js';
import { address, button, config, copy, either, make, noteOn, said, sourceLine, tell, tongue, word, wordsOf } from './dom.js';
import { asText } from './export.js';
import { feedback } from './talk.js';

// `does` holds what the page does: ask(question), again(turn), open(query), keep().
export function turnOf(turn, n, last, does) {
  const shown = make('article', { class: 'turn', 'aria-labelledby': `q-${n}`, id: `turn-${n}` }, make('h2', { id: `q-${n}`, class: 'asked', lang: tongue(turn.question) }, turn.question));
  if (turn.pending && turn.draft) shown.append(make('div', { class: 'answer' }, turn.draft.map((one) => make('p', { class: 'said' }, one))), make('p', { class: 'waiting' }, word('writing')));
  else if (turn.pending) shown.append(make('p', { class: 'waiting' }, turn.passages ? word('found', { n: turn.passages }) : word('waiting')));
  else if (!turn.outcome) shown.append(make('p', { class: 'trouble' }, word(turn.trouble || 'stopped')), make('div', { class: 'tools' }, button('retry', () => does.again(turn))));
  else shown.append(...outcomeOf(turn, last, does));
  return shown;
}

function outcomeOf(turn, last, does) {
  const { outcome } = turn;
  const body = make('div', { class: outcome.refused ? 'answer refused' : 'answer' });
  if (outcome.note) body.append(make('p', { class: 'quiet' }, outcome.note));
  if (outcome.understood) body.append(make('details', { class: 'quiet reading' }, make('summary', {}, word('completed')), make('p', { lang: tongue(outcome.understood) }, outcome.understood)));
  if (outcome.refused) body.append(make('p', { class: 'message', lang: tongue(outcome.message) }, callable(outcome.message)));
  if (outcome.refused && outcome.sentences.length) body.append(make('p', { class: 'quiet' }, word('nearest')));
  const lead = outcome.sentences.find((one) => one.parts.some(([, bold]) => bold)) || outcome.sentences[0]; // the one that answers is the largest
  body.append(...outcome.sentences.map((one) => sentenceOf(one, outcome, one === lead && !outcome.refused)));
  if (outcome.unanswered.length) body.append(make('p', { class: 'lacking' }, word('unanswered', { text: outcome.unanswered.map((one) => `“${one}”`).join('；') })));
  const parts = [body];
  if (outcome.citations.length) parts.push(...about(outcome, does));
  if (outcome.refused && (outcome.reason === 'not_found' || outcome.reason === 'not_stated')) parts.push(handOver(turn, does));
  parts.push(tools(turn, does));
  if (last && outcome.suggestions.length) parts.push(suggestions(outcome, does));
  return parts;
}

// A message of the assistant's own, with the numbers that help as links that a phone can dial.
const callable = (text) => text.split(/(?<!\d)(110|119|120|12345|12356)(?!\d)/).map((part, n) => (n % 2 ? make('a', { href: `tel:${part}` }, part) : part));

function sentenceOf(one, outcome, leads) {
  const notes = one.notes.map((note) => make('small', { class: 'note', lang: document.documentElement.lang }, noteOn(note)));
  const cites = one.cites.map((n) => outcome.citations.find((citation) => citation.n === n)).filter(Boolean).map((citation) => mark(citation, outcome));
  // The last characters, unless they are bold, go with the numbers.
  const plain = !one.parts.at(-1)[1];
  const [rest, tail] = plain ? split(one.parts.at(-1)[0]) : ['', ''];
  const words = [...(plain ? one.parts.slice(0, -1) : one.parts).map(([text, bold]) => (bold ? make('strong', {}, text) : text)), rest];
  // The numbers stay on the line of the words before them.
  return make('p', { class: leads ? 'said first' : 'said', lang: tongue(wordsOf(one)) }, words, make('span', { class: 'tail' }, tail, cites), notes);
}

const split = (text) => [text.slice(0, -2), text.slice(-2)];

// Which kind of answer it is, what its age means, and where it stands.
function about(outcome, does) {
  const kind = outcome.refused ? [] : [make('p', { class: 'kind' }, word(outcome.mode === 'llm' ? 'llm' : 'extract'))];
  const oldest = outcome.citations.filter((one) => one.years >= 1).sort((a, b) => b.years - a.years)[0];
  const standing = [...new Map(outcome.citations.filter((one) => either(one.standing)).map((one) => [one.article, one])).values()];
  const warned = [
    oldest && word('old', { date: said(oldest.published), n: oldest.years }),
    ...standing.map((one) => word('stands', { title: one.title, standing: either(one.standing) })),
  ].filter(Boolean);
  const warning = warned.length ? [make('p', { class: 'warning' }, warned.join(' '))] : [];
  return [...kind, ...warning, sources(outcome, does)];
}

function sources(outcome, does) {
  const own = outcome.sentences.map(wordsOf).join('\n');
  const articles = new Map();
  for (const one of outcome.citations) articles.set(one.article, [...(articles.get(one.article) || []), one]);
  const rows = [...articles.values()].map((cited) => make('li', {},
    make('cite', { lang: tongue(cited[0].title) }, word('title', { title: cited[0].title })), ' ',
    make('span', { class: 'quiet' }, sourceLine({ ...cited[0], section: '' })),
    make('ul', {}, cited.map((one) => make('li', {},
      make('span', { class: 'number' }, `[${one.n}] `), one.section && make('span', { lang: tongue(one.section) }, `${one.section} · `),
      make('a', { href: address(place(one, outcome)), class: 'open', 'aria-label': word('cite', one) }, word('open')),
      // Where the words of the answer are not those of the article, the article's stand here.
      !own.includes(one.quote) && make('blockquote', { lang: tongue(one.quote) }, one.quote))))));
  return make('section', { class: 'sources' }, make('h3', {}, word('sources')), make('ul', {}, rows));
}

function tools(turn, does) {
  const { outcome } = turn;
  const form = make('div', { class: 'why' });
  const thumb = (verdict) => button(verdict, () => (verdict === 'up' ? judge(turn, does, { verdict: 'up' }) : whyNot(turn, form, does)), { 'aria-pressed': String(turn.verdict === verdict), class: `thumb ${verdict}` });
  const link = address({ q: turn.question });
  return make('div', { class: 'after' },
    make('div', { class: 'tools' },
      button('copy', () => copy(asText(turn), 'copied')),
      button('share', () => copy(link, 'shared')),
      ['', 'not_found', 'not_stated'].includes(outcome.reason) ? [thumb('up'), thumb('down')] : [],
      button('retry', () => does.again(turn))),
    form);
}

function suggestions(outcome, does) {
  return make('section', { class: 'further' }, make('h3', {}, word('next_questions')),
    make('ul', {}, outcome.suggestions.map((one) => make('li', {}, make('button', { type: 'button', class: 'question', lang: tongue(one), onclick: () => does.ask(one) }, one)))));
}

async function judge(turn, does, given) {
  try {
    const { question, text, refused, version } = turn.outcome;
    await feedback({ question, answer: text, refused, version, ...given });
  } catch (error) {
    tell(word(error.message));
    return false;
  }
  turn.verdict = given.verdict;
  does.keep(turn);
  tell(word(given.verdict === 'handed over' ? 'handed_over' : 'thanks'));
  return true;
}

// The reasons of a thumb down, asked for before it is sent.
function whyNot(turn, form, does) {
  const name = `why-${Math.random().toString(36).slice(2)}`;
  const reasons = ['wrong', 'incomplete', 'not found', 'unclear'].map((one) =>
    make('label', {}, make('input', { type: 'radio', name, value: one, required: true }), ' ', word(one)));
  const comment = make('textarea', { id: `${name}-comment`, rows: 2, maxlength: 1000 });
  const asked = make('form', {},
    make('fieldset', {}, make('legend', {}, word('why')), reasons),
    make('label', { for: comment.id }, word('comment')), comment,
    make('div', { class: 'tools' }, make('button', { type: 'submit', class: 'primary' }, word('send_feedback')), button('cancel', () => form.replaceChildren())));
  asked.addEventListener('submit', (event) => {
    event.preventDefault();
    judge(turn, does, { verdict: 'down', reason: new FormData(asked).get(name), comment: comment.value.trim() });
  });
  form.replaceChildren(asked);
  asked.scrollIntoView({ block: 'nearest' });
  asked.querySelector('input').focus({ preventScroll: true });
}

function handOver(turn, does) {
  const done = turn.verdict === 'handed over';
  return make('div', { class: 'hand-over' },
    done ? make('p', { class: 'done' }, word('handed_over')) : button('hand_over', () => judge(turn, does, { verdict: 'handed over' }), { class: 'primary' }),
    make('p', { class: 'quiet' }, word('hand_over_hint', { hotline: config.hotline })));
}
