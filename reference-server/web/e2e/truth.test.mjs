// Ways that do not end in a paid room, and the whole way without JavaScript.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { contact, knowsContact, listRoom, logIn, payAtEsewa, password, register, startPayment } from './support/steps.mjs';

let server, browser, owner, roomPath;

before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  owner = await person(browser);
  await register(owner.page, server, { role: 'owner', name: 'Maya Rai', phone: '9841000021' });
  roomPath = await listRoom(owner.page, server, 'Room with a view of the hills');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('without JavaScript the room is unlocked all the same', async () => {
  const client = await person(browser, { javaScriptEnabled: false });
  const { page } = client;
  await page.goto(`${server.url}${roomPath}`);
  await page.getByRole('link', { name: 'New here? Register' }).click();
  await page.getByLabel('Your name').fill('Gita Lama');
  await page.getByLabel('Mobile number').fill('9841000022');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create my account' }).click();
  assert.equal(new URL(page.url()).pathname, roomPath, 'comes back to the room');
  await startPayment(page);
  await payAtEsewa(page);
  await page.getByText('Payment received. This room is open for you.').waitFor();
  await page.getByRole('link', { name: contact.phone }).waitFor();

  await page.getByRole('link', { name: 'Chat with the owner' }).click();
  await page.getByLabel(/^Message to/).fill('Sent with a plain form.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('log').getByText('Sent with a plain form.').waitFor();
  await page.reload();
  assert.equal(await page.getByRole('log').getByText('Sent with a plain form.').count(), 1);
  client.calm();
});

test('undecided payment is checked, not offered again', async () => {
  const client = await person(browser);
  const { page } = client;
  await register(page, server, { role: 'client', name: 'Nima Sherpa', phone: '9841000023' });
  await page.goto(`${server.url}${roomPath}`);
  await startPayment(page);
  const paymentUrl = page.url();
  await payAtEsewa(page, 'Leave it pending');
  await page.getByRole('heading', { name: 'Your payment is being checked' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /Unlock|eSewa/ }).count(), 0, 'no second pay button');
  assert.equal(await knowsContact(page), false);
  await fits(page);
  await page.goto(paymentUrl);
  assert.equal(await page.getByRole('button', { name: /eSewa/ }).count(), 0, 'no second pay button');
  await fits(page);
  client.calm();
});

test('payment that is being checked opens the room by itself once eSewa says so', async () => {
  const client = await person(browser);
  const { page } = client;
  await register(page, server, { role: 'client', name: 'Kiran Magar', phone: '9841000024' });
  await page.goto(`${server.url}${roomPath}`);
  await startPayment(page);
  const transaction = new URL(page.url()).pathname.split('/')[2];
  await payAtEsewa(page, 'Leave it ambiguous');
  await page.getByRole('heading', { name: 'Your payment is being checked' }).waitFor();
  const answer = await fetch(`${server.sandbox}/_sandbox/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ transaction_uuid: transaction, outcome: 'complete' }),
  });
  assert.equal(answer.status, 200, await answer.text());
  // Nobody comes back from eSewa, and nobody presses anything: the page that is looked at has eSewa asked.
  await page.getByRole('link', { name: contact.phone }).waitFor();
  await page.getByText('Payment received. This room is open for you.').waitFor();
  client.calm();
});

test('payment that was not made says so, and can be tried again', async () => {
  const client = await person(browser);
  const { page } = client;
  await register(page, server, { role: 'client', name: 'Puja Shahi', phone: '9841000025' });
  client.expect(/422/);
  await page.goto(`${server.url}${roomPath}`);
  await startPayment(page);
  await payAtEsewa(page, 'Insufficient balance');
  await page.getByText('Your balance is not sufficient.').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForURL(`${server.url}/**`);
  await page.getByText('The payment was not made.').waitFor();
  assert.equal(await knowsContact(page), false);
  await look(page, 'room-failed');
  await startPayment(page);
  await payAtEsewa(page);
  await page.getByText('Payment received. This room is open for you.').waitFor();
  client.calm();
});

test('form that is refused keeps what was typed and names the field', async () => {
  const page = owner.page;
  owner.expect(/422/);
  await page.goto(`${server.url}/rooms/new/`);
  await page.getByLabel('Title').fill('A room without a sensible rent');
  await page.getByLabel('City').fill('Pokhara');
  await page.getByLabel('Area').fill('Lakeside');
  await page.getByLabel('Description').fill('Quiet.');
  await page.getByLabel('Rent for a month').fill('cheap');
  await page.getByLabel('Phone for interested people').fill('12');
  await page.getByLabel('Full address').fill('Street 1');
  await page.getByRole('button', { name: 'List this room' }).click();
  await page.getByRole('alert').waitFor();
  for (const label of ['Rent for a month', 'Phone for interested people']) {
    assert.equal(await page.getByLabel(label).getAttribute('aria-invalid'), 'true', label);
  }
  assert.equal(await page.getByLabel('Title').inputValue(), 'A room without a sensible rent');
  await fits(page);
});

test('wrong password is refused and log-in never leaves the site', async () => {
  const client = await person(browser);
  const { page } = client;
  client.expect(/401/);
  await page.goto(`${server.url}/login/?next=//evil.example/`);
  await page.getByLabel('Mobile number').fill('9841000021');
  await page.getByLabel('Password').fill('not-the-password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  assert.equal(page.url(), `${server.url}/`);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('link', { name: 'Log in' }).waitFor();
  client.calm();
  await logIn(page, server, '9841000021');
});

test('page that is not there says so with its status', async () => {
  const client = await person(browser);
  client.expect(/404/);
  for (const path of ['/nothing/here/', '/rooms/0190a1b2-0000-7000-8000-000000000000/', '/pay/no-such-payment/']) {
    const answer = await client.page.goto(`${server.url}${path}`);
    assert.equal(answer.status(), 404, path);
    await client.page.getByRole('link', { name: 'To the rooms' }).waitFor();
    await fits(client.page);
  }
  client.calm();
});

test('the switch turns the page into Nepali, and the next ones too', async () => {
  const { page } = await person(browser);
  await page.goto(`${server.url}${roomPath}`);
  await page.getByRole('button', { name: 'नेपाली' }).click();
  await page.getByRole('heading', { name: 'सम्पर्क र कुराकानी' }).waitFor();
  assert.equal(new URL(page.url()).pathname, roomPath, 'stays on the page');
  await page.getByRole('link', { name: 'सबै कोठा' }).click();
  await page.getByRole('heading', { name: 'कोठा खोज्नुहोस्। घरधनीसँगै कुरा गर्नुहोस्।' }).waitFor();
  await fits(page);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Find a room. Talk to its owner.' }).waitFor();
});
