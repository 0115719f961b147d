// Every page in every state: into a folder for people to look at, and past axe-core. Each of them fits a phone.
import { after, before, test } from 'node:test';
import { launch, person } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { startServer } from './support/server.mjs';
import { bubble, findRoom, listRoom, logIn, payAtEsewa, register, say, startPayment } from './support/steps.mjs';

const title = 'Sunny room near Shankhamul park';
let server, browser, owner, client, roomPath;

before(async () => {
  [server, browser] = await Promise.all([startServer({ KOTHA_DEMO: 'true' }), launch()]);
  [owner, client] = await Promise.all([person(browser), person(browser)]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('pages of a visitor', async () => {
  const { page } = client;
  await page.goto(`${server.url}/`);
  await look(page, 'rooms-visitor');
  await page.goto(`${server.url}/?q=castle&city=Humla`);
  await look(page, 'rooms-empty');
  client.expect(/400/);
  await page.goto(`${server.url}/?min_rent=cheap`);
  await look(page, 'rooms-refused');
  await page.goto(`${server.url}/login/`);
  await look(page, 'login');
  client.expect(/401|422/);
  await page.getByLabel('Mobile number').fill('9841000099');
  await page.getByLabel('Password').fill('not-the-password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').waitFor();
  await look(page, 'login-refused', { nepali: false });
  await page.goto(`${server.url}/register/`);
  await look(page, 'register');
  await page.getByLabel('Your name').fill('S');
  await page.getByLabel('Mobile number').fill('12');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await page.getByText('ten digits starting with 9').waitFor();
  await look(page, 'register-refused', { nepali: false });
  await page.goto(`${server.url}/docs/`);
  // As long as the whole API.
  await look(page, 'docs', { fullPage: false });
  client.expect(/404/);
  await page.goto(`${server.url}/nothing/here/`);
  await look(page, 'not-found');
});

test('pages of an owner', async () => {
  const { page } = owner;
  await register(page, server, { role: 'owner', name: 'Hari Bahadur', phone: '9841000031' });
  await page.goto(`${server.url}/chats/`);
  await look(page, 'chats-empty-owner');
  await page.goto(`${server.url}/my-rooms/`);
  await look(page, 'my-rooms-empty');
  await page.goto(`${server.url}/rooms/new/`);
  await look(page, 'room-new');
  owner.expect(/422/);
  for (const label of ['Title', 'Description', 'City', 'Area', 'Full address']) await page.getByLabel(label).fill('Somewhere in Kathmandu');
  await page.getByLabel('Rent for a month').fill('cheap');
  await page.getByLabel('Phone for interested people').fill('12');
  await page.getByRole('button', { name: 'List this room' }).click();
  await page.getByRole('alert').waitFor();
  await look(page, 'room-new-refused', { nepali: false });
  roomPath = await listRoom(page, server, title);
  await look(page, 'room-owner');
  await page.goto(`${server.url}/my-rooms/`);
  await look(page, 'my-rooms');
  await page.goto(`${server.url}${roomPath}edit/`);
  await page.setViewportSize({ width: 800, height: 600 });
  for (const locked of [false, true]) {
    await page.goto(`${server.url}/static/demo/rooms/${locked ? 'kitchen-2' : 'room-5'}.svg`);
    const buffer = await page.screenshot({ type: 'jpeg' });
    await page.goto(`${server.url}${roomPath}edit/`);
    await page.getByLabel('Add a photo').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer });
    if (locked) await page.getByLabel(/^Only for people who have paid/).check();
    await page.getByRole('button', { name: 'Add this photo' }).click();
    await page.getByText('Saved.').waitFor();
  }
  owner.expect(/415/);
  await page.getByLabel('Add a photo').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
  await page.getByRole('button', { name: 'Add this photo' }).click();
  await page.getByText('Send a JPEG, PNG or WebP picture.').waitFor();
  await look(page, 'room-edit-refused', { nepali: false });
  await page.goto(`${server.url}${roomPath}edit/`);
  await look(page, 'room-edit');
});

test('pages of a client on the way to a room', async () => {
  const { page } = client;
  await page.goto(`${server.url}${roomPath}`);
  await look(page, 'room-visitor');
  await register(page, server, { role: 'client', name: 'Sita Sharma', phone: '9841000032' });
  await page.goto(`${server.url}/chats/`);
  await look(page, 'chats-empty');
  await findRoom(page, server, 'shankhamul', title);
  await look(page, 'room-locked');
  await startPayment(page);
  await page.getByText('Waiting for your payment.').waitFor();
  await look(page, 'payment');
  const phonePage = (await person(browser)).page;
  await phonePage.goto(await page.getByRole('link', { name: /phone’s page/ }).getAttribute('href'));
  await look(phonePage, 'pay');
  await payAtEsewa(page);
  await page.getByText('Payment received. This room is open for you.').waitFor();
  await look(page, 'room-success');
  await page.goto(`${server.url}${roomPath}`);
  await look(page, 'room-unlocked');
  await phonePage.reload();
  await look(phonePage, 'pay-paid');
  await phonePage.goto(`${server.url}${roomPath}?payment=success`);
  await look(phonePage, 'paid-elsewhere');
});

test('pages of a conversation', async () => {
  const chatUrl = `${server.url}${roomPath}chat/`;
  await client.page.goto(chatUrl);
  await look(client.page, 'chat-empty');
  await owner.page.goto(`${server.url}/chats/`);
  await owner.page.getByRole('link', { name: /Sita Sharma/ }).click();
  const lines = [
    [client, 'Namaste! I saw your room near Shankhamul. Is it still free?'],
    [owner, 'Namaste Sita ji. Yes, it is free from the first of Mangsir.'],
    [client, 'Is there water every day, and space for a scooter?'],
    [owner, 'Water every day, and the scooter can stand inside the gate. The room gets sun until three.'],
    [client, 'Can I come on Saturday around 11?'],
    [owner, 'Saturday is good. Call me when you are at the park, I will come down.'],
    [client, 'हुन्छ, धन्यवाद!'],
  ];
  for (const [who, text] of lines) {
    await say(who.page, text);
    await bubble(owner.page, text).waitFor();
    await bubble(client.page, text).waitFor();
  }
  await look(client.page, 'chat');
  await look(owner.page, 'chat-owner');
  await client.page.goto(`${server.url}/`);
  await say(owner.page, 'I also have a table and a bed that can stay.');
  await bubble(owner.page, 'I also have a table and a bed that can stay.').waitFor();
  await client.page.goto(`${server.url}/chats/`);
  await look(client.page, 'chats');
  await client.page.goto(`${server.url}/`);
  await look(client.page, 'rooms-client');
});

test('pages of an account', async () => {
  const { page } = client;
  await page.goto(`${server.url}/account/`);
  await look(page, 'account');
  client.expect(/422|401/);
  await page.getByLabel('Password until now').fill('not-the-password');
  await page.getByLabel('New password').fill('another-good-password');
  await page.getByRole('button', { name: 'Change it' }).click();
  await page.getByText('is not right.').waitFor();
  await look(page, 'account-refused', { nepali: false });
});

test('pages of a payment that is not decided', async () => {
  const { page } = await person(browser);
  await logIn(page, server, '9800000003', 'kotha-demo');
  await findRoom(page, server, 'shankhamul', title);
  await startPayment(page);
  const paymentUrl = page.url();
  await payAtEsewa(page, 'Leave it pending');
  await page.getByRole('heading', { name: 'Your payment is being checked' }).waitFor();
  await look(page, 'room-checking');
  await page.goto(paymentUrl);
  await look(page, 'payment-checking');
});
