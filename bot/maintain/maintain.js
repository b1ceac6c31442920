// What the maintainers' page says in the browser: Chinese in place of Gradio's English, and times in the reader's own zone.
(() => {
  Object.defineProperty(navigator, 'language', { configurable: true, get: () => 'zh-CN' });
  Object.defineProperty(navigator, 'languages', { configurable: true, get: () => ['zh-CN'] });

  // What Gradio says in English whatever the language, and what it comes to.
  const said = [
    [/^Error$/, '出错了'], [/^Warning$/, '请注意'], [/^Info$/, '提示'], [/^Success$/, '完成'],
    [/^Invalid file types?: (.+)\. Only .+ allowed\.$/s, '不接受这种文件：$1。'],
    [/.*exceed(?:s|ed)? (?:the )?maximum allowed size of ([\d.]+ \w+).*/s, '文件超过$1，请分成几个，或在命令行收录。'],
    [/^(?:Error: )?Connection (?:errored out|to the server was lost).*/s, '与服务器的连接断了，请稍候再试，或刷新本页。'],
    [/^(?:Reconnected|Connection re-?established).*/is, '又连上了。'],
    [/This application is currently busy.*/s, '现在用的人太多，请稍候再试。'],
    [/^Too many requests.*|^Queue is full.*/s, '现在用的人太多，请稍候再试。'],
    [/^(?:Unexpected token|Could not parse server response|Error: ).*/s, '服务器没有正常回答，请刷新本页再试。'],
    [/^No options match.*|^No options$/s, '没有符合的选项'],
  ];
  const spoken = '.toast-wrap, .toast-body, .toast-title, .toast-text, .error, .wrap .error, ul.options';

  function translate(node) {
    const text = node.nodeValue.trim();
    for (const [form, words] of text ? said : []) {
      if (form.test(text)) { node.nodeValue = text.replace(form, words); return; }
    }
  }

  const spell = new Intl.DateTimeFormat('zh-CN', { dateStyle: 'medium', timeStyle: 'short' });
  function localise(time) {
    const when = new Date(time.dateTime);
    if (time.title || Number.isNaN(when.getTime())) return;
    time.title = time.textContent;
    time.textContent = spell.format(when);
  }

  function look(within) {
    if (within.nodeType === Node.TEXT_NODE) { if (within.parentElement?.closest(spoken)) translate(within); return; }
    if (within.nodeType !== Node.ELEMENT_NODE) return;
    if (within.matches('time')) localise(within);
    within.querySelectorAll('time').forEach(localise);
    const places = within.closest(spoken) ? [within] : within.querySelectorAll(spoken);
    for (const place of places) {
      const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) translate(texts.currentNode);
    }
  }
  new MutationObserver((changes) => {
    for (const change of changes) (change.type === 'characterData' ? [change.target] : change.addedNodes).forEach(look);
  }).observe(document, { childList: true, subtree: true, characterData: true });
})();
