// Elements, words in the chosen language, and what is said to everybody's screen reader. Text is only ever set as text.

export const config = JSON.parse(document.getElementById('config').textContent);

const LANGUAGES = { zh: 0, en: 1 };
let language = config.lang;

export const speaking = () => language;

// The words for `key`, with what stands in braces filled in.
export function word(key, values = {}) {
  const form = (config.words[key] || [key, key])[LANGUAGES[language]];
  return form.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// Speak another language: every element that carries a word's key is worded anew.
export function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en';
  for (const one of document.querySelectorAll('[data-word]')) one.textContent = word(one.dataset.word);
  for (const one of document.querySelectorAll('[data-name]')) one.setAttribute('aria-label', word(one.dataset.name));
  for (const one of document.querySelectorAll('[data-placeholder]')) one.placeholder = word(one.dataset.placeholder);
  document.getElementById('language').lang = chosen === 'zh' ? 'en' : 'zh-CN';
}

// An element with attributes, listeners (`onclick`) and children; a child that is no element becomes text.
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ''));
  return made;
}

// The language of a text that is not the page's own, for screen readers: of articles and questions.
export const tongue = (text) => (/\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en');

export const button = (key, onclick, attributes = {}) => make('button', { type: 'button', onclick, ...attributes }, word(key));

// Say something once, on the page and to screen readers.
let hush;
export function tell(text, shown = true) {
  const told = document.getElementById('told');
  told.textContent = '';
  told.classList.toggle('shown', shown);
  // Set anew a little later, since the same words twice are not read twice.
  setTimeout(() => { told.textContent = text; }, 30);
  clearTimeout(hush);
  hush = setTimeout(() => { told.textContent = ''; told.classList.remove('shown'); }, 6000);
}

// What the server says in both languages, in the chosen one.
export const either = (forms) => forms[LANGUAGES[language]];

// A sentence of an answer, which comes in parts: [text, whether it is what answers].
export const wordsOf = ({ parts }) => parts.map(([text]) => text).join('');

// The assistant's note on words of a quote that mean a date.
export const noteOn = ({ words, means }) => word('note', { words, means: either(means) });

// 2023-05 is 2023年5月, as far as it is known.
export function said(published) {
  if (!published) return word('date_unknown');
  if (language === 'en') return published;
  return published.split('-').map((part, n) => Number(part) + '年月日'[n]).join('');
}

export function sourceLine(one) {
  return [one.publisher, said(one.published), either(one.standing), one.section].filter(Boolean).join(' · ');
}

// Copy text; browsers allow the new way only over HTTPS and on this machine itself, the old way everywhere.
export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make('textarea', { class: 'off' });
    area.value = text;
    (document.querySelector('dialog[open]') || document.body).append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    if (!copied) return tell(word('copy_failed'));
  }
  return tell(word(done));
}

export const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
// This page's own address, with a query where there is one; in a frame it stays the slim page.
export const here = (query = {}) => (config.embed || Object.keys(query).length ? address(config.embed ? { ...query, embed: 1 } : query) : location.pathname);
export const address = (query) => new URL('?' + new URLSearchParams(query), document.baseURI.replace(/[?#].*$/, '')).href;
