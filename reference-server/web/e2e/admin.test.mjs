// The way of an administrator: find a payment, read its trail, record a refund, and see it close a room and its chat.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { bubble, findRoom, listRoom, logIn, payAtEsewa, register, say, startPayment } from './support/steps.mjs';

const title = 'Sunny room near Shankhamul park';
let server, browser, owner, client, admin, transaction;

before(async () => {
  [server, browser] = await Promise.all([startServer({ KOTHA_DEMO: 'true' }), launch()]);
  [owner, client] = await Promise.all([person(browser), person(browser)]);
  // An administrator may have a browser without scripts.
  admin = await person(browser, { javaScriptEnabled: false });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a client pays and chats', async () => {
  await register(owner.page, server, { role: 'owner', name: 'Hari Bahadur', phone: '9841000041' });
  await listRoom(owner.page, server, title);
  await register(client.page, server, { role: 'client', name: 'Sita Sharma', phone: '9841000042' });
  await findRoom(client.page, server, 'shankhamul', title);
  await startPayment(client.page);
  transaction = new URL(client.page.url()).pathname.split('/')[2];
  await payAtEsewa(client.page);
  await client.page.getByText('Payment received. This room is open for you.').waitFor();
  await client.page.getByRole('link', { name: 'Chat with the owner' }).click();
  await say(client.page, 'Namaste!');
  await bubble(client.page, 'Namaste!').waitFor();
});

test('administrator finds the payment and reads its trail', async () => {
  const { page } = admin;
  await logIn(page, server, '9800000009', 'kotha-demo');
  await page.getByRole('link', { name: 'Admin' }).click();
  await page.getByRole('heading', { name: 'Figures of the day' }).waitFor();
  await look(page, 'admin-figures');
  await page.getByRole('link', { name: 'Payments', exact: true }).click();
  await page.getByRole('heading', { name: 'Payments', level: 1 }).waitFor();
  await page.getByLabel('Phone, room or transaction').fill('9841000042');
  await page.getByRole('button', { name: 'Find' }).click();
  await look(page, 'admin-payments');
  await page.getByRole('link', { name: /Sita Sharma/ }).click();
  await page.getByText('The payer came back').first().waitFor();
  await page.getByText('Open, by this payment').waitFor();
  await look(page, 'admin-payment');
});

test('a refund that eSewa confirms closes the room and the open chat', async () => {
  const { page } = admin;
  const refund = () => page.getByRole('button', { name: 'Record the refund' });
  await page.getByLabel('Why').fill('The room was let already.');
  await refund().click();
  await page.getByText('eSewa does not show it yet').waitFor();
  const answer = await fetch(`${server.sandbox}/_sandbox/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ transaction_uuid: transaction, outcome: 'full_refund' }),
  });
  assert.equal(answer.status, 200, await answer.text());
  client.expect(/WebSocket|402|Payment Required/);
  await page.getByLabel('Why').fill('The room was let already.');
  await refund().click();
  await page.getByText('eSewa confirms the refund. This payment opens nothing any more.').waitFor();
  await look(page, 'admin-payment-refunded');
  await client.page.getByText('This chat is closed for you now.').waitFor();
  const chat = await client.page.goto(client.page.url());
  assert.equal(chat.status(), 402);
});

test('the log has what was done, by whom and why', async () => {
  const { page } = admin;
  await page.getByRole('link', { name: 'Log of acts' }).click();
  await page.getByText('Rs. 30.00: The room was let already.').first().waitFor();
  await look(page, 'admin-acts');
});

test('there is no such page for anybody else', async () => {
  client.expect(/404/);
  const answer = await client.page.goto(`${server.url}/admin/payments/`);
  assert.equal(answer.status(), 404);
  assert.equal(await client.page.getByRole('link', { name: 'Admin' }).count(), 0);
});

test('nobody had anything to complain about', () => {
  for (const who of [owner, client, admin]) who.calm();
});
