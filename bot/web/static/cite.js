// Citations: links to a place in an article, and the quoted sentence that shows beside one that is pointed at or focused.

import { address, make, sourceLine, tongue, word } from './dom.js';

const tip = document.getElementById('tip');
let shownFor = null;

// The query of the address at which a citation opens, the others of the same answer and article beside it.
export function place(citation, outcome) {
  const beside = outcome.citations.filter((one) => one.article === citation.article);
  const at = [citation, ...beside.filter((one) => one !== citation).sort((a, b) => a.start - b.start)];
  return { article: citation.article, passage: citation.passage, v: outcome.version, at: at.map((one) => `${one.n}:${one.start}-${one.end}`).join(',') };
}

// A superscript number.
export function mark(citation, outcome) {
  const link = make('a', {
    class: 'cite',
    href: address(place(citation, outcome)),
    'aria-label': word('cite', { n: citation.n, title: citation.title }),
  }, String(citation.n));
  const show = () => showTip(link, citation);
  link.addEventListener('pointerenter', (event) => event.pointerType === 'mouse' && show());
  link.addEventListener('pointerleave', () => hideSoon(link));
  link.addEventListener('focus', () => link.matches(':focus-visible') && show());
  link.addEventListener('blur', () => hide());
  return make('sup', {}, link);
}

function showTip(link, citation) {
  hide();
  shownFor = link;
  link.setAttribute('aria-describedby', 'tip');
  tip.replaceChildren(make('q', { lang: tongue(citation.quote) }, citation.quote), make('small', {}, `${word('title', { title: citation.title })} ${sourceLine(citation)}`));
  tip.hidden = false;
  const around = link.getBoundingClientRect();
  const left = Math.min(Math.max(8, around.left + scrollX - 24), scrollX + document.documentElement.clientWidth - tip.offsetWidth - 8);
  const above = around.top - tip.offsetHeight - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${scrollY + (above > 0 ? above : around.bottom + 8)}px`;
}

// The sentence stays while the pointer is on it, so that it can be read and selected.
function hideSoon(link) {
  setTimeout(() => { if (shownFor === link && !tip.matches(':hover') && document.activeElement !== link) hide(); }, 200);
}

export function hide() {
  shownFor?.removeAttribute('aria-describedby');
  shownFor = null;
  tip.hidden = true;
}

tip.addEventListener('pointerleave', () => hide());
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !tip.hidden) { hide(); event.stopImmediatePropagation(); } }, true);
addEventListener('scroll', () => shownFor && !tip.matches(':hover') && hide(), { passive: true });
