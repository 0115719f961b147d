// The chat's module against a socket that the test holds in its hand: lost answers, doubled ones, a reset, an end.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';
import { launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
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
  one.tell({ type: 'error', code: 'forbidden', detail: 'You can’t write here.', client_message_id: id });
  await page.getByText('You can’t write here.').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  const again = await sent(one, (frame) => frame.type === 'message' && frame.client_message_id !== id);
  assert.equal(again.content, 'Buy now!');
  // What is blocked is said in words of our own, as the frame's say no more than that.
  one.tell({ type: 'error', code: 'blocked', detail: 'blocked', client_message_id: again.client_message_id });
  await page.getByText('This chat is closed for one of you.').waitFor();
});

test('reset shows the new log instead of the old one', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.tell(message(1, 'other', 'From a log that is gone'));
  await bubble(page, 'From a log that is gone').waitFor();
  one.tell({ type: 'reset', epoch: 8, last_seq: 0, oldest: 1 });
  await bubble(page, 'From a log that is gone').waitFor({ state: 'detached' });
});

test('change is sent until it is known, and shows as such', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.tell(message(1, me, 'Is it fre?', { client_message_id: 'x' }));
  await page.getByLabel('Change this message').click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel(/^Message to/).fill('Is it free?');
  await page.getByRole('button', { name: 'Send' }).click();
  const { client_message_id: id, content } = await sent(one, (frame) => frame.type === 'edit' && frame.seq === 1);
  assert.equal(content, 'Is it free?');
  one.close(1012);
  const two = await socket(2);
  two.tell(ready());
  await sent(two, (frame) => frame.type === 'edit' && frame.client_message_id === id);
  two.tell({ type: 'edit', seq: 2, target: 1, content: 'Is it free?', edited_at: '2026-11-22T05:01:00Z' });
  two.tell({ type: 'ack', client_message_id: id, id: 'm1', seq: 2, timestamp: '2026-11-22T05:01:00Z', duplicate: false });
  await bubble(page, 'Is it free?').waitFor();
  await page.locator('[data-changing]').waitFor({ state: 'detached' });
  await page.getByText('edited').waitFor();
});

test('menu, dialog and a change in the making are for everybody', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.tell(message(1, me, 'Is it free?', { client_message_id: 'x' }));
  await page.getByLabel('Change this message').click();
  await look(page, 'chat-message-menu', { nepali: false });
  await page.getByRole('button', { name: 'Delete' }).click();
  await look(page, 'chat-delete', { nepali: false });
  await page.keyboard.press('Escape');
  // With the keyboard alone.
  await page.getByLabel('Change this message').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
  await look(page, 'chat-editing', { nepali: false });
  await page.getByLabel(/^Message to/).fill('x'.repeat(4_100));
  await look(page, 'chat-too-long', { nepali: false });
});

test('change that is refused leaves the message as it was and says why', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.tell(message(1, me, 'From last week', { client_message_id: 'x' }));
  await page.getByLabel('Change this message').click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel(/^Message to/).fill('From today');
  await page.getByRole('button', { name: 'Send' }).click();
  const { client_message_id: id } = await sent(one, (frame) => frame.type === 'edit');
  one.tell({ type: 'error', code: 'forbidden', detail: 'Only recent messages can be changed.', client_message_id: id });
  await page.getByText('Only recent messages can be changed.').waitFor();
  await bubble(page, 'From last week').waitFor();
  assert.equal(await page.locator('[data-changing]').count(), 0);
});

test('message is taken back after a question, and its draft is not lost', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.tell(message(1, me, 'Wrong chat', { client_message_id: 'x' }));
  await page.getByLabel(/^Message to/).fill('Being written');
  await page.getByLabel('Change this message').click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog', { name: 'Delete this message?' }).getByRole('button', { name: 'Keep it' }).click();
  await page.getByLabel('Change this message').click();
  await page.getByRole('button', { name: 'Edit' }).click();
  assert.equal(await page.getByLabel(/^Message to/).inputValue(), 'Wrong chat');
  await page.keyboard.press('Escape');
  assert.equal(await page.getByLabel(/^Message to/).inputValue(), 'Being written');
  assert.equal(one.got.filter(({ type }) => type === 'delete').length, 0);
  await page.getByLabel('Change this message').click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  const { client_message_id: id, seq } = await sent(one, (frame) => frame.type === 'delete');
  assert.equal(seq, 1);
  one.tell({ type: 'delete', seq: 2, target: 1 });
  one.tell({ type: 'ack', client_message_id: id, id: 'm1', seq: 2, timestamp: '2026-11-22T05:01:00Z', duplicate: false });
  await bubble(page, 'This message was deleted.').waitFor();
  assert.equal(await page.getByLabel('Change this message').count(), 0);
});

