// The chat's module against a socket that the test holds in its hand: lost answers, doubled ones, a reset, an end.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';
import { launch, person } from './support/browser.mjs';
import { startServer } from './support/server.mjs';
import { bubble, listRoom, payAtEsewa, register, say, startPayment } from './support/steps.mjs';

let server, browser, client, page, roomPath, me, sockets;
const arrived = new EventEmitter();

// The newest socket of the page, once there are `count` of them.
async function socket(count) {
  while (sockets.length < count) await once(arrived, 'socket');
  return sockets.at(-1);
}

// The first frame that the page sent and that fits, whenever it comes.
async function sent(from, fits) {
  for (;;) {
    const frame = from.got.find(fits);
    if (frame) return frame;
    await once(arrived, 'frame');
  }
}

function scripted(route) {
  const one = { got: [], url: new URL(route.url()), tell: (frame) => route.send(JSON.stringify(frame)), close: (code) => route.close({ code }) };
  route.onMessage((text) => {
    one.got.push(JSON.parse(text));
    arrived.emit('frame');
  });
  sockets.push(one);
  arrived.emit('socket');
}

const ready = (more) => ({ type: 'ready', epoch: 1, last_seq: 0, oldest: 1, resumed: true, read: {}, online: [], ...more });
const message = (seq, sender, content, more) =>
  ({ type: 'message', message: { id: `m${seq}`, seq, sender_id: sender, content, timestamp: '2026-11-22T05:00:00Z', ...more } });

before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  const owner = await person(browser);
  await register(owner.page, server, { role: 'owner', name: 'Maya Rai', phone: '9841000041' });
  roomPath = await listRoom(owner.page, server, 'Room to talk about');
  client = await person(browser);
  page = client.page;
  await register(page, server, { role: 'client', name: 'Nima Sherpa', phone: '9841000042' });
  await page.goto(`${server.url}${roomPath}`);
  await startPayment(page);
  await payAtEsewa(page);
  await page.getByText('Payment received. This room is open for you.').waitFor();
  await page.routeWebSocket(/\/ws\/chat\//, scripted);
});

beforeEach(async () => {
  sockets = [];
  await page.evaluate(() => sessionStorage.clear());
  await page.goto(`${server.url}${roomPath}chat/`);
  me = await page.locator('[data-chat]').getAttribute('data-me');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('message whose answer was lost is sent again with its own id and shown once', async () => {
  const first = await socket(1);
  first.tell(ready());
  await say(page, 'Did this arrive?');
  const { client_message_id: id } = await sent(first, (frame) => frame.type === 'message');
  first.close(1012);
  const second = await socket(2);
  second.tell(ready({ last_seq: 1 }));
  second.tell(message(1, me, 'Did this arrive?', { client_message_id: id }));
  const again = await sent(second, (frame) => frame.type === 'message');
  assert.equal(again.client_message_id, id);
  second.tell({ type: 'ack', client_message_id: id, id: 'm1', seq: 1, timestamp: '2026-11-22T05:00:00Z', duplicate: true });
  await page.locator('[data-seq="1"][data-state="sent"]').waitFor();
  assert.equal(await bubble(page, 'Did this arrive?').count(), 1);
});

test('reconnect goes on after the last seq that was heard', async () => {
  const first = await socket(1);
  assert.equal(first.url.searchParams.get('after'), '0');
  first.tell(ready({ epoch: 7 }));
  first.tell(message(1, 'other', 'One'));
  first.tell({ type: 'edit', seq: 2, target: 1, content: 'One, corrected', edited_at: '2026-11-22T05:01:00Z' });
  await bubble(page, 'One, corrected').waitFor();
  first.close(4500);
  const second = await socket(2);
  assert.equal(second.url.searchParams.get('after'), '2');
  assert.equal(second.url.searchParams.get('epoch'), '7');
});

test('what people write is shown as text, and seeing it marks it read', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.tell(message(1, 'other', '<img src=x onerror="document.title=1"><b>bold</b>'));
  await bubble(page, '<img src=x onerror="document.title=1"><b>bold</b>').waitFor();
  assert.equal(await page.locator('[data-log] b, [data-log] img').count(), 0);
  await sent(one, (frame) => frame.type === 'read' && frame.up_to === 1);
});

test('refused message stays in sight with its reason', async () => {
  const one = await socket(1);
  one.tell(ready());
  await say(page, 'Buy now!');
  const { client_message_id: id } = await sent(one, (frame) => frame.type === 'message');
  one.tell({ type: 'error', code: 'blocked', detail: 'You can’t write here.', client_message_id: id });
  await page.getByText('You can’t write here.').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  const again = await sent(one, (frame) => frame.type === 'message' && frame.client_message_id !== id);
  assert.equal(again.content, 'Buy now!');
});

test('reset shows the new log instead of the old one', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.tell(message(1, 'other', 'From a log that is gone'));
  await bubble(page, 'From a log that is gone').waitFor();
  one.tell({ type: 'reset', epoch: 8, last_seq: 0, oldest: 1 });
  await bubble(page, 'From a log that is gone').waitFor({ state: 'detached' });
});

test('ended access is final and says so', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.close(4402);
  await page.getByText('This chat is closed for you now.').waitFor();
  assert.equal(sockets.length, 1);
  client.calm();
});
