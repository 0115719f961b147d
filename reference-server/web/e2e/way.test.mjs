// The way of a client and an owner, in two browsers at once, with a third person looking on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, person } from './support/browser.mjs';
import { startServer } from './support/server.mjs';
import { attach, bubble, contact, findRoom, knowsContact, listRoom, payAtEsewa, photo, register, say, startPayment } from './support/steps.mjs';

const title = 'Sunny room near Shankhamul park';
let server, browser, owner, client, other, roomPath;

before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  [owner, client, other] = await Promise.all([person(browser), person(browser), person(browser)]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('owner registers and lists a room', async () => {
  await register(owner.page, server, { role: 'owner', name: 'Hari Bahadur', phone: '9841000001' });
  roomPath = await listRoom(owner.page, server, title);
  await owner.page.getByText('This is your room').waitFor();
  await fits(owner.page);
});

test('client finds the room and no contact detail in it', async () => {
  await register(client.page, server, { role: 'client', name: 'Sita Sharma', phone: '9841000002' });
  await findRoom(client.page, server, 'shankhamul', title);
  assert.equal(await knowsContact(client.page), false);
  await fits(client.page);
});

test('payment through eSewa opens contact and chat', async () => {
  await startPayment(client.page);
  await client.page.getByText('Waiting for your payment.').waitFor();
  await fits(client.page);
  await payAtEsewa(client.page);
  await client.page.getByText('Payment received. This room is open for you.').waitFor();
  assert.equal(new URL(client.page.url()).pathname, roomPath);
  await client.page.getByRole('link', { name: contact.phone }).waitFor();
  await client.page.getByText(contact.address).waitFor();
  assert.equal(await client.page.getByRole('button', { name: /Unlock/ }).count(), 0);
  await fits(client.page);
});

test('both sides of the chat hear each other live', async () => {
  await client.page.getByRole('link', { name: 'Chat with the owner' }).click();
  await say(client.page, 'Namaste! <b>Is the room</b> still free?');
  await bubble(client.page, 'Namaste! <b>Is the room</b> still free?').waitFor();

  await owner.page.goto(`${server.url}/chats/`);
  await owner.page.getByRole('link', { name: /Sita Sharma/ }).click();
  await bubble(owner.page, 'Namaste! <b>Is the room</b> still free?').waitFor();

  await say(owner.page, 'Yes. Come on Saturday.');
  await bubble(client.page, 'Yes. Come on Saturday.').waitFor();
  await say(client.page, 'हुन्छ, धन्यवाद!');
  await bubble(owner.page, 'हुन्छ, धन्यवाद!').waitFor();
  await client.page.locator('[data-state="read"]', { hasText: 'हुन्छ' }).waitFor();
  for (const { page } of [owner, client]) {
    assert.equal(await page.locator('.bubble').count(), 3, 'each message once');
    await fits(page);
  }
});

test('picture, typing, a correction and a deletion are seen by the other one at once', async () => {
  const { page } = client;
  // As fast as people write: the sign is passed on once in three seconds.
  await owner.page.getByLabel(/^Message to/).pressSequentially('The gate at the end of the lane', { delay: 120 });
  await page.getByText('typing…').waitFor();
  await owner.page.getByLabel(/^Message to/).fill('');
  await attach(owner.page, await photo(owner.page, 1200, 900));
  await say(owner.page, 'The gate is blu.');
  await page.getByRole('img', { name: 'Picture from Hari Bahadur' }).waitFor();
  await page.getByText('typing…').waitFor({ state: 'hidden' });

  const mine = owner.page.locator('.bubble', { hasText: 'The gate is blu' });
  await mine.getByLabel('Change this message').click();
  await mine.getByRole('button', { name: 'Edit' }).click();
  await say(owner.page, 'The gate is blue.');
  await bubble(page, 'The gate is blue.').waitFor();
  assert.equal(await bubble(page, 'The gate is blu.').count(), 0);

  await mine.getByLabel('Change this message').click();
  await mine.getByRole('button', { name: 'Delete' }).click();
  await owner.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  for (const side of [page, owner.page]) {
    await bubble(side, 'This message was deleted.').waitFor();
    assert.equal(await side.locator('.bubble img').count(), 0);
  }
  await page.reload();
  await bubble(page, 'This message was deleted.').waitFor();
  assert.equal(await page.locator('.bubble img').count(), 0);
});

test('history is there after a reload and on the list of chats', async () => {
  await client.page.reload();
  await bubble(client.page, 'Yes. Come on Saturday.').waitFor();
  assert.equal(await client.page.locator('.bubble').count(), 4);
  await client.page.goto(`${server.url}/chats/`);
  await client.page.getByRole('link', { name: /Hari Bahadur/ }).waitFor();
  await fits(client.page);
});

test('chat survives a restart of the server', async () => {
  await client.page.goto(`${server.url}${roomPath}chat/`);
  await bubble(client.page, 'Yes. Come on Saturday.').waitFor();
  client.expect(/WebSocket|ERR_CONNECTION|answer 50/);
  owner.expect(/WebSocket|ERR_CONNECTION|answer 50/);
  await server.halt();
  await client.page.getByText(/^No connection/).waitFor();
  await say(client.page, 'Written while the server was away.');
  assert.equal(await client.page.locator('[data-state="sending"]').count(), 1);
  await server.start();
  await client.page.locator('[data-state="sent"], [data-state="read"]', { hasText: 'while the server was away' }).waitFor({ timeout: 40_000 });
  await bubble(owner.page, 'Written while the server was away.').waitFor({ timeout: 40_000 });
  assert.equal(await bubble(client.page, 'Written while the server was away.').count(), 1);
  assert.equal(await bubble(owner.page, 'Written while the server was away.').count(), 1);
});

test('earlier messages come as one scrolls back, each once', async () => {
  const room = roomPath.split('/')[2];
  const clientId = await client.page.locator('[data-chat]').getAttribute('data-client');
  // The engine takes ten at once from each, then five in a second.
  for (const [who, more] of [[client, {}], [owner, { client_id: clientId }]]) {
    await who.page.evaluate(async ({ body, count }) => {
      for (let sent = 0; sent < count;) {
        const content = `${body.client_id ? 'Owner' : 'Client'} line ${sent}`;
        const answer = await fetch('/api/messages/send/', {
          method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...body, content }),
        });
        if (answer.status === 201) sent += 1;
        else if (answer.status === 429) await new Promise((go) => { setTimeout(go, 200); });
        else throw new Error(`answer ${answer.status}`);
      }
    }, { body: { room_id: room, ...more }, count: 28 });
    who.expect(/429/);
  }
  const { page } = client;
  await page.reload();
  const shown = () => page.locator('.bubble[data-seq]').evaluateAll((items) => items.map((item) => Number(item.dataset.seq)));
  assert.equal((await shown()).length, 50);
  await page.locator('[data-older]').scrollIntoViewIfNeeded();
  await bubble(page, 'Yes. Come on Saturday.').waitFor();
  const seqs = await shown();
  assert.deepEqual(seqs, [...new Set(seqs)].sort((a, b) => a - b));
  assert.equal(seqs.length, 61);
  await page.getByRole('link', { name: 'Earlier messages' }).waitFor({ state: 'hidden' });
});

test('another client sees nothing', async () => {
  await register(other.page, server, { role: 'client', name: 'Ram Thapa', phone: '9841000003' });
  await other.page.goto(`${server.url}${roomPath}?payment=success`);
  await other.page.getByRole('button', { name: /^Unlock contact/ }).waitFor();
  assert.equal(await knowsContact(other.page), false);
  assert.equal(await other.page.getByText('Payment received').count(), 0, 'the address alone claims nothing');
  other.expect(/\/chat\/|Payment Required|402/);
  const answer = await other.page.goto(`${server.url}${roomPath}chat/`);
  assert.equal(answer.status(), 402);
  assert.equal((await other.page.content()).includes('Saturday'), false);
  await fits(other.page);
});

test('nobody had anything to complain about', () => {
  for (const who of [owner, client, other]) who.calm();
});
