// What Gradio's components do not do: the article beside the conversation, what stays in the browser, the colours and the language.
// The server escapes all text; what is made here is made of text nodes, or escaped by `plain`.
const liangce = (() => {
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const stored = (place, name, value) => {
    try { return value === undefined ? window[place].getItem(name) : window[place].setItem(name, value); } catch { return null; }
  };
  const plain = (text) => String(text ?? '').replace(/[&<>"'`]/g, (mark) => `&#${mark.charCodeAt(0)};`);
  const still = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth');
  const Listener = window.isSecureContext && (window.SpeechRecognition || window.webkitSpeechRecognition);
  let words = {};
  let close = () => {}; // the article, where one is shown

  // Gradio words itself in the browser's language; the page's own goes before it.
  Object.defineProperty(navigator, 'language', { configurable: true, get: () => root.lang });
  root.classList.toggle('embed', new URLSearchParams(location.search).has('embed'));
  root.classList.toggle('speaks', 'speechSynthesis' in window);
  root.classList.toggle('listens', Boolean(Listener));

  // Colours and size of letters, before anything is painted.
  const system = matchMedia('(prefers-color-scheme: dark)');
  const dark = () => (stored('localStorage', 'liangce-theme') || (system.matches ? 'dark' : 'light')) === 'dark';
  function paint() {
    root.dataset.theme = dark() ? 'dark' : 'light';
    root.classList.toggle('larger', stored('localStorage', 'liangce-larger') === 'yes');
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

  const sidebar = () => find('.sidebar .toggle-button').click();
  function header(element) {
    const does = {
      theme: () => stored('localStorage', 'liangce-theme', dark() ? 'light' : 'dark'),
      larger: () => stored('localStorage', 'liangce-larger', root.classList.contains('larger') ? '' : 'yes'),
      new: () => act_on({ do: 'new' }),
      history: () => { sidebar(); setTimeout(() => find('#search :is(input, textarea)').focus(), 350); },
    };
    element.addEventListener('click', (event) => {
      if (event.target.closest('.skip')) { event.preventDefault(); find('#question textarea')?.focus(); }
      does[event.target.closest('button')?.id]?.();
      paint();
    });
    new MutationObserver(paint).observe(element, { childList: true, subtree: true });
    paint();
  }
  addEventListener('keydown', ({ key }) => {
    const pointed = find('sup:not(.hushed):is(:hover, :has(:focus-visible))');
    if (key !== 'Escape') return;
    if (find('.sidebar.open')) { sidebar(); find('#history').focus(); } else if (pointed) pointed.classList.add('hushed'); else close();
  });
  addEventListener('mouseout', (event) => event.target.closest?.('sup.hushed')?.classList.remove('hushed'));

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
      if (!document.execCommand('copy')) done = words.copy_failed;
      area.remove();
    }
    tell(done);
  }
  const here = (query = {}) => location.pathname + (root.classList.contains('embed') || Object.keys(query).length
    ? '?' + new URLSearchParams(root.classList.contains('embed') ? { ...query, embed: 1 } : query) : '');

  // The article: a column beside the conversation where there is room, else a sheet over it, which keeps the focus.
  function panel(element, props, server) {
    words = props.words;
    const dialog = find('#article', element);
    const wide = matchMedia('(min-width: 1000px)');
    let shown = null; // {query, at}
    let from = null; // what had the focus before
    const marks = (place) => all(place === undefined ? 'mark' : `mark[data-place="${place}"]`, dialog);
    const count = () => 1 + Math.max(-1, ...marks().map((mark) => Number(mark.dataset.place)));
    const bare = (inner) => `<div class="fixed"><header><h2 id="article-name" tabindex="-1">${plain(words.article)}</h2><button type="button" class="close">${plain(words.close)}</button></header></div>${inner}`;

    function present() {
      dialog.close();
      root.classList.toggle('reading', wide.matches);
      if (wide.matches) dialog.show(); else dialog.showModal();
    }
    async function open(query, push = true) {
      if (!dialog.contains(document.activeElement)) from = document.activeElement;
      const { was, quotes, ...kept } = query; // what is looked for
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
      go(Number(find('.text', dialog)?.dataset.first ?? 0), true);
    }
    close = (back = true) => {
      if (!shown) return;
      shown = null;
      dialog.close();
      root.classList.remove('reading');
      if (back && history.state?.article) history.back();
      else if (back) history.replaceState(null, '', here());
      if (from?.isConnected) from.focus({ preventScroll: true });
    };
    function go(n, first = false) {
      shown.at = n;
      marks().forEach((mark) => mark.classList.toggle('shown', mark.dataset.place === String(n)));
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
    // The cited sentences, to be looked for in the live version where the cited one is not kept: from the answer that leads to this place.
    function quotes() {
      const leads = (link, ...names) => names.every((name) => new URL(link.href).searchParams.get(name) === (shown.query[name] ?? null));
      const turn = all('a.cite').find((link) => leads(link, 'article', 'at'))?.closest('.turn');
      const links = turn ? all('a.cite', turn).filter((link) => leads(link, 'article')) : [];
      return Object.fromEntries(links.map((link) => [link.firstChild.data, find('q', link.parentNode).textContent]));
    }
    const does = {
      close, previous: () => go((shown.at - 1 + count()) % count()), next: () => go((shown.at + 1) % count()),
      'copy-link': () => copy(new URL(here(shown.query), location.href).href, words.link_copied),
      live: () => open({ article: shown.query.article, was: shown.query, quotes: quotes() }),
    };
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog && !wide.matches) close(); // beside the sheet
      does[event.target.closest('button')?.className]?.();
    });
    dialog.addEventListener('cancel', (event) => { event.preventDefault(); close(); });
    wide.addEventListener('change', () => shown && present());
    addEventListener('popstate', route);
    function route() {
      const query = Object.fromEntries(new URLSearchParams(location.search));
      if (query.article) open(query, false); else close(false);
    }
    // A citation opens the article here; with Ctrl or the middle button it opens in a tab of its own, as every link does.
    document.addEventListener('click', (event) => {
      const pressed = event.target.closest?.('a.cite, a.open, .turn .copy, a.share, .turn .aloud');
      if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      const turn = pressed.closest('.turn');
      const text = turn && find('pre.text', turn).textContent;
      if (pressed.matches('.copy')) copy(text.replaceAll('<?', `<${new URL('?', document.baseURI)}`), words.copied);
      else if (pressed.matches('.share')) copy(pressed.href, words.shared);
      else if (pressed.matches('.aloud')) aloud(find('pre.spoken', turn));
      else open(Object.fromEntries(new URL(pressed.href).searchParams));
    });
    route();
  }

  // What is being written outlives the page, which Gradio loads anew when the server was away; near the limit, how much has been written.
  const write = (box, text) => box.dispatchEvent(new Event('input', { bubbles: true }, (box.value = text)));
  addEventListener('input', ({ target: box }) => {
    if (!box.matches('#question textarea')) return;
    stored('sessionStorage', 'liangce-draft', box.value);
    find('#question').dataset.count = box.value.length > box.maxLength * 0.85 ? `${box.value.length} / ${box.maxLength}` : '';
  });
  function restore() {
    const [chat, box] = [find('#conversation'), find('#question textarea')];
    if (!chat || !box) return void setTimeout(restore, 100);
    // Gradio names each message by its whole source, and calls its examples a list that has no items: screen readers are spared both.
    const tidy = () => {
      all('[data-testid][aria-label]', chat).forEach((one) => one.removeAttribute('aria-label'));
      all('.examples[role]', chat).forEach((one) => one.removeAttribute('role'));
    };
    new MutationObserver(tidy).observe(chat, { childList: true, subtree: true, attributeFilter: ['aria-label', 'role'] });
    tidy();
    if (!box.value) write(box, stored('sessionStorage', 'liangce-draft') || '');
  }

  // Reading aloud, and voice in place of typing, where the browser has them.
  function aloud({ textContent, lang }) {
    const speaking = speechSynthesis.speaking;
    speechSynthesis.cancel();
    if (!speaking) speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(textContent), { lang }));
  }
  let listening = null;
  function voice() {
    if (listening) return listening.stop();
    const [box, button] = [find('#question textarea'), find('#question .custom-button')];
    const before = box.value;
    listening = Object.assign(new Listener(), { lang: root.lang, interimResults: true });
    listening.onresult = ({ results }) => write(box, (before + [...results].map(([heard]) => heard.transcript).join('')).slice(0, box.maxLength));
    listening.onerror = ({ error }) => error !== 'aborted' && tell(words.not_heard);
    listening.onend = () => { listening = null; button.removeAttribute('aria-pressed'); box.focus(); };
    button.setAttribute('aria-pressed', 'true');
    return listening.start();
  }

  // A question was asked: it goes to the top of the view, once, with room below it for the answer.
  async function asked() {
    if (new URLSearchParams(location.search).has('q')) history.replaceState(null, '', here());
    const chat = find('#conversation');
    for (let tries = 0; tries < 20; tries += 1) {
      const question = find('.turn.pending') && all('.asked').at(-1);
      if (question) {
        close();
        stored('sessionStorage', 'liangce-draft', '');
        const above = question.getBoundingClientRect().top - chat.getBoundingClientRect().top;
        chat.style.minHeight = question.id === 'asked-0' ? '' : `${above + innerHeight - find('#question').offsetHeight - 40}px`;
        question.scrollIntoView({ behavior: still(), block: 'start' });
        return;
      }
      await new Promise((done) => { setTimeout(done, 50); });
    }
  }

  // Conversations, which are kept in this browser: what is to be done with one, by whom it is done, and all of them.
  let todo = {};
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
      if (pressed.dataset.do !== 'export') {
        const name = pressed.dataset.do === 'rename' ? prompt(words.rename_to, named(one)) : '';
        if (name !== null) act_on({ do: pressed.dataset.do, id: one.id, name });
        return;
      }
      const { name, text } = await server.export({ conversation: one, base: new URL('.', document.baseURI).href });
      const href = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
      Object.assign(document.createElement('a'), { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), 1000);
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
    const { do: what, id, name } = todo;
    find('#conversation').style.minHeight = '';
    if (what === 'open') return [past, past.find((one) => one.id === id)];
    if (what === 'rename') return [past.map((one) => (one.id === id ? { ...one, name } : one)), current?.id === id ? { ...current, name } : current];
    if (what === 'delete') return [past.filter((one) => one.id !== id), current?.id === id ? {} : current];
    return [past, {}];
  }
  const clear = (past, current) => (confirm(words.clear_sure) ? [[], {}] : [past, current]);

  return { header, panel, asked, voice, listing, list, keep, merge, act, clear };
})();
