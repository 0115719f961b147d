// A session that ended while the page slept: each page says so, and leads on, in place of trying for ever.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { listRoom, logIn, payAtEsewa, password, register, startPayment } from './support/steps.mjs';

const phoneNumber = '9841000072';
let server, browser, client, page, paidPath, roomPath;

before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  const owner = await person(browser);
  await register(owner.page, server, { role: 'owner', name: 'Maya Rai', phone: '9841000071' });
  paidPath = await listRoom(owner.page, server, 'Room to talk about');
  roomPath = await listRoom(owner.page, server, 'Room to pay for');
  client = await person(browser);
  page = client.page;
  client.expect(/401|WebSocket|ERR_INTERNET_DISCONNECTED/);
  await register(page, server, { role: 'client', name: 'Nima Sherpa', phone: phoneNumber });
  await page.goto(`${server.url}${paidPath}`);
  await startPayment(page);
  await payAtEsewa(page);
  await page.getByText('Payment received. This room is open for you.').waitFor();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// Ends the session on the server while the page hears nothing, and lets it hear again.
async function sleepThroughLogOut() {
  const cookies = await client.context.cookies(server.url);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  await client.context.setOffline(true);
  const answer = await fetch(`${server.url}/api/logout/`, { method: 'POST', headers: { cookie } });
  assert.equal(answer.status, 204);
  await client.context.setOffline(false);
}

const connected = () => page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived'));

test('chat says that one was logged out, keeps what was being written, and leads to the log-in and back', async () => {
  const ready = connected();
  await page.goto(`${server.url}${paidPath}chat/`);
  await ready;
  await page.getByLabel(/^Message to/).fill('Half a sentence');
  await sleepThroughLogOut();
  await page.getByText('You were logged out. Please log in again.').waitFor();
  assert.equal(await page.getByLabel(/^Message to/).inputValue(), 'Half a sentence');
  await look(page, 'chat-logged-out', { nepali: false });
  await page.getByRole('link', { name: 'Log in' }).click();
  await page.getByLabel('Mobile number').fill(phoneNumber);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`${server.url}${paidPath}chat/`);
});

test('lists lead to the log-in and back', async () => {
  for (const path of ['/chats/', '/my/']) {
    const opened = page.waitForEvent('websocket');
    await page.goto(`${server.url}${path}`);
    await opened;
    await sleepThroughLogOut();
    await page.waitForURL(`${server.url}/login/?next=${encodeURIComponent(path)}`);
    await logIn(page, server, phoneNumber);
  }
});

test('payment leads to the log-in and back', async () => {
  await page.goto(`${server.url}${roomPath}`);
  await startPayment(page);
  await page.getByText('Waiting for your payment.').waitFor();
  const [, , id] = new URL(page.url()).pathname.split('/');
  await sleepThroughLogOut();
  await page.waitForURL((url) => url.pathname === '/login/' && url.searchParams.get('next').startsWith(`/payments/${id}`));
});

test('nobody had anything else to complain about', () => client.calm());
