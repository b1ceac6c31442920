// Asking the server: Gradio's queue takes the question and streams what becomes of it.

export class Trouble extends Error {} // its message is the key of the words to show

// The states of an answer as they come; `signal` ends it, upon which the server stops working on it.
export async function* ask(question, before, signal) {
  const at = new URL('gradio_api/call/ask', document.baseURI);
  const joined = await sent(at, { method: 'POST', signal, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ data: [question, before] }) });
  if (joined.status === 503) throw new Trouble('busy');
  if (!joined.ok) throw new Trouble('failed');
  const { event_id: id } = await joined.json();
  const stream = await sent(`${at}/${id}`, { signal });
  if (!stream.ok) throw new Trouble('failed');
  let last = '';
  for await (const { event, data } of events(stream.body)) {
    if (event === 'error') throw new Trouble('failed');
    if (event !== 'generating' && event !== 'complete') continue;
    if (data !== last && data !== 'null') yield JSON.parse(data)[0]; // the last state comes a second time with "complete"
    last = data;
  }
}

// What was said of an answer, or a question that is handed over; whether it arrived.
export async function feedback(given) {
  const at = new URL('feedback', document.baseURI);
  const sentOff = await sent(at, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(given) });
  if (sentOff.status === 429) throw new Trouble('too_often');
  if (!sentOff.ok) throw new Trouble('not_kept');
}

// An article whole; where it is gone, what is gone.
export async function article(query) {
  const at = new URL('article?' + new URLSearchParams(query), document.baseURI);
  const found = await sent(at, {});
  if (!found.ok && found.status !== 404) throw new Trouble('failed');
  return found.json();
}

export async function examples() {
  return (await sent(new URL('examples', document.baseURI), {})).json();
}

async function sent(at, how) {
  try {
    return await fetch(at, how);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Trouble('unreachable');
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split('\n\n');
    rest = parts.pop();
    for (const part of parts) {
      const fields = Object.fromEntries(part.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      if (fields.event) yield { event: fields.event, data: fields.data };
    }
  }
}
