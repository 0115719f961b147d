// Push from end to end: the switch, a message on its way through a push service, a notification, and the tap on it.
// No push service of a browser's maker can be asked here, so only that one call is stood in for; the keys, the
// encryption, the service worker and the notification are real.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, person } from './support/browser.mjs';
import { browserKeys, claimsOf, startPushService } from './support/push-service.mjs';
import { startServer } from './support/server.mjs';
import { listRoom, logIn, payAtEsewa, register, say, startPayment, bubble, password } from './support/steps.mjs';

const title = 'Balcony room at Boudha';
const secret = 'The key is under the third flower pot';
const phoneNumber = '9841000062';
let service, server, browser, owner, client, keys, roomPath, chatPath, payload;

// In place of the browser's way to its maker's push service: a subscription at ours, kept as a browser keeps it.
function standIn(subscription) {
  const kept = 'stand-in subscription';
  const made = (key) => ({
    endpoint: subscription.endpoint,
    options: { userVisibleOnly: true, applicationServerKey: key.buffer },
    toJSON: () => subscription,
    unsubscribe: async () => { localStorage.removeItem(kept); return true; },
  });
  PushManager.prototype.getSubscription = async () => {
    const key = localStorage.getItem(kept);
    return key ? made(Uint8Array.from(JSON.parse(key))) : null;
  };
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || applicationServerKey.length !== 65) throw new Error('no browser takes that');
    localStorage.setItem(kept, JSON.stringify([...applicationServerKey]));
    return made(applicationServerKey);
  };
}

const theSwitch = (page) => page.getByRole('switch', { name: 'Tell me about new messages' });
const shown = (page) => page.evaluate(async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map(({ title, body, tag, data, lang, icon }) => ({ title, body, tag, data, lang, icon }));
});

const workerOf = async (context) => context.serviceWorkers()[0] ?? context.waitForEvent('serviceworker');

