// Whether a chat that the other closed is open again: asked now and then while somebody looks on, by a connection that
// does nothing else. The page of an open chat is another one, so it is loaded.

const askEveryMs = 15_000;

export function reopening(address) {
  const ask = () => {
    if (document.hidden) return;
    const url = new URL(address(), location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    socket.onopen = () => {
      socket.close();
      location.reload();
    };
  };
  setInterval(ask, askEveryMs);
  document.addEventListener('visibilitychange', ask);
}
