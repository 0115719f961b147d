// Pictures in a chat: shown before they go, on their way, there for both, lost and sent again, let go; by a plain form
// too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { attach, bubble, listRoom, payAtEsewa, photo, register, startPayment } from './support/steps.mjs';

const sending = '**/api/messages/send/';
let server, browser, owner, client, chatPath;

before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  [owner, client] = await Promise.all([person(browser), person(browser)]);
  await register(owner.page, server, { role: 'owner', name: 'Maya Rai', phone: '9841000051' });
  const roomPath = await listRoom(owner.page, server, 'Room with a gate');
  await register(client.page, server, { role: 'client', name: 'Nima Sherpa', phone: '9841000052' });
  await client.page.goto(`${server.url}${roomPath}`);
  await startPayment(client.page);
  await payAtEsewa(client.page);
  await client.page.getByText('Payment received. This room is open for you.').waitFor();
  chatPath = `${roomPath}chat/`;
  await client.page.goto(`${server.url}${chatPath}`);
  await owner.page.goto(`${server.url}/chats/`);
  await owner.page.getByRole('link', { name: /Nima Sherpa/ }).click();
  await client.page.getByText('online').waitFor();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('picture is shown before it goes, and is there for both without a jump', async () => {
  const { page } = client;
  await attach(page, await photo(page, 2400, 1800));
  await page.locator('[data-preview] canvas').waitFor();
  await look(page, 'chat-picked', { nepali: false });
  await page.getByLabel(/^Message to/).fill('This is the gate.');
  // The pending bubble holds the room of the picture, before the server has seen it.
  let let_go;
  const held = new Promise((resolve) => { let_go = resolve; });
  await page.route(sending, async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('progressbar', { name: 'On its way' }).waitFor();
  await look(page, 'chat-uploading', { nepali: false });
  const before = await page.locator('.bubble-image').boundingBox();
  let_go();
  const mine = page.getByRole('img', { name: 'Picture that you sent' }).and(page.locator('img'));
  await mine.waitFor();
  const after = await mine.boundingBox();
  assert.deepEqual([after.width, after.height], [before.width, before.height]);
  await page.unroute(sending);
  const theirs = owner.page.getByRole('img', { name: 'Picture from Nima Sherpa' });
  await theirs.waitFor();
  await bubble(owner.page, 'This is the gate.').waitFor();
  const shown = await theirs.evaluate(async (image) => {
    await image.decode();
    return { natural: image.naturalWidth, ratio: image.naturalWidth / image.naturalHeight, box: image.width / image.height };
  });
  assert.equal(shown.natural, 640, 'the small file');
  assert.ok(Math.abs(shown.ratio - shown.box) < 0.02, 'nothing is cut off');
  await fits(owner.page);
});

test('picture has its room on a page that was loaded anew, before it is there', async () => {
  const { page } = owner;
  let let_go;
  const held = new Promise((resolve) => { let_go = resolve; });
  await page.route('**/image/?size=small', async (route) => {
    await held;
    await route.continue();
  });
  await page.reload({ waitUntil: 'domcontentloaded' });
  const image = page.getByRole('img', { name: 'Picture from Nima Sherpa' });
  const before = await image.boundingBox();
  let_go();
  await image.evaluate((element) => element.decode());
  const after = await image.boundingBox();
  assert.deepEqual([after.width, after.height], [before.width, before.height]);
  assert.ok(before.height > 100, `${before.height}`);
  await page.unroute('**/image/?size=small');
});

test('picture that was lost is sent again as the same message', async () => {
  const { page } = client;
  client.expect(/ERR_FAILED|ERR_CONNECTION|net::ERR/);
  await page.route(sending, (route) => route.abort('connectionreset'));
  await attach(page, await photo(page, 800, 1000));
  await page.getByLabel(/^Message to/).fill('The lane behind it.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('The connection broke off.').waitFor();
  await look(page, 'chat-failed', { nepali: false });
  await page.unroute(sending);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.bubble:not([data-pending])', { hasText: 'The lane behind it.' }).waitFor();
  await bubble(owner.page, 'The lane behind it.').waitFor();
  assert.equal(await bubble(owner.page, 'The lane behind it.').count(), 1);
  assert.equal(await page.locator('[data-pending]').count(), 0);
});

test('picture on its way can be let go', async () => {
  const { page } = client;
  const bubbles = await page.locator('.bubble').count();
  const asked = page.waitForRequest(sending);
  await page.route(sending, () => {});
  await attach(page, await photo(page, 800, 600));
  await page.getByRole('button', { name: 'Send' }).click();
  await asked;
  await page.getByRole('button', { name: 'Cancel' }).and(page.locator('[data-discard]')).click();
  assert.equal(await page.locator('.bubble').count(), bubbles);
  await page.unroute(sending);
});

test('what is no picture is refused before it goes, and what the server refuses can only be let go', async () => {
  const { page } = client;
  await attach(page, { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
  await page.getByText('This file is no picture that can be shown.').waitFor();
  client.expect(/415/);
  await page.route(sending, (route) => route.fulfill({
    status: 415, contentType: 'application/problem+json', body: JSON.stringify({ code: 'unsupported_media_type', detail: 'x' }),
  }));
  await attach(page, await photo(page, 300, 300));
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('A picture is a JPEG, PNG or WebP file of at most 10 MB.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0);
  await page.getByRole('button', { name: 'Remove' }).and(page.locator('[data-discard]')).click();
  assert.equal(await page.locator('[data-pending]').count(), 0);
  await page.unroute(sending);
});

test('words and a picture that were written offline arrive when the network is back, once', async () => {
  const { page, context } = client;
  client.expect(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  await context.setOffline(true);
  await page.getByText(/^No connection/).waitFor();
  await page.getByLabel(/^Message to/).fill('Written in the bus.');
  await page.getByRole('button', { name: 'Send' }).click();
  await attach(page, await photo(page, 500, 500));
  await page.getByLabel(/^Message to/).fill('Seen from the bus.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('The connection broke off.').waitFor();
  await look(page, 'chat-offline', { nepali: false });
  await context.setOffline(false);
  for (const text of ['Written in the bus.', 'Seen from the bus.']) {
    await bubble(owner.page, text).waitFor({ timeout: 40_000 });
    assert.equal(await bubble(owner.page, text).count(), 1);
  }
  await page.locator('[data-pending]').first().waitFor({ state: 'detached' });
  assert.equal(await page.getByText(/^No connection/).count(), 1, 'the banner is hidden, not repeated');
  await page.getByText(/^No connection/).waitFor({ state: 'hidden' });
});

test('without JavaScript a picture goes by the plain form', async () => {
  const plain = await person(browser, { javaScriptEnabled: false, storageState: await client.context.storageState() });
  const { page } = plain;
  await page.goto(`${server.url}${chatPath}`);
  assert.equal(await page.getByLabel('Change this message').filter({ visible: true }).count(), 0, 'what needs a script is not offered');
  await page.getByLabel('Add a picture').setInputFiles(await photo(client.page, 900, 600));
  await page.getByLabel(/^Message to/).fill('By a plain form.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('log').getByText('By a plain form.').waitFor();
  await look(page, 'chat-plain-pictures', { nepali: false });
  await owner.page.locator('.bubble', { hasText: 'By a plain form.' }).locator('img').waitFor();
  plain.calm();
});

test('nobody had anything to complain about', () => {
  for (const who of [owner, client]) who.calm();
});
