// The ends of a payment that are not an open room, on every page that tells of them; and the pages that say no.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { listRoom, logIn, payAtEsewa, register, startPayment } from './support/steps.mjs';

const titles = { gone: 'Room that is taken down', kept: 'Room with a blue gate', review: 'Room behind the stupa' };
const rooms = {};
let server, browser, owner, client, other, phone;

// Where the page is after the start of a payment, and where its code leads.
async function start(page, room) {
  await page.goto(`${server.url}${room}`);
  await startPayment(page);
  const url = page.url();
  return { url, id: new URL(url).pathname.split('/')[2], code: await page.getByRole('link', { name: /phone’s page/ }).getAttribute('href') };
}

// Acts for the payer at eSewa.
async function end(id, outcome) {
  const answer = await fetch(`${server.sandbox}/_sandbox/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ transaction_uuid: id, outcome }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

// What eSewa's page leads to; it has our server ask.
const comeBack = (who, id) => who.page.goto(`${server.url}/esewa-failure/?transaction_id=${id}`);

before(async () => {
  [server, browser] = await Promise.all([startServer({ KOTHA_DEMO: 'true', KOTHA_RATE_LIMITS: 'off' }), launch()]);
  [owner, client, other, phone] = await Promise.all([1, 2, 3, 4].map(() => person(browser)));
  await register(owner.page, server, { role: 'owner', name: 'Maya Rai', phone: '9841000081' });
  for (const [name, title] of Object.entries(titles)) rooms[name] = await listRoom(owner.page, server, title);
  await register(client.page, server, { role: 'client', name: 'Nima Sherpa', phone: '9841000082' });
  await register(other.page, server, { role: 'client', name: 'Puja Shahi', phone: '9841000083' });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('payment for a room that was taken down can’t be paid any more', async () => {
  const payment = await start(client.page, rooms.gone);
  await owner.page.goto(`${server.url}/my-rooms/`);
  const line = owner.page.getByRole('listitem').filter({ hasText: titles.gone });
  await line.getByText('Take down', { exact: true }).click();
  await line.getByRole('button', { name: 'Take it down' }).click();
  await owner.page.getByText('The room is taken down.').waitFor();
  await client.page.goto(payment.url);
  await client.page.getByRole('heading', { name: 'The time for this payment is over' }).waitFor();
  await look(client.page, 'payment-expired');
  await phone.page.goto(payment.code);
  await look(phone.page, 'pay-closed');
});

test('payment that was cancelled on a phone is told on both', async () => {
  const payment = await start(client.page, rooms.kept);
  await phone.page.goto(payment.code);
  await phone.page.getByRole('button', { name: /with eSewa$/ }).click();
  await end(payment.id, 'cancel');
  await comeBack(phone, payment.id);
  await phone.page.getByRole('heading', { name: 'The payment was not made' }).waitFor();
  await look(phone.page, 'elsewhere-not-paid');
  await client.page.getByText('The payment was not made.').waitFor();
  await client.page.goto(payment.url);
  await client.page.getByRole('heading', { name: 'This payment is over' }).waitFor();
  await look(client.page, 'payment-closed');
  await comeBack(other, payment.id);
  await other.page.getByText('You can start again there.').waitFor();
  await look(other.page, 'room-elsewhere-not-paid');
});

test('phone with another account is never asked to pay a second time', async () => {
  const payment = await start(client.page, rooms.kept);
  await other.page.goto(payment.code);
  await payAtEsewa(other.page, 'Leave it pending');
  await other.page.getByText('Payment is being checked').waitFor();
  assert.equal(await other.page.getByRole('button', { name: /Unlock/ }).count(), 0);
  await look(other.page, 'room-elsewhere-checking');
  await phone.page.goto(payment.code);
  await phone.page.getByRole('heading', { name: 'This payment is being checked' }).waitFor();
  await look(phone.page, 'pay-checking');
  await end(payment.id, 'complete');
  await comeBack(other, payment.id);
  await other.page.getByText('That payment did not open this room for you.').waitFor();
  await look(other.page, 'room-elsewhere');
  await end(payment.id, 'full_refund');
  await comeBack(client, payment.id);
  await client.page.getByText('This payment was given back').waitFor();
  assert.equal(await client.page.getByText('was not made').count(), 0);
  await look(client.page, 'room-refunded');
  await client.page.goto(payment.url);
  await look(client.page, 'payment-refunded');
  await comeBack(phone, payment.id);
  await phone.page.getByRole('heading', { name: 'This payment was given back' }).waitFor();
  await look(phone.page, 'elsewhere-refunded');
  await phone.page.goto(payment.code);
  await look(phone.page, 'pay-refunded');
});

test('payment in review is decided by a form', async () => {
  const payment = await start(client.page, rooms.review);
  await payAtEsewa(client.page);
  await client.page.getByText('Payment received. This room is open for you.').waitFor();
  await end(payment.id, 'partial_refund');
  await comeBack(client, payment.id);
  const { page } = await person(browser);
  await logIn(page, server, '9800000009', 'kotha-demo');
  await page.goto(`${server.url}/admin/payments/${payment.id}/`);
  await page.getByRole('heading', { name: 'Decide the review' }).waitFor();
  await look(page, 'admin-payment-review');
});

test('pages that say no say it to everybody', async () => {
  const { page } = client;
  client.expect(/answer 40[0-9]|status of 40[0-9]/);
  for (const [path, status] of [
    ['/esewa-success/?data=x', 400],
    [`${rooms.kept}chat/`, 402],
    ['/my-rooms/', 403],
    ['/api/login/', 405],
  ]) {
    const answer = await page.goto(`${server.url}${path}`);
    assert.equal(answer.status(), status, path);
    await look(page, `problem-${status}`);
  }
  phone.expect(/answer 401|status of 401/);
  await phone.page.goto(`${server.url}/api/me/`);
  await look(phone.page, 'problem-401');
});

test('nobody had anything to complain about', () => {
  for (const who of [owner, client, other, phone]) who.calm();
});