test('sign of typing fades after six seconds, or when the message is there', async () => {
  const one = await socket(1);
  one.tell(ready({ online: ['other'] }));
  const presence = page.locator('[data-presence]');
  await page.getByText('online', { exact: true }).waitFor();
  await page.clock.install();
  one.tell({ type: 'typing', user_id: 'other' });
  await page.getByText('typing…').waitFor();
  await page.clock.runFor(5_000);
  assert.equal(await presence.textContent(), 'typing…');
  one.tell({ type: 'typing', user_id: me });
  await page.clock.runFor(1_000);
  assert.equal(await presence.textContent(), 'online');
  one.tell({ type: 'typing', user_id: 'other' });
  await page.getByText('typing…').waitFor();
  one.tell(message(1, 'other', 'Here it is'));
  await bubble(page, 'Here it is').waitFor();
  assert.equal(await presence.textContent(), 'online');
  await page.clock.resume();
});

test('typing is told once in three seconds, and not for an empty line', async () => {
  const one = await socket(1);
  one.tell(ready());
  const input = page.getByLabel(/^Message to/);
  await input.pressSequentially('   ');
  await input.pressSequentially('Namaste, is it');
  await sent(one, (frame) => frame.type === 'typing');
  await say(page, 'Namaste');
  await sent(one, (frame) => frame.type === 'message');
  assert.equal(one.got.filter(({ type }) => type === 'typing').length, 1);
});

test('text that is too long is kept, counted, and not sent', async () => {
  const one = await socket(1);
  one.tell(ready());
  const input = page.getByLabel(/^Message to/);
  await input.fill('न'.repeat(3_990));
  await page.getByText('3,990 / 4,000').waitFor();
  await input.fill('x'.repeat(5_000));
  await page.getByText('1,000 characters too many').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('alert').getByText('characters too many').waitFor();
  assert.equal((await input.inputValue()).length, 5_000);
  await input.fill('x'.repeat(4_000));
  await page.getByRole('button', { name: 'Send' }).click();
  const { content } = await sent(one, (frame) => frame.type === 'message');
  assert.equal(content.length, 4_000);
});

test('message that comes is all that is new in the log', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.tell(message(1, 'other', 'One'));
  await bubble(page, 'One').waitFor();
  await page.evaluate(() => {
    globalThis.changes = [];
    const watch = new MutationObserver((records) => {
      for (const { addedNodes, removedNodes } of records) {
        globalThis.changes.push(...[...addedNodes].map((node) => `+${node.className}`), ...[...removedNodes].map((node) => `-${node.className}`));
      }
    });
    watch.observe(document.querySelector('[data-log]'), { childList: true });
  });
  one.tell(message(2, 'other', 'Two'));
  one.tell(message(3, 'other', 'The next day', { timestamp: '2026-11-23T05:00:00Z' }));
  await bubble(page, 'The next day').waitFor();
  const changes = await page.evaluate(() => globalThis.changes.map((change) => change.split(' ')[0]));
  assert.deepEqual(changes, ['+bubble', '+bubble', '+chat-day']);
  assert.equal(await page.locator('.chat-day').count(), 2);
});

test('what was said before is not read out as it comes', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.tell(message(9, 'other', 'Nine'));
  await bubble(page, 'Nine').waitFor();
  await page.evaluate(() => {
    globalThis.live = [];
    const log = document.querySelector('[role="log"]');
    new MutationObserver(() => globalThis.live.push(log.getAttribute('aria-live'))).observe(log, { childList: true, subtree: true });
  });
  const older = { messages: [message(8, 'other', 'Eight').message], has_more: false };
  await page.route('**/api/messages/**', (route) => route.fulfill({ json: older }));
  one.tell({ type: 'reset', epoch: 8, last_seq: 8, oldest: 8 });
  await bubble(page, 'Eight').waitFor();
  assert.equal((await page.evaluate(() => globalThis.live)).at(-1), 'off');
  await page.locator('[role="log"][aria-live="polite"]').waitFor();
  await page.unrouteAll({ behavior: 'wait' });
});

test('ended access is final and says so', async () => {
  const one = await socket(1);
  one.tell(ready());
  one.close(4402);
  await page.getByText('This chat is closed for you now.').waitFor();
  await page.getByRole('link', { name: 'Load this page again' }).waitFor();
  assert.equal(sockets.length, 1);
  client.calm();
});
