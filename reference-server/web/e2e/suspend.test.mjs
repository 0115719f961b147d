// An administrator reads a report, suspends who it is about and the room, and lets both in again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { bubble, findRoom, listRoom, logIn, password, payAtEsewa, register, say, startPayment } from './support/steps.mjs';

const title = 'Sunny room near Shankhamul park';
const words = 'Send me 5,000 first, then I show you the room.';
let server, browser, owner, client, admin, roomPath;

before(async () => {
  [server, browser] = await Promise.all([startServer({ KOTHA_DEMO: 'true' }), launch()]);
  [owner, client] = await Promise.all([person(browser), person(browser)]);
  admin = await person(browser, { javaScriptEnabled: false });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function act(page, button, reason) {
  await page.getByLabel('Why').fill(reason);
  await page.getByRole('button', { name: button, exact: true }).click();
}

test('a client reports what an owner wrote', async () => {
  await register(owner.page, server, { role: 'owner', name: 'Hari Bahadur', phone: '9841000051' });
  roomPath = await listRoom(owner.page, server, title);
  await register(client.page, server, { role: 'client', name: 'Sita Sharma', phone: '9841000052' });
  await findRoom(client.page, server, 'shankhamul', title);
  await startPayment(client.page);
  await payAtEsewa(client.page);
  await client.page.getByRole('link', { name: 'Chat with the owner' }).click();
  await owner.page.goto(`${server.url}/chats/`);
  await owner.page.getByRole('link', { name: /Sita Sharma/ }).click();
  await say(client.page, 'Namaste! When can I see the room?');
  await bubble(owner.page, 'Namaste! When can I see the room?').waitFor();
  await say(owner.page, words);
  await bubble(client.page, words).waitFor();
  const room = roomPath.split('/')[2];
  const history = await (await client.page.request.get(`${server.url}/api/messages/?room_id=${room}`)).json();
  const { id } = history.messages.find(({ content }) => content === words);
  const data = { room_id: room, message_id: id, reason: 'Wants money before I have seen anything.' };
  const answer = await client.page.request.post(`${server.url}/api/conversations/report/`, { data });
  assert.equal(answer.status(), 204);
});

test('a browser of nobody is asked to log in, and comes back', async () => {
  const { page } = admin;
  await page.goto(`${server.url}/admin/reports/`);
  await page.getByLabel('Mobile number').fill('9800000009');
  await page.getByLabel('Password').fill('kotha-demo');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor();
  await look(page, 'admin-reports');
});

test('the report shows the words that it is about, and is upheld', async () => {
  const { page } = admin;
  await page.getByRole('link', { name: /Sita Sharma about Hari Bahadur/ }).click();
  await page.getByText(words).waitFor();
  await look(page, 'admin-report');
  await page.getByLabel(/^Uphold/).check();
  await page.getByLabel('Why, and what was done').fill('Suspended.');
  await page.getByRole('button', { name: 'Write down the verdict' }).click();
  await page.getByText('Your verdict is written down.').waitFor();
  await look(page, 'admin-report-decided');
});

test('a suspended owner is out at once, with the open chat and the room', async () => {
  const { page } = admin;
  await page.getByRole('link', { name: 'People', exact: true }).click();
  await page.getByLabel('Phone or name').fill('hari');
  await page.getByRole('button', { name: 'Find' }).click();
  await look(page, 'admin-people');
  await page.getByRole('link', { name: /Hari Bahadur/ }).click();
  await look(page, 'admin-person');
  owner.expect(/WebSocket|401|403/);
  await act(page, 'Suspend', 'Asks for money before a visit.');
  await page.getByText('Suspended, and written down in the log.').waitFor();
  await look(page, 'admin-person-suspended');
  await owner.page.getByText('You were logged out. Please log in again.').waitFor();
  await owner.page.goto(`${server.url}/login/`);
  await owner.page.getByLabel('Mobile number').fill('9841000051');
  await owner.page.getByLabel('Password').fill(password);
  await owner.page.getByRole('button', { name: 'Log in' }).click();
  await owner.page.getByText('This account is suspended.').waitFor();
  await look(owner.page, 'login-suspended', { nepali: false });
  const visitor = await person(browser);
  visitor.expect(/404/);
  assert.equal((await visitor.page.goto(`${server.url}${roomPath}`)).status(), 404);
  assert.equal((await client.page.goto(`${server.url}${roomPath}`)).status(), 200);
  await client.page.getByText('Open for you').waitFor();
});

test('lifted, the owner is back and the room is listed', async () => {
  const { page } = admin;
  await act(page, 'Lift it', 'Talked on the phone.');
  await page.getByText('Lifted, and written down in the log.').waitFor();
  await logIn(owner.page, server, '9841000051');
  await page.getByRole('link', { name: 'Rooms', exact: true }).last().click();
  await page.getByRole('heading', { name: 'Rooms', level: 1 }).waitFor();
  await look(page, 'admin-rooms');
  await page.getByRole('link', { name: new RegExp(title) }).click();
  await act(page, 'Suspend', 'The photos are of another house.');
  await page.getByText('Suspended, and written down in the log.').waitFor();
  await look(page, 'admin-room-suspended');
  await owner.page.goto(`${server.url}/my-rooms/`);
  await owner.page.getByText('Nobody finds this room').waitFor();
  await look(owner.page, 'my-rooms-suspended');
  await act(page, 'Lift it', 'New photos.');
  await page.getByText('Lifted, and written down in the log.').waitFor();
});

test('the log has each act with its reason', async () => {
  const { page } = admin;
  await page.getByRole('link', { name: 'Log of acts' }).click();
  for (const reason of ['New photos.', 'Talked on the phone.', 'Asks for money before a visit.', 'Suspended.']) {
    await page.getByText(reason, { exact: true }).first().waitFor();
  }
  await look(page, 'admin-acts-all');
  await page.getByLabel('Act', { exact: true }).selectOption({ label: 'Read a report' });
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('heading', { name: 'Acts that match' }).waitFor();
  assert.equal(await page.getByText('New photos.').count(), 0);
});

test('nobody had anything to complain about', () => {
  for (const who of [owner, client, admin]) who.calm();
});