// Hands a push to the real service worker, as the browser does when one comes, and returns once it has shown it: who
// asks what is shown in between makes Chromium take back what it is about to show.
async function deliver(page, data) {
  const context = page.context();
  const worker = await workerOf(context);
  await worker.evaluate(() => {
    const show = registration.showNotification;
    self.hasShown = new Promise((resolve, reject) => {
      registration.showNotification = function showNotification(...words) {
        delete registration.showNotification;
        const showing = show.apply(registration, words);
        showing.then(resolve, reject);
        return showing;
      };
    });
  });
  const devtools = await context.newCDPSession(page);
  const registered = new Promise((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const one = registrations.find(({ isDeleted }) => !isDeleted);
      if (one) resolve(one.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.deliverPushMessage', { origin: server.url, registrationId: await registered, data });
  await worker.evaluate(() => self.hasShown);
  await devtools.detach();
}

async function notifications(page, count) {
  const all = await shown(page);
  assert.equal(all.length, count);
  return all;
}

before(async () => {
  service = await startPushService();
  [server, browser] = await Promise.all([
    startServer({ KOTHA_PUSH_TEST_SERVICE: service.url, KOTHA_PUSH_AFTER_S: '1', KOTHA_PUSH_CONTACT: 'mailto:push@rooms.example' }),
    launch(),
  ]);
  [owner, client] = await Promise.all([person(browser), person(browser)]);
  keys = browserKeys(service, 'phone');
  await client.context.grantPermissions(['notifications'], { origin: server.url });
  await client.context.addInitScript(standIn, keys.subscription);
  await register(owner.page, server, { role: 'owner', name: 'Maya Rai', phone: '9841000061' });
  roomPath = await listRoom(owner.page, server, title);
  await register(client.page, server, { role: 'client', name: 'Bikash Gurung', phone: phoneNumber });
  await client.page.goto(`${server.url}${roomPath}`);
  await startPayment(client.page);
  await payAtEsewa(client.page);
  await client.page.getByText('Payment received. This room is open for you.').waitFor();
  chatPath = `${roomPath}chat/`;
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await service?.stop();
});

test('switch is off until it is turned, and stays on', async () => {
  const { page } = client;
  await page.goto(`${server.url}/chats/`);
  await page.getByText('It shows who wrote and about which room').waitFor();
  assert.equal(await theSwitch(page).getAttribute('aria-checked'), 'false');
  await fits(page);
  await theSwitch(page).click();
  await page.getByText('until you log out here').waitFor();
  assert.equal(await theSwitch(page).getAttribute('aria-checked'), 'true');
  await page.goto(`${server.url}/account/`);
  await page.getByText('until you log out here').waitFor();
  assert.equal(await theSwitch(page).getAttribute('aria-checked'), 'true');
});

test('message to who is away arrives encrypted, signed, and without its words', async () => {
  // Nobody of ours is looking: no connection is open.
  await client.page.goto('about:blank');
  await owner.page.goto(`${server.url}/chats/`);
  await owner.page.getByRole('link', { name: /Bikash Gurung/ }).click();
  await say(owner.page, secret);
  await bubble(owner.page, secret).waitFor();
  const { path, headers, body } = await service.message(0);
  assert.equal(path, '/push/phone');
  assert.equal(headers['content-encoding'], 'aes128gcm');
  assert.equal(headers.urgency, 'high');
  assert.match(headers.topic, /^[\w-]{32}$/);
  assert.ok(Number(headers.ttl) > 0);
  const claims = claimsOf(headers.authorization);
  assert.equal(claims.aud, service.url);
  assert.equal(claims.sub, 'mailto:push@rooms.example');
  assert.ok(claims.exp > Date.now() / 1_000 && claims.exp < Date.now() / 1_000 + 24 * 3_600);
  const { public_key: key } = await (await fetch(`${server.url}/api/push/key/`)).json();
  assert.equal(claims.key, key);
  // Padding is after the text; the decrypting side takes it off.
  payload = keys.decrypt(body);
  assert.deepEqual(JSON.parse(payload), { title: 'Maya Rai', body: `New message about ${title}`, url: chatPath, tag: headers.topic, lang: 'en' });
  assert.equal(payload.includes('flower'), false);
});

test('push becomes one notification a conversation', async () => {
  const { page } = client;
  await page.goto(`${server.url}/account/`);
  assert.deepEqual(await shown(page), []);
  await deliver(page, payload);
  const [one] = await notifications(page, 1);
  assert.equal(one.title, 'Maya Rai');
  assert.equal(one.body, `New message about ${title}`);
  assert.deepEqual(one.data, { url: chatPath });
  // The next one of the same conversation takes its place; one of another stands beside it.
  await deliver(page, payload);
  await deliver(page, JSON.stringify({ ...JSON.parse(payload), tag: 'another conversation' }));
  assert.equal((await notifications(page, 2)).filter(({ tag }) => tag === one.tag).length, 1);
});

test('push that can’t be read still says that there is something', async () => {
  const { page } = client;
  await deliver(page, 'no JSON');
  const all = await notifications(page, 3);
  assert.ok(all.some(({ title, data }) => title === 'Kotha' && data.url === '/chats/'));
});

test('tap goes to the chat, and never to another site', async () => {
  const { page, context } = client;
  const worker = await workerOf(context);
  // A tap that no finger made may open nothing, so where it would go is written down.
  const tap = (tag) => worker.evaluate(async (wanted) => {
    const went = [];
    clients.openWindow = async (url) => { went.push(`opens ${new URL(url).pathname}`); };
    WindowClient.prototype.focus = async function focus() { went.push(`shows ${new URL(this.url).pathname}`); return this; };
    const notification = (await registration.getNotifications()).find((one) => one.tag === wanted);
    const event = new NotificationEvent('notificationclick', { notification });
    const done = [];
    event.waitUntil = (promise) => done.push(promise);
    dispatchEvent(event);
    await Promise.all(done);
    return went;
  }, tag);
  const { tag } = JSON.parse(payload);
  await page.goto(`${server.url}/account/`);
  const [went] = await tap(tag);
  assert.equal(went, `opens ${chatPath}`);
  assert.equal((await notifications(page, 2)).some((one) => one.tag === tag), false, 'it is closed');
  await deliver(page, payload);
  await notifications(page, 3);
  await page.goto(`${server.url}${went.replace('opens ', '')}`);
  await bubble(page, secret).waitFor();
  assert.deepEqual(await tap(tag), [`shows ${chatPath}`]);
  await deliver(page, JSON.stringify({ ...JSON.parse(payload), tag: 'evil', url: 'https://evil.example/' }));
  await notifications(page, 3);
  assert.deepEqual(await tap('evil'), []);
});

test('language of the page is the language of what is told', async () => {
  const { page } = client;
  await page.goto(`${server.url}/account/`);
  const posted = page.waitForResponse((answer) => answer.url().endsWith('/api/push/subscribe/'));
  await page.getByRole('button', { name: 'नेपाली' }).click();
  assert.equal((await posted).status(), 201);
  await page.goto('about:blank');
  await say(owner.page, 'And one more thing');
  const told = JSON.parse(keys.decrypt((await service.message(1)).body));
  assert.deepEqual([told.lang, told.body], ['ne', `${title} बारे नयाँ सन्देश`]);
  await page.goto(`${server.url}/account/`);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('until you log out here').waitFor();
});

test('logging out ends it on this device, and nothing told stays behind', async () => {
  const { page } = client;
  assert.ok((await shown(page)).length > 0);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('link', { name: 'Log in' }).waitFor();
  // The worker closes them beside the log-out.
  await page.waitForFunction(async () => (await (await navigator.serviceWorker.ready).getNotifications()).length === 0);
  await logIn(page, server, phoneNumber, password);
  await page.goto(`${server.url}/chats/`);
  await page.getByText('It shows who wrote and about which room').waitFor();
  assert.equal(await theSwitch(page).getAttribute('aria-checked'), 'false');
});

test('switch turns off again', async () => {
  const { page } = client;
  await theSwitch(page).click();
  await page.getByText('until you log out here').waitFor();
  const ended = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
  await theSwitch(page).click();
  assert.equal((await ended).status(), 204);
  await page.getByText('It shows who wrote and about which room').waitFor();
  await page.reload();
  await page.getByText('It shows who wrote and about which room').waitFor();
});

test('permission is asked for at the first turn only, and what the person answers is what the switch shows', async () => {
  const { page, context } = client;
  const { targetInfo: { browserContextId } } = await (await context.newCDPSession(page)).send('Target.getTargetInfo');
  const devtools = await browser.newBrowserCDPSession();
  const answer = (setting) => devtools.send('Browser.setPermission', { permission: { name: 'notifications' }, setting, origin: server.url, browserContextId });
  const permission = () => page.evaluate(async () => (await navigator.permissions.query({ name: 'notifications' })).state);
  await answer('prompt');
  await page.goto(`${server.url}/chats/`);
  await page.getByText('It shows who wrote and about which room').waitFor();
  assert.equal(await permission(), 'prompt', 'nobody is asked unasked');
  await answer('denied');
  await theSwitch(page).click();
  await page.getByText('This browser blocks notifications from Kotha').waitFor();
  assert.equal(await theSwitch(page).isDisabled(), true);
  await answer('granted');
  await page.reload();
  await page.getByText('It shows who wrote and about which room').waitFor();
  await theSwitch(page).click();
  await page.getByText('until you log out here').waitFor();
  // Taken back in the browser's settings.
  await answer('denied');
  await page.reload();
  await page.getByText('This browser blocks notifications from Kotha').waitFor();
});

test('browser that blocks or can’t says what to do', async () => {
  const blocked = await person(browser);
  await blocked.context.addInitScript(() => Object.defineProperty(Notification, 'permission', { value: 'denied' }));
  await logIn(blocked.page, server, phoneNumber, password);
  await blocked.page.goto(`${server.url}/chats/`);
  await blocked.page.getByText('This browser blocks notifications from Kotha').waitFor();
  assert.equal(await theSwitch(blocked.page).isDisabled(), true);
  const old = await person(browser);
  await old.context.addInitScript(() => { delete window.PushManager; });
  await logIn(old.page, server, phoneNumber, password);
  await old.page.goto(`${server.url}/account/`);
  await old.page.getByText('On an iPhone, add Kotha to the home screen first').waitFor();
  assert.equal(await theSwitch(old.page).isDisabled(), true);
  const scriptless = await person(browser, { javaScriptEnabled: false });
  await logIn(scriptless.page, server, phoneNumber, password);
  await scriptless.page.goto(`${server.url}/chats/`);
  assert.equal(await theSwitch(scriptless.page).isVisible(), false);
});

test('nobody had anything to complain about', () => {
  for (const who of [owner, client]) who.calm();
});
