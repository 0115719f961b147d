// The pages as an app: with the network cut there is a page that says so, and what is kept knows nobody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { listRoom, payAtEsewa, register, say, startPayment, bubble, contact } from './support/steps.mjs';

const title = 'Attic with a view of Swayambhu';
let server, browser, owner, client, roomPath;

// Until the service worker looks after the page.
const looked = (page) => page.evaluate(async () => {
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((resolve) => { navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }); });
});

// Everything that the browser keeps for the worker: addresses and texts.
const kept = (page) => page.evaluate(async () => {
  const all = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      all.push([new URL(request.url).pathname, await (await cache.match(request)).text()]);
    }
  }
  return all;
});

before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  [owner, client] = await Promise.all([person(browser), person(browser)]);
  await register(owner.page, server, { role: 'owner', name: 'Maya Rai', phone: '9841000051' });
  roomPath = await listRoom(owner.page, server, title);
  await register(client.page, server, { role: 'client', name: 'Bikash Gurung', phone: '9841000052' });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('browser finds the app installable', async () => {
  const { page, context } = client;
  await looked(page);
  const devtools = await context.newCDPSession(page);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // A private window installs nothing; anything else would be ours.
  const ours = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
  assert.deepEqual(ours, []);
  const { errors, data } = await devtools.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  assert.equal(JSON.parse(data).short_name, 'Kotha');
});

test('with the network cut a page says so, and comes back by itself', async () => {
  const { page, context } = client;
  client.expect(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  await context.setOffline(true);
  await page.goto(`${server.url}${roomPath}`);
  await page.getByRole('heading', { name: 'You are offline' }).waitFor();
  assert.equal(await page.evaluate(() => location.pathname), roomPath);
  // With its style: what it looks like was kept too.
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgba(0, 0, 0, 0)');
  await look(page, 'offline', { nepali: false });
  await context.setOffline(false);
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
});

test('offline page speaks the language of the page before it', async () => {
  const { page, context } = client;
  await page.getByRole('button', { name: 'नेपाली' }).click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  await context.setOffline(true);
  await page.goto(`${server.url}/chats/`);
  await page.getByRole('heading', { name: 'तपाईं अफलाइन हुनुहुन्छ' }).waitFor();
  await context.setOffline(false);
  await page.getByRole('heading', { name: 'कुराकानी', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Chats', level: 1 }).waitFor();
});

test('what is kept is the app’s own files and two pages that know nobody', async () => {
  const { page } = client;
  await page.goto(`${server.url}${roomPath}`);
  await startPayment(page);
  await payAtEsewa(page);
  await page.getByText('Payment received. This room is open for you.').waitFor();
  await page.goto(`${server.url}${roomPath}chat/`);
  await say(page, 'A secret word: rhododendron');
  await bubble(page, 'A secret word: rhododendron').waitFor();
  await page.goto(`${server.url}/chats/`);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('link', { name: 'Log in' }).waitFor();
  const all = await kept(page);
  assert.ok(all.length >= 7, 'the shell is kept');
  for (const [path, text] of all) {
    assert.ok(path.startsWith('/static/') || path === '/offline/en/' || path === '/offline/ne/', `${path} is kept`);
    for (const hidden of ['rhododendron', 'Bikash', 'Maya Rai', title, contact.phone, contact.address]) {
      assert.ok(!text.includes(hidden), `${path} knows ${hidden}`);
    }
  }
});

test('nobody had anything to complain about', () => {
  for (const who of [owner, client]) who.calm();
});
