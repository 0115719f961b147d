// A person in a chat protects themself: reports what was written and who wrote it, blocks and takes it back; with
// scripts and without. And turns on from there that they are told of messages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desktop, fits, launch, person, phone } from './support/browser.mjs';
import { look, violations } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { attach, bubble, listRoom, logIn, payAtEsewa, photo, register, say, startPayment } from './support/steps.mjs';

const rude = 'Send me 5,000 first, then I show you the room.';
const closed = 'This chat is closed for one of you. Nothing can be sent here now.';
let server, browser, owner, client, plain, chatUrl;

before(async () => {
  [server, browser] = await Promise.all([startServer({ KOTHA_DEMO: 'true' }), launch()]);
  [owner, client] = await Promise.all([person(browser), person(browser)]);
  plain = await person(browser, { javaScriptEnabled: false });
  await register(owner.page, server, { role: 'owner', name: 'Hari Bahadur', phone: '9841000071' });
  const roomPath = await listRoom(owner.page, server, 'Room with a balcony');
  await register(client.page, server, { role: 'client', name: 'Sita Sharma', phone: '9841000072' });
  await client.page.goto(`${server.url}${roomPath}`);
  await startPayment(client.page);
  await payAtEsewa(client.page);
  await client.page.getByRole('link', { name: 'Chat with the owner' }).click();
  chatUrl = `${server.url}${roomPath}chat/`;
  await owner.page.goto(`${server.url}/chats/`);
  await owner.page.getByRole('link', { name: /Sita Sharma/ }).click();
  await say(owner.page, 'Namaste');
  await say(owner.page, rude);
  await bubble(client.page, rude).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const chatMenu = (page) => page.getByLabel('More about this chat');
const dialog = (page) => page.getByRole('dialog');
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute('aria-label'));

async function reportOf(page, words) {
  const item = page.locator('.bubble', { hasText: words });
  await item.getByLabel('More about this message').click();
  await item.getByRole('link', { name: 'Report' }).click();
}

// As an administrator sees them, newest first: about whom, and why.
async function reports() {
  const admin = await person(browser);
  await logIn(admin.page, server, '9800000009', 'kotha-demo');
  const { reports: all } = await (await admin.page.request.get(`${server.url}/api/admin/reports/`)).json();
  await admin.context.close();
  return all;
}

// Of a picture, at a quarter and at three quarters of its width.
async function colors(page, png) {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes]));
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d', { willReadFrequently: true });
    pen.drawImage(picture, 0, 0);
    return [0.25, 0.75].map((part) => {
      const { data } = pen.getImageData(Math.round(picture.width * part), Math.round(picture.height / 2), 1, 1);
      return `#${[...data.subarray(0, 3)].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
    });
  }, png.toString('base64'));
}

// In every color and width, with the dialog or the menu open; a reload would shut it.
async function lookAtOpen(page, name) {
  await look(page, name, { nepali: false });
  await page.setViewportSize(phone);
}

test('touch targets are large enough for a finger', async () => {
  const { page } = client;
  for (const target of [chatMenu(page), page.getByLabel('More about this message').first()]) {
    const { width, height } = await target.boundingBox();
    assert.ok(width >= 44 && height >= 44, `${width} by ${height}`);
  }
  await chatMenu(page).click();
  for (const target of await page.locator('.chat-menu .menu > a, .chat-menu [role="switch"]').all()) {
    assert.ok((await target.boundingBox()).height >= 44);
  }
  await lookAtOpen(page, 'chat-menu');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Report this person' }).waitFor({ state: 'hidden' });
  assert.equal(await focused(page), 'More about this chat');
});

test('a message is reported from its own menu, in a dialog', async () => {
  const { page } = client;
  await page.getByLabel(/^Message to/).fill('Half of a sent');
  await reportOf(page, rude);
  await dialog(page).getByRole('heading', { name: 'Report this message?' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.name), 'reason');
  await lookAtOpen(page, 'chat-report-dialog');
  await dialog(page).getByLabel('What is wrong?').fill('Wants money before I have seen anything.');
  await dialog(page).getByRole('button', { name: 'Send report' }).click();
  await page.getByRole('status').getByText('Reported. An administrator looks at it.').waitFor();
  assert.equal(await dialog(page).count(), 0);
  assert.equal(await focused(page), 'More about this message', 'the focus is where it was');
  assert.equal(await page.getByLabel(/^Message to/).inputValue(), 'Half of a sent', 'the chat was not left');
  await page.getByLabel(/^Message to/).fill('');
  const [report] = await reports();
  assert.equal(report.reason, 'Wants money before I have seen anything.');
  const room = new URL(chatUrl).pathname.split('/')[2];
  const { messages } = await (await page.request.get(`${server.url}/api/messages/?room_id=${room}`)).json();
  assert.equal(report.message_id, messages.find(({ content }) => content === rude).id);
});

test('the keyboard alone reports a person, and lets it be', async () => {
  const { page } = owner;
  await chatMenu(page).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Report this person' }).focus();
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('heading', { name: 'Report Sita Sharma?' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'hidden' });
  assert.equal(await focused(page), 'More about this chat');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Report this person' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Never came');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Reported. An administrator looks at it.').waitFor();
  const [report] = await reports();
  assert.deepEqual([report.reason, report.message_id], ['Never came', null]);
});

test('report that does not get through says so and keeps its words', async () => {
  const { page } = client;
  client.expect(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  await page.route('**/api/conversations/report/', (route) => route.abort('internetdisconnected'));
  await reportOf(page, rude);
  await dialog(page).getByLabel('What is wrong?').fill('Once more');
  await dialog(page).getByRole('button', { name: 'Send report' }).click();
  await dialog(page).getByRole('alert').getByText('The report was not sent.').waitFor();
  await page.unroute('**/api/conversations/report/');
  await dialog(page).getByRole('button', { name: 'Send report' }).click();
  await dialog(page).waitFor({ state: 'hidden' });
  assert.equal((await reports()).some(({ reason }) => reason === 'Once more'), true);
});

test('without JavaScript the same is a page', async () => {
  const { page } = plain;
  await logIn(page, server, '9841000072');
  await page.goto(chatUrl);
  await look(page, 'chat-plain-report', { nepali: false });
  await reportOf(page, rude);
  await page.getByRole('heading', { name: 'Report this message?' }).waitFor();
  await look(page, 'chat-report');
  await page.getByLabel('What is wrong?').fill('By a plain form');
  await page.getByRole('button', { name: 'Send report' }).click();
  await page.getByRole('status').getByText('Reported. An administrator looks at it.').waitFor();
  assert.equal((await reports()).some(({ reason }) => reason === 'By a plain form'), true);
  await chatMenu(page).click();
  assert.equal(await page.getByRole('switch').isVisible(), false, 'a switch that nothing turns is not offered');
  await page.getByRole('link', { name: 'Block this person' }).click();
  await page.getByRole('heading', { name: 'Block Hari Bahadur?' }).waitFor();
  await look(page, 'chat-block');
  await page.getByRole('link', { name: 'Cancel' }).click();
  assert.equal(page.url(), chatUrl);
  plain.calm();
});

test('who is blocked is refused in words, and nobody writes', async () => {
  owner.expect(/WebSocket|403/);
  const { page } = client;
  await chatMenu(page).click();
  await page.getByRole('link', { name: 'Block this person' }).click();
  await dialog(page).getByRole('heading', { name: 'Block Hari Bahadur?' }).waitFor();
  await lookAtOpen(page, 'chat-block-dialog');
  await dialog(page).getByRole('link', { name: 'Cancel' }).click();
  await dialog(page).waitFor({ state: 'hidden' });
  // The open chat of the other is told at once.
  await chatMenu(page).click();
  await page.getByRole('link', { name: 'Block this person' }).click();
  await dialog(page).getByRole('button', { name: 'Block' }).click();
  await page.getByRole('status').getByText('Hari Bahadur is blocked.').waitFor();
  await page.getByText('You blocked Hari Bahadur. Until you unblock, neither of you can write here.').waitFor();
  assert.equal(await page.getByLabel(/^Message to/).isVisible(), false);
  await look(page, 'chat-blocked', { nepali: true });
  await owner.page.getByText(closed).waitFor();
  assert.equal(await owner.page.getByLabel(/^Message to/).isDisabled(), true);
  await owner.page.reload();
  await owner.page.getByText(closed).waitFor();
  assert.equal(await owner.page.getByLabel(/^Message to/).isVisible(), false);
  assert.equal(await owner.page.getByText(/^No connection/).isVisible(), false);
  await look(owner.page, 'chat-closed');
});

test('page that does not know of the block yet is told so, and keeps what was typed', async () => {
  // The other's browser without scripts had the chat open all the while.
  const late = await person(browser, { javaScriptEnabled: false });
  const { page } = late;
  await logIn(page, server, '9841000071');
  await client.page.getByRole('button', { name: 'Unblock' }).first().click();
  await client.page.getByRole('status').getByText('You no longer block Hari Bahadur.').waitFor();
  await page.goto(owner.page.url());
  await page.getByLabel(/^Message to/).fill('Are you there?');
  await chatMenu(client.page).click();
  await client.page.getByRole('link', { name: 'Block this person' }).click();
  await dialog(client.page).getByRole('button', { name: 'Block' }).click();
  await client.page.getByRole('status').getByText('Hari Bahadur is blocked.').waitFor();
  late.expect(/403/);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('alert').getByText(closed).waitFor();
  assert.equal(await page.getByLabel(/^Message to/).inputValue(), 'Are you there?');
  // Once it is taken back, the same press of the button sends it.
  await client.page.getByRole('button', { name: 'Unblock' }).first().click();
  await client.page.getByRole('status').getByText('You no longer block Hari Bahadur.').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await bubble(client.page, 'Are you there?').waitFor();
  // Who looks at the closed chat again finds it open.
  await owner.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await owner.page.getByLabel(/^Message to/).waitFor();
  await say(owner.page, 'Good that we talk again.');
  await bubble(client.page, 'Good that we talk again.').waitFor();
  await say(client.page, 'Yes.');
  await bubble(owner.page, 'Yes.').waitFor();
  late.calm();
});

test('the tab that missed the block says why a message was refused', async () => {
  const tab = await client.context.newPage();
  await tab.goto(chatUrl);
  await chatMenu(client.page).click();
  await client.page.getByRole('link', { name: 'Block this person' }).click();
  await dialog(client.page).getByRole('button', { name: 'Block' }).click();
  await client.page.getByText('You blocked Hari Bahadur.').waitFor();
  await say(tab, 'To a wall');
  await tab.locator('.bubble-failed', { hasText: closed }).waitFor();
  await tab.close();
  await client.page.getByRole('button', { name: 'Unblock' }).first().click();
  await client.page.getByRole('status').getByText('You no longer block Hari Bahadur.').waitFor();
});

test('the switch of notifications is in the menu, and the menu stays open around it', async () => {
  const { page } = client;
  await client.context.grantPermissions(['notifications'], { origin: server.url });
  await page.addInitScript(() => { PushManager.prototype.subscribe = async () => { throw new Error('no push service here'); }; });
  await page.goto(chatUrl);
  await chatMenu(page).click();
  const theSwitch = page.getByRole('switch', { name: 'Tell me about new messages' });
  assert.equal(await theSwitch.getAttribute('aria-checked'), 'false');
  await theSwitch.click();
  await page.getByText('That did not work.').waitFor();
  assert.equal(await theSwitch.isVisible(), true);
  await fits(page);
});

test('how far a picture is shows in the color of the brand', async () => {
  const { page } = client;
  // As long as the test looks, it is on its way.
  let go;
  const held = new Promise((resolve) => { go = resolve; });
  await page.route('**/api/messages/send/', async (route) => { await held; await route.continue(); });
  await page.goto(chatUrl);
  await attach(page, await photo(page, 800, 600));
  await page.getByRole('button', { name: 'Send' }).click();
  const bar = page.locator('.bubble-uploading progress');
  await bar.waitFor();
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await bar.evaluate((element) => { element.value = 0.5; });
    const brand = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--color-brand').trim());
    const shown = await colors(page, await bar.screenshot());
    assert.equal(shown[0], brand, colorScheme);
    assert.notEqual(shown[1], brand, `${colorScheme}: what is left of it`);
    await look(page, `chat-uploading-${colorScheme}`, { nepali: false });
  }
  go();
  await bar.waitFor({ state: 'detached' });
  await page.unroute('**/api/messages/send/');
});

test('the dialogs fit a large screen as well, in Nepali', async () => {
  const { page } = client;
  await client.context.addCookies([{ name: 'lang', value: 'ne', url: server.url }]);
  await page.goto(chatUrl);
  for (const viewport of [phone, desktop]) {
    await page.setViewportSize(viewport);
    await page.getByLabel('यो कुराकानीबारे थप').click();
    await fits(page);
    await page.getByRole('link', { name: 'यो व्यक्तिको उजुरी गर्नुहोस्' }).click();
    await dialog(page).getByRole('heading', { name: 'Hari Bahadur को उजुरी गर्ने?' }).waitFor();
    await fits(page);
    assert.deepEqual(await violations(page, 'report in Nepali'), []);
    await dialog(page).getByRole('link', { name: 'रद्द गर्नुहोस्' }).click();
  }
});

test('nobody had anything to complain about', () => {
  for (const who of [owner, client]) who.calm();
});
