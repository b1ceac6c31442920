// Turns as text to paste, and conversations as Markdown, both with their citations.

import { place } from './cite.js';
import { address, config, make, noteOn, sourceLine, word, wordsOf } from './dom.js';

// The question, the answer with its numbers, and below it where each of them stands.
export function asText(turn) {
  return [turn.question, '', ...lines(turn.outcome, (text) => text)].join('\n');
}

export function asMarkdown(conversation) {
  const head = [`# ${escaped(config.title)}`, '', new Date(conversation.started).toLocaleString(document.documentElement.lang)];
  const body = conversation.turns.map((turn) => ['', `## ${escaped(turn.question)}`, '', ...(turn.outcome ? lines(turn.outcome, escaped) : [word(turn.trouble || 'stopped')])]);
  return [...head, ...body.flat(), ''].join('\n');
}

function lines(outcome, plain) {
  const notes = outcome.sentences.flatMap((one) => one.notes.map(noteOn));
  const told = [
    outcome.understood && word('understood', { text: outcome.understood }),
    outcome.refused && outcome.message,
    outcome.refused && outcome.sentences.length && word('nearest'),
    ...outcome.sentences.map((one) => wordsOf(one) + one.cites.map((n) => `[${n}]`).join('')),
    ...new Set(notes),
    outcome.unanswered.length && word('unanswered', { text: outcome.unanswered.join('；') }),
  ].filter(Boolean);
  const cited = outcome.citations.map((one) =>
    `[${one.n}] ${plain(`${word('title', one)} · ${sourceLine(one)}：“${one.quote}”`)} <${address(place(one, outcome))}>`);
  return [...told.flatMap((line) => [plain(line), '']), ...cited.flatMap((line) => [line, ''])].slice(0, -1);
}

// Text that Markdown shows letter by letter.
function escaped(text) {
  return text.replace(/[\\`*_{}[\]<>#|~!]/g, '\\$&');
}

export function download(name, text) {
  const link = make('a', { href: URL.createObjectURL(new Blob([text], { type: 'text/markdown' })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
