// The code on the screen: a signed-out phone pays, and the page that showed the code goes on by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desktop, fits, launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { contact, knowsContact, listRoom, payAtEsewa, register, startPayment } from './support/steps.mjs';

const title = 'Two rooms & a kitchen in Patan';
let server, browser, owner, client, phone, roomPath, payUrl;

before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  [owner, client, phone] = await Promise.all([person(browser), person(browser, { viewport: desktop }), person(browser)]);
  await register(owner.page, server, { role: 'owner', name: 'Maya Rai', phone: '9841000011' });
  roomPath = await listRoom(owner.page, server, title);
  await register(client.page, server, { role: 'client', name: 'Bikash Gurung', phone: '9841000012' });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('page shows a code and the address behind it', async () => {
  await client.page.goto(`${server.url}${roomPath}`);
  await startPayment(client.page);
  assert.equal(await client.page.locator('.qr svg').count(), 1);
  payUrl = await client.page.getByRole('link', { name: /phone’s page/ }).getAttribute('href');
  assert.ok(payUrl.startsWith(`${server.url}/pay/`), payUrl);
});

test('phone sees amount and title and nothing else', async () => {
  await phone.page.goto(payUrl);
  await phone.page.getByRole('heading', { name: title }).waitFor();
  const source = await phone.page.content();
  for (const hidden of [contact.phone, contact.address, 'Maya Rai', 'Bikash Gurung', '9841000012']) {
    assert.equal(source.includes(hidden), false, `the phone is told ${hidden}`);
  }
  await fits(phone.page);
});

test('payment on the phone opens the room on the first page, live', async () => {
  await payAtEsewa(phone.page);
  await phone.page.getByRole('heading', { name: 'Payment received' }).waitFor();
  assert.equal(await knowsContact(phone.page), false, 'the phone opens nothing');
  await fits(phone.page);
  await client.page.waitForURL((url) => url.pathname === roomPath);
  await client.page.getByRole('link', { name: contact.phone }).waitFor();
});

test('code that was used says that it was paid', async () => {
  await phone.page.goto(payUrl);
  await phone.page.getByRole('heading', { name: 'Already paid' }).waitFor();
  assert.equal(await phone.page.getByRole('button', { name: /eSewa/ }).count(), 0);
});

test('payment that takes long on the phone leaves no way to pay a second time', async () => {
  const second = await listRoom(owner.page, server, 'Attic in Patan');
  await client.page.goto(`${server.url}${second}`);
  await startPayment(client.page);
  await client.page.getByText('we go on asking').waitFor();
  await phone.page.goto(await client.page.getByRole('link', { name: /phone’s page/ }).getAttribute('href'));
  await payAtEsewa(phone.page, 'Leave it ambiguous');
  await phone.page.getByRole('heading', { name: 'Payment is being checked' }).waitFor();
  await look(phone.page, 'elsewhere-checking');
  await client.page.getByRole('heading', { name: 'Your payment is being checked' }).waitFor();
  assert.equal(await client.page.getByRole('button', { name: /eSewa/ }).count(), 0);
  assert.equal(await client.page.locator('.qr').count(), 0);
});

test('nobody had anything to complain about', () => {
  for (const who of [owner, client, phone]) who.calm();
});
