// What Gradio's components do not do: the article beside the conversation, what stays in the browser, the colours and the language.
// The server escapes all text; what is made here is made of text nodes, or escaped by `plain`.
const liangce = (() => {
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  const stored = (name, value) => {
    try { return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value); } catch { return null; }
  };
  const still = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth');
  const plain = (text) => String(text ?? '').replace(/[&<>"'`]/g, (mark) => `&#${mark.charCodeAt(0)};`);
  let words = {};

  // Gradio words itself in the browser's language; the page's own goes before it.
  Object.defineProperty(navigator, 'language', { configurable: true, get: () => root.lang });
  root.classList.toggle('embed', new URLSearchParams(location.search).has('embed'));
  root.classList.toggle('speaks', 'speechSynthesis' in window);

  // Colours and size of letters, before anything is painted.
  const system = matchMedia('(prefers-color-scheme: dark)');
  const dark = () => (stored('liangce-theme') || (system.matches ? 'dark' : 'light')) === 'dark';
  function paint() {
    root.dataset.theme = dark() ? 'dark' : 'light';
    root.classList.toggle('larger', stored('liangce-larger') === 'yes');
    document.body?.classList.toggle('dark', dark());
    const theme = find('#theme');
    const name = theme?.dataset[dark() ? 'light' : 'dark'];
    if (theme && theme.textContent !== name) theme.textContent = name;
    find('#larger')?.setAttribute('aria-pressed', String(root.classList.contains('larger')));
  }
  paint();
  system.addEventListener('change', paint);
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => document.body.classList.contains('dark') !== dark() && paint()).observe(document.body, { attributeFilter: ['class'] });
  });

  function header(element) {
    const does = {
      theme: () => stored('liangce-theme', dark() ? 'light' : 'dark'),
      larger: () => stored('liangce-larger', root.classList.contains('larger') ? '' : 'yes'),
      new: () => act_on({ do: 'new' }),
      history: () => { find('.sidebar .toggle-button').click(); setTimeout(() => find('#search :is(input, textarea)').focus(), 350); },
    };
    element.addEventListener('click', (event) => {
      if (event.target.closest('.skip')) { event.preventDefault(); find('#question textarea')?.focus(); }
      does[event.target.closest('button')?.id]?.();
      paint();
    });
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !find('.sidebar.open')) return;
      find('.sidebar .toggle-button').click();
      find('#history').focus();
    });
    new MutationObserver(paint).observe(element, { childList: true, subtree: true });
    paint();
  }

  // Said once, on the page and to screen readers.
  function tell(text) {
    const told = find('#told') || document.body.appendChild(Object.assign(document.createElement('p'), { id: 'told', role: 'status' }));
    told.textContent = '';
    setTimeout(() => { told.textContent = text; }, 30);
    clearTimeout(tell.hush);
    tell.hush = setTimeout(() => { told.textContent = ''; }, 6000);
  }

  // Browsers allow the new way of copying only over HTTPS and on this machine itself, the old way everywhere.
  async function copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement('textarea'), { value: text, className: 'off' });
      (find('dialog[open]') || document.body).append(area);
      area.select();
      const copied = document.execCommand('copy');
      area.remove();
      if (!copied) return tell(words.copy_failed);
    }
    return tell(done);
  }

  const here = (query = {}) => {
    const kept = root.classList.contains('embed') ? { ...query, embed: 1 } : query;
    return location.pathname + (Object.keys(kept).length ? '?' + new URLSearchParams(kept) : '');
  };

  // The article: a column beside the conversation where there is room, else a sheet over it, which keeps the focus.
  function panel(element, props, server) {
    words = props.words;
    const dialog = find('#article', element);
    const wide = matchMedia('(min-width: 1000px)');
    let shown = null; // {query, at}
    let from = null; // what had the focus before
    const marks = () => [...dialog.querySelectorAll('mark')];
    const numbered = (query) => /^(\d+):/.exec(query.at || '')?.[1]; // the citation that an address begins with
    const places = () => [...new Set(marks().map((mark) => mark.dataset.place))];

    const bare = (inner) => `<div class="fixed"><header><h2 id="article-name" tabindex="-1">${plain(words.article)}</h2><button type="button" class="close">${plain(words.close)}</button></header></div>${inner}`;

    function present() {
      dialog.close();
      root.classList.toggle('reading', wide.matches);
      if (wide.matches) dialog.show(); else dialog.showModal();
    }
    async function open(query, push = true) {
      if (!dialog.contains(document.activeElement)) from = document.activeElement;
      const { quotes, first, ...kept } = query; // what is looked for, and which of it to begin with
      if (push) history[shown ? 'replaceState' : 'pushState']({ article: true }, '', here(kept));
      const asked = shown = { query: kept, at: 0 };
      dialog.innerHTML = bare(`<p class="quiet" role="status">${plain(words.loading)}</p>`);
      present();
      try {
        const html = await server.article(query);
        if (shown !== asked) return;
        if (typeof html !== 'string') throw new Error('no article'); // Gradio tells the console what went wrong, and nobody else
        dialog.innerHTML = html;
      } catch {
        dialog.innerHTML = bare(`<p class="statement" role="alert">${plain(words.unreachable)}</p>`);
      }
      const number = first || numbered(kept);
      go(Math.max(places().findIndex((place) => find(`mark[data-place="${place}"] sup`, dialog)?.textContent === number), 0), true);
    }
    function close(back = true) {
      if (!shown) return;
      shown = null;
      dialog.close();
      root.classList.remove('reading');
      if (back && history.state?.article) history.back();
      else if (back) history.replaceState(null, '', here());
      if (from?.isConnected) from.focus({ preventScroll: true });
    }
    function go(n, first = false) {
      const all = places();
      shown.at = n;
      marks().forEach((mark) => mark.classList.toggle('shown', mark.dataset.place === all[n]));
      const told = find('.place', dialog);
      if (told) told.textContent = told.title.replace('#', n + 1);
      const mark = find('mark.shown', dialog);
      if (!mark) { if (first) find('#article-name', dialog)?.focus({ preventScroll: true }); return; }
      // Scroll the article, and not the page that it stands beside, until the mark is in the middle of what can be seen of it.
      const [around, own] = [dialog.getBoundingClientRect(), mark.getBoundingClientRect()];
      const middle = (Math.max(around.top, 0) + Math.min(around.bottom, innerHeight)) / 2;
      dialog.scrollBy({ top: own.top + Math.min(own.height, 200) / 2 - middle, behavior: first ? 'auto' : still() });
      if (first) mark.focus({ preventScroll: true });
    }
    // The sentences that were cited, to be looked for in another version: from the article itself, or else from the answers.
    function quotes() {
      const marked = {};
      for (const place of places()) {
        const own = marks().filter((mark) => mark.dataset.place === place);
        const n = find('sup', own[0])?.textContent;
        if (n) marked[n] = own.map((mark) => [...mark.childNodes].filter((part) => part.nodeType === 3).map((part) => part.data).join('')).join('\n');
      }
      if (Object.keys(marked).length) return marked;
      const cited = [...document.querySelectorAll('a.cite')].filter((link) => new URL(link.href).searchParams.get('at') === shown.query.at);
      const turn = cited[0]?.closest('.turn');
      const numbers = (shown.query.at || '').split(',').map((place) => place.split(':')[0]);
      for (const link of turn?.querySelectorAll('a.cite') || []) {
        if (numbers.includes(link.firstChild.data)) marked[link.firstChild.data] = find('q', link.parentNode).textContent;
      }
      return marked;
    }
    const does = {
      close, previous: () => go((shown.at - 1 + places().length) % places().length), next: () => go((shown.at + 1) % places().length),
      'copy-link': () => copy(new URL(here(shown.query), location.href).href, words.link_copied),
      live: () => open({ article: shown.query.article, quotes: quotes(), first: numbered(shown.query) }),
    };
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog && !wide.matches) close(); // beside the sheet
      const pressed = event.target.closest('button');
      if (pressed) does[pressed.className]?.();
    });
    dialog.addEventListener('cancel', (event) => { event.preventDefault(); close(); });
    wide.addEventListener('change', () => shown && present());
    addEventListener('popstate', route);
    function route() {
      const query = Object.fromEntries(new URLSearchParams(location.search));
      if (query.article) open(query, false); else close(false);
    }
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      const pointed = find('sup:hover, sup:has(:focus-visible)');
      if (pointed && !pointed.classList.contains('hushed')) pointed.classList.add('hushed');
      else if (shown && wide.matches) close();
    });
    document.addEventListener('mouseout', (event) => event.target.closest?.('sup.hushed')?.classList.remove('hushed'));
    // A citation opens the article here; with Ctrl or the middle button it opens in a tab of its own, as every link does.
    document.addEventListener('click', (event) => {
      const pressed = event.target.closest?.('a.cite, a.open, .turn .copy, a.share, .turn .aloud');
      if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      const text = pressed.closest('.turn') && find('pre.text', pressed.closest('.turn')).textContent;
      if (pressed.matches('.copy')) copy(text.replaceAll('<?', `<${new URL('?', document.baseURI)}`), words.copied);
      else if (pressed.matches('.share')) copy(pressed.href, words.shared);
      else if (pressed.matches('.aloud')) aloud(text.replace(/\n\[1\] [^]*/, '').replace(/\[\d+\]/g, ''));
      else open(Object.fromEntries(new URL(pressed.href).searchParams));
    });
    liangce.close = close;
    route();
  }

  // What is being written outlives the page, which Gradio loads anew when the server was away; near the limit, how much has been written.
  const draft = (text) => { try { return text === undefined ? sessionStorage.getItem('liangce-draft') : sessionStorage.setItem('liangce-draft', text); } catch { return null; } };
  document.addEventListener('input', ({ target: box }) => {
    if (!box.matches('#question textarea')) return;
    draft(box.value);
    find('#question').dataset.count = box.value.length > box.maxLength * 0.85 ? `${box.value.length} / ${box.maxLength}` : '';
  });
  // Gradio names each message by its whole source, and calls its examples a list that has no items: screen readers are spared both.
  function plainly() {
    const chat = find('#conversation');
    const tidy = () => {
      chat.querySelectorAll('[data-testid][aria-label]').forEach((one) => one.removeAttribute('aria-label'));
      chat.querySelectorAll('.examples[role]').forEach((one) => one.removeAttribute('role'));
    };
    new MutationObserver(tidy).observe(chat, { childList: true, subtree: true, attributeFilter: ['aria-label', 'role'] });
    tidy();
  }
  function restore(tries = 0) {
    const box = find('#conversation') && find('#question textarea');
    if (!box && tries < 100) setTimeout(() => restore(tries + 1), 100);
    if (box) plainly();
    if (box && draft() && !box.value) box.dispatchEvent(new Event('input', { bubbles: true }, (box.value = draft())));
  }

  function aloud(text) {
    const speaking = speechSynthesis.speaking;
    speechSynthesis.cancel();
    if (!speaking) speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(text), { lang: 'zh-CN' }));
  }

  // A question was asked: it goes to the top of the view, once, with room below it for the answer.
  async function asked() {
    if (new URLSearchParams(location.search).has('q')) history.replaceState(null, '', here());
    const chat = find('#conversation');
    for (let tries = 0; tries < 20; tries += 1) {
      const question = find('.turn.pending') && [...document.querySelectorAll('.asked')].at(-1);
      if (question) {
        liangce.close?.();
        draft('');
        const above = question.getBoundingClientRect().top - chat.getBoundingClientRect().top;
        chat.style.minHeight = question.id === 'asked-0' ? '' : `${above + innerHeight - find('#question').offsetHeight - 40}px`;
        question.scrollIntoView({ behavior: still(), block: 'start' });
        return;
      }
      await new Promise((done) => { setTimeout(done, 50); });
    }
  }

  // Conversations, which are kept in this browser: what is to be done with one, by whom it is done, and all of them.
  let todo = null;
  let incoming = null;
  let act_on = () => {};
  let kept = [];
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('liangce'); // other tabs hold their own list
  const first = (one, others) => [one, ...others.filter((other) => other.id !== one.id)].slice(0, 50);
  const named = (one) => one.name || one.turns?.[0]?.question || '';

  function listing(element, props, trigger, server, merged) {
    words = props.words;
    restore();
    act_on = (what) => { todo = what; trigger('click'); };
    channel?.addEventListener('message', ({ data }) => { incoming = data; trigger(merged); });
    element.addEventListener('click', async (event) => {
      const pressed = event.target.closest('button');
      const one = pressed && kept.find(({ id }) => id === pressed.closest('li').dataset.id);
      if (!one) return;
      const name = pressed.dataset.do === 'rename' ? prompt(words.rename_to, named(one)) : '';
      if (pressed.dataset.do !== 'export') { if (name !== null) act_on({ do: pressed.dataset.do, id: one.id, name }); return; }
      const text = await server.export({ conversation: one, base: new URL('.', document.baseURI).href });
      const link = Object.assign(document.createElement('a'), {
        href: URL.createObjectURL(new Blob([text], { type: 'text/markdown' })),
        download: `${one.started.slice(0, 10)}-${named(one).replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 30)}.md`,
      });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
  function list(past, current, search) {
    kept = past || [];
    const wanted = (search || '').trim().toLowerCase();
    const rows = kept.filter((one) => named(one).toLowerCase().includes(wanted)).map((one) => {
      const when = new Date(one.started).toLocaleString(root.lang, { dateStyle: 'medium', timeStyle: 'short' });
      const tools = ['rename', 'export', 'delete'].map((what) => `<button type="button" data-do="${what}">${plain(words[what])}</button>`).join('');
      return `<li data-id="${plain(one.id)}"><button type="button" class="pick" data-do="open"${one.id === current?.id ? ' aria-current="true"' : ''}>${plain(named(one))}<small>${plain(when)}</small></button>${tools}</li>`;
    });
    return [rows.length ? `<ul>${rows.join('')}</ul>` : `<p class="quiet">${plain(words.none_yet)}</p>`];
  }
  function keep(past, current) {
    if (!current?.turns?.length) return [past || []];
    channel?.postMessage(current);
    return [first(current, past || [])];
  }
  const merge = (past) => [incoming ? first(incoming, past || []) : past];
  function act(past, current) {
    const { do: what, id, name } = todo || {};
    find('#conversation').style.minHeight = '';
    const others = (past || []).filter((one) => one.id !== id);
    if (what === 'rename') {
      const change = (one) => (one?.id === id ? { ...one, name } : one);
      return [(past || []).map(change), change(current)];
    }
    if (what === 'delete') return [others, current?.id === id ? {} : current];
    return [past, what === 'open' ? past.find((one) => one.id === id) : {}];
  }
  const clear = (past, current) => (confirm(words.clear_sure) ? [[], {}] : [past, current]);

  return { header, panel, asked, listing, list, keep, merge, act, clear };
})();
