// What a client and an owner have here: unlocked rooms, payments with receipts, chats, earnings.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { bubble, findRoom, listRoom, payAtEsewa, register, say, startPayment } from './support/steps.mjs';

const titles = ['Sunny room near Shankhamul park', 'Two rooms behind the Boudha stupa'];
let server, browser, owner, client, second;

before(async () => {
  [server, browser] = await Promise.all([startServer({ KOTHA_DEMO: 'true' }), launch()]);
  [owner, client] = await Promise.all([person(browser), person(browser)]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('an overview with nothing in it says what will be there', async () => {
  await register(owner.page, server, { role: 'owner', name: 'Hari Bahadur', phone: '9841000061' });
  await register(client.page, server, { role: 'client', name: 'Sita Sharma', phone: '9841000062' });
  for (const [who, name] of [[owner, 'owner'], [client, 'client']]) {
    await who.page.getByRole('link', { name: 'Overview' }).click();
    await who.page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await look(who.page, `my-${name}-empty`);
  }
});

test('a client finds rooms, payments and unread chats', async () => {
  for (const title of titles) {
    await listRoom(owner.page, server, title);
    await findRoom(client.page, server, title.split(' ')[0].toLowerCase(), title);
    await startPayment(client.page);
    second = new URL(client.page.url()).pathname.split('/')[2];
    await payAtEsewa(client.page);
    await client.page.getByText('Payment received. This room is open for you.').waitFor();
  }
  await owner.page.goto(`${server.url}/chats/`);
  await owner.page.getByRole('link', { name: /Sita Sharma/ }).first().click();
  await say(owner.page, 'Namaste! Come by any evening after five.');
  await bubble(owner.page, 'Namaste! Come by any evening after five.').waitFor();
  await client.page.getByRole('link', { name: 'Overview' }).click();
  await client.page.getByRole('heading', { name: 'Unlocked rooms' }).waitFor();
  await client.page.getByRole('link', { name: /^Chat.*1 unread$/ }).first().waitFor();
  await look(client.page, 'my-client');
});

test('list is swapped where it changed only, and the focus stays', async () => {
  const { page } = client;
  const sockets = [];
  await page.routeWebSocket(/\/ws\/payment\//, (route) => { sockets.push(route); });
  await page.goto(`${server.url}/chats/`);
  const rows = page.getByRole('main').getByRole('listitem');
  await rows.nth(1).getByRole('link').focus();
  await rows.nth(1).evaluate((row) => { row.mine = true; });
  const unread = async (total) => {
    const asked = page.waitForResponse(`${server.url}/chats/`);
    sockets[0].send(JSON.stringify({ type: 'unread', total }));
    await (await asked).finished();
  };
  await unread(1);
  let said = false;
  // What comes while the page is asked for is not lost.
  await page.route('**/chats/', async (route) => {
    const answer = await route.fetch();
    if (!said) {
      said = true;
      await say(owner.page, 'The gate is the blue one.');
      await bubble(owner.page, 'The gate is the blue one.').waitFor();
      sockets[0].send(JSON.stringify({ type: 'unread', total: 2 }));
    }
    await route.fulfill({ response: answer });
  });
  assert.equal(await rows.nth(1).evaluate((row) => row.mine), true, 'nothing changed, so nothing was swapped');
  const focused = await page.evaluate(() => document.activeElement.getAttribute('href'));
  await unread(1);
  await page.getByText('The gate is the blue one.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), focused);
  await page.unrouteAll();
});

test('a payment has a receipt, which tells of its refund', async () => {
  const { page } = client;
  await page.goto(`${server.url}/my/`);
  await page.getByRole('link', { name: /Two rooms.*Rs\. 30\.00.*Paid/ }).click();
  await page.getByRole('heading', { name: 'Receipt' }).waitFor();
  await page.getByRole('button', { name: 'Print' }).waitFor();
  await look(page, 'receipt');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('navigation').count(), 0, 'nothing to press is printed');
  await page.emulateMedia({ media: 'screen' });
  const answer = await fetch(`${server.sandbox}/_sandbox/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ transaction_uuid: second, outcome: 'full_refund' }),
  });
  assert.equal(answer.status, 200, await answer.text());
  await page.request.get(`${server.url}/esewa-failure/?transaction_id=${second}`, { headers: { accept: 'application/json' } });
  await page.reload();
  await page.getByText('given back as a whole').waitFor();
  await look(page, 'receipt-refunded');
  await page.goto(`${server.url}/my/payments/`);
  await look(page, 'my-payments');
});

test('an owner sees what was earned, and what went back', async () => {
  const { page } = owner;
  await page.goto(`${server.url}/my/`);
  await page.getByRole('img', { name: /Rs\. 60\.00 paid, Rs\. 30\.00 given back/ }).waitFor();
  await look(page, 'my-owner');
  await page.getByRole('link', { name: 'By day' }).click();
  await page.getByRole('heading', { name: 'Earnings' }).waitFor();
  await page.getByText('Show the numbers').click();
  assert.equal(await page.getByRole('row').count(), 31, 'thirty days under their names');
  await look(page, 'my-earnings');
});

test('nobody had anything to complain about', () => {
  for (const who of [owner, client]) who.calm();
});
