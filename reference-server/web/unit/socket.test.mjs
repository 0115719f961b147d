// The socket's way back, against a browser that tells no more of a refused upgrade than any other does: 1006.
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { load } from './load.mjs';

const { Socket } = await load('socket.js');
let sockets, asked, told;

class FakeWebSocket {
  static OPEN = 1;
  readyState = 0;

  constructor(url) {
    this.url = url;
    sockets.push(this);
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  close(code = 1006) {
    this.readyState = 3;
    this.onclose({ code });
  }
}

const handlers = { frame() {}, down: () => told.push('down'), over: (code) => told.push(code) };
const start = (more = {}) => new Socket(() => '/ws/payment/', { ...handlers, ...more });
// Until what was asked is answered, and heard.
const heard = () => new Promise((resolve) => { setImmediate(resolve); });

beforeEach(() => {
  [sockets, asked, told] = [[], [], []];
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  Object.assign(globalThis, {
    WebSocket: FakeWebSocket,
    addEventListener() {},
    document: { addEventListener() {}, hidden: false },
    location: { href: 'https://kotha.example/chats/' },
  });
});

function answers(status) {
  globalThis.fetch = async (path) => {
    asked.push(path);
    if (!status) throw new TypeError('no network');
    return { status, ok: status < 400 };
  };
}

test('upgrade that is refused as the session ended is final', async () => {
  answers(401);
  start();
  sockets[0].close();
  await heard();
  assert.deepEqual([asked, told], [['/api/me/'], ['down', 4401]]);
  mock.timers.tick(120_000);
  assert.equal(sockets.length, 1, 'there is nothing to try again');
});

test('upgrade that is refused for another reason is tried again', async () => {
  for (const status of [200, 503, 0]) {
    answers(status);
    [sockets, told] = [[], []];
    start();
    sockets[0].close();
    await heard();
    mock.timers.tick(30_000);
    assert.deepEqual([sockets.length, told], [2, ['down']], `${status}`);
  }
});

test('page may know more of why than whether somebody is logged in', async () => {
  start({ refused: async () => 4402 });
  sockets[0].close();
  await heard();
  assert.deepEqual(told, ['down', 4402]);
});

test('connection that was there and broke off asks nothing', async () => {
  answers(401);
  start();
  sockets[0].open();
  sockets[0].close();
  await heard();
  assert.deepEqual([asked, told], [[], ['down']]);
});

test('answer that comes after the connection is back ends nothing', async () => {
  let answer;
  start({ refused: () => new Promise((resolve) => { answer = resolve; }) });
  sockets[0].close();
  mock.timers.tick(30_000);
  sockets[1].open();
  answer(4401);
  await heard();
  assert.deepEqual(told, ['down']);
});
