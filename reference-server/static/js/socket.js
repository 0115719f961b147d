// A WebSocket that comes back by itself. The address is asked for anew each time, so that a chat can say where it
// left off. Close codes that a reconnect cannot mend are final (see the contract). A browser keeps to itself why an
// upgrade was refused, so that is asked for beside it.

import { waitMs } from './backoff.js';

const finalCodes = new Set([1009, 4401, 4402, 4403, 4422, 4429]);
const pingEveryMs = 25_000;
const answerWithinMs = 10_000;

export class Socket {
  #address;
  #handlers;
  #socket = null;
  #attempt = 0;
  #timer = 0;
  #heard = 0;
  #pings = false;
  #opened = false;
  #over = false;

  // handlers: frame(object), up(), down(retryMs), over(code), and refused(): the final code that a refused upgrade stands
  // for, if any. `pings`: the server answers {type: "ping"}.
  constructor(address, handlers, { pings = false } = {}) {
    this.#address = address;
    this.#handlers = handlers;
    this.#pings = pings;
    addEventListener('online', () => this.#soon(0));
    // Whoever is told at once does not write into the void.
    addEventListener('offline', () => this.#giveUp());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && !this.open) this.#soon(0);
    });
    if (pings) setInterval(() => this.#ping(), pingEveryMs);
    this.#connect();
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(object) {
    if (!this.open) return false;
    this.#socket.send(JSON.stringify(object));
    return true;
  }

  // The server asked to wait before the next connection.
  retryAfter(ms) {
    this.#socket?.close();
    this.#soon(ms);
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const url = new URL(this.#address(), location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#opened = false;
    socket.onopen = () => {
      this.#opened = true;
      this.#attempt = 0;
      this.#heard = Date.now();
      this.#handlers.up?.();
    };
    socket.onmessage = (event) => {
      this.#heard = Date.now();
      const frame = parse(event.data);
      if (frame && frame.type !== 'pong') this.#handlers.frame(frame);
    };
    socket.onclose = (event) => this.#closed(socket, event.code);
  }

  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    if (finalCodes.has(code)) return this.#end(code);
    const ms = waitMs(this.#attempt++);
    this.#handlers.down?.(ms);
    if (!this.#timer) this.#soon(ms);
    if (!this.#opened) this.#askWhy();
  }

  async #askWhy() {
    const why = this.#handlers.refused ?? sessionEnded;
    // No network: there is nobody to ask.
    const code = await why().catch(() => undefined);
    if (code !== undefined && !this.open && !this.#over) this.#end(code);
  }

  #end(code) {
    this.#over = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#handlers.over?.(code);
  }

  #soon(ms) {
    if (this.#over || this.#socket?.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), ms);
  }

  // A phone that changed networks keeps a dead socket for minutes; an unanswered ping finds it out.
  #ping() {
    if (!this.send({ type: 'ping', n: Date.now() })) return;
    const socket = this.#socket;
    const asked = Date.now();
    setTimeout(() => {
      if (socket === this.#socket && this.#heard < asked) this.#giveUp();
    }, answerWithinMs);
  }

  // A dead socket takes its time to say that it is closed.
  #giveUp() {
    const socket = this.#socket;
    if (!socket) return;
    socket.close();
    this.#closed(socket, 4508);
  }
}

// Whether nobody is logged in here any more.
export async function sessionEnded() {
  const answer = await fetch('/api/me/', { headers: { Accept: 'application/json' } });
  return answer.status === 401 ? 4401 : undefined;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
