// Conversations, kept in this browser and nowhere else. Where it keeps nothing, they last until the page is closed.

const PLACE = 'liangce-1:' + new URL('.', document.baseURI).pathname;
const MOST = 50; // conversations; the oldest goes first

let all = read();
let current = all.find((one) => one.id === remembered()) || fresh();

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(PLACE) || '[]');
    return Array.isArray(found) ? found.filter((one) => one && one.id && Array.isArray(one.turns)) : [];
  } catch {
    return [];
  }
}

// Which conversation this tab shows: another tab may show another.
function remembered() {
  try {
    return sessionStorage.getItem(PLACE) || localStorage.getItem(PLACE + ':last');
  } catch {
    return null;
  }
}

export function save() {
  const others = read().filter((one) => one.id !== current.id); // another tab may have added some
  all = current.turns.length ? [current, ...others].slice(0, MOST) : others;
  for (;;) {
    try {
      localStorage.setItem(PLACE, JSON.stringify(all));
      localStorage.setItem(PLACE + ':last', current.id);
      sessionStorage.setItem(PLACE, current.id);
      return;
    } catch (error) {
      if (error.name !== 'QuotaExceededError' || all.length < 2) return;
      all.pop(); // full: the oldest makes room
    }
  }
}

export const turns = () => current.turns;
export const past = () => read();
export const isCurrent = (one) => one.id === current.id;

function fresh() {
  return { id: `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`, started: new Date().toISOString(), turns: [] };
}

export function start() {
  current = fresh();
}

export function open(id) {
  current = read().find((one) => one.id === id) || fresh();
  save();
}

export function remove(id) {
  if (id === current.id) start();
  all = read().filter((one) => one.id !== id);
  write();
}

export function clear() {
  start();
  all = [];
  write();
}

function write() {
  try {
    localStorage.setItem(PLACE, JSON.stringify(all));
    localStorage.setItem(PLACE + ':last', current.id);
    sessionStorage.setItem(PLACE, current.id);
  } catch { /* nothing is kept here anyway */ }
}
