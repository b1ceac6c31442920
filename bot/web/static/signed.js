// On pages behind the login: whatever they send holds the token of their cookie, which no page of another site can read.
(() => {
  const token = () => document.cookie.match(/(?:^|; )liangce-token=([\w-]+)/)?.[1] ?? '';
  const ours = (address) => new URL(address, location.href).origin === location.origin;
  const sends = (method) => !['GET', 'HEAD'].includes((method ?? 'GET').toUpperCase());
  const fetched = window.fetch;
  window.fetch = (what, how = {}) => {
    const asked = what instanceof Request ? what : null;
    if (!sends(how.method ?? asked?.method) || !ours(asked?.url ?? what)) return fetched(what, how);
    const headers = new Headers(how.headers ?? asked?.headers);
    headers.set('X-Liangce-Token', token());
    return fetched(what, { ...how, headers });
  };
  const { open, send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, address, ...more) {
    this.signed = sends(method) && ours(address);
    return open.call(this, method, address, ...more);
  };
  XMLHttpRequest.prototype.send = function (...body) {
    if (this.signed) this.setRequestHeader('X-Liangce-Token', token());
    return send.apply(this, body);
  };
})();
