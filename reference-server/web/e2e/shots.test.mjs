// Every page at both widths, light and dark, into a folder for people to look at; and each of them fits a phone.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { desktop, fits, launch, person, phone } from './support/browser.mjs';
import { startServer } from './support/server.mjs';
import { bubble, findRoom, listRoom, logIn, payAtEsewa, register, say, startPayment } from './support/steps.mjs';

const folder = process.env.ARTEFACTS ?? fileURLToPath(new URL('../artefacts', import.meta.url));
const title = 'Sunny room near Shankhamul park';
let server, browser, owner, client, roomPath;

async function shoot(page, name) {
  for (const [width, viewport] of [['phone', phone], ['desktop', desktop]]) {
    await page.setViewportSize(viewport);
    if (width === 'phone') await fits(page);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(phone);
}

before(async () => {
  mkdirSync(folder, { recursive: true });
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
  await shoot(page, 'rooms-visitor');
  await page.goto(`${server.url}/?q=castle&city=Humla`);
  await shoot(page, 'rooms-empty');
  client.expect(/400/);
  await page.goto(`${server.url}/?min_rent=cheap`);
  await shoot(page, 'rooms-refused');
  await page.goto(`${server.url}/login/`);
  await shoot(page, 'login');
  await page.goto(`${server.url}/register/`);
  await shoot(page, 'register');
  client.expect(/404/);
  await page.goto(`${server.url}/nothing/here/`);
  await shoot(page, 'not-found');
});

test('pages of an owner', async () => {
  const { page } = owner;
  await register(page, server, { role: 'owner', name: 'Hari Bahadur', phone: '9841000031' });
  await page.goto(`${server.url}/chats/`);
  await shoot(page, 'chats-empty-owner');
  await page.goto(`${server.url}/rooms/new/`);
  await shoot(page, 'room-new');
  roomPath = await listRoom(page, server, title);
  await shoot(page, 'room-owner');
  await page.goto(`${server.url}/my-rooms/`);
  await shoot(page, 'my-rooms');
  await page.goto(`${server.url}${roomPath}edit/`);
  for (const locked of [false, true]) {
    await page.goto(`${server.url}/`);
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
  await shoot(page, 'room-edit');
});

test('pages of a client on the way to a room', async () => {
  const { page } = client;
  await page.goto(`${server.url}${roomPath}`);
  await shoot(page, 'room-visitor');
  await register(page, server, { role: 'client', name: 'Sita Sharma', phone: '9841000032' });
  await page.goto(`${server.url}/chats/`);
  await shoot(page, 'chats-empty');
  await findRoom(page, server, 'shankhamul', title);
  await shoot(page, 'room-locked');
  await startPayment(page);
  await page.getByText('Waiting for your payment.').waitFor();
  await shoot(page, 'payment');
  const phonePage = (await person(browser)).page;
  await phonePage.goto(await page.getByRole('link', { name: /phone’s page/ }).getAttribute('href'));
  await shoot(phonePage, 'pay');
  await payAtEsewa(page);
  await page.getByText('Payment received. This room is open for you.').waitFor();
  await shoot(page, 'room-success');
  await page.goto(`${server.url}${roomPath}`);
  await shoot(page, 'room-unlocked');
  await phonePage.reload();
  await shoot(phonePage, 'pay-paid');
  await phonePage.goto(`${server.url}${roomPath}?payment=success`);
  await shoot(phonePage, 'paid-elsewhere');
});

test('pages of a conversation', async () => {
  const chatUrl = `${server.url}${roomPath}chat/`;
  await client.page.goto(chatUrl);
  await shoot(client.page, 'chat-empty');
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
  await shoot(client.page, 'chat');
  await shoot(owner.page, 'chat-owner');
  await client.page.goto(`${server.url}/`);
  await say(owner.page, 'I also have a table and a bed that can stay.');
  await bubble(owner.page, 'I also have a table and a bed that can stay.').waitFor();
  await client.page.goto(`${server.url}/chats/`);
  await shoot(client.page, 'chats');
  await client.page.goto(`${server.url}/`);
  await shoot(client.page, 'rooms-client');
});

test('pages of a payment that is not decided', async () => {
  const { page } = await person(browser);
  await logIn(page, server, '9800000003', 'kotha-demo');
  await findRoom(page, server, 'shankhamul', title);
  await startPayment(page);
  const paymentUrl = page.url();
  await payAtEsewa(page, 'Leave it pending');
  await page.getByRole('heading', { name: 'Your payment is being checked' }).waitFor();
  await shoot(page, 'room-checking');
  await page.goto(paymentUrl);
  await shoot(page, 'payment-checking');
});

test('pages in Nepali', async () => {
  const { context, page } = client;
  await context.addCookies([{ name: 'lang', value: 'ne', url: server.url }]);
  await page.goto(`${server.url}/`);
  await shoot(page, 'ne-rooms');
  await page.goto(`${server.url}${roomPath}`);
  await shoot(page, 'ne-room-unlocked');
  await page.goto(`${server.url}${roomPath}chat/`);
  await page.getByText('अनलाइन').or(page.getByText('आज')).first().waitFor();
  await shoot(page, 'ne-chat');
  const visitor = (await person(browser, { locale: 'ne-NP' })).page;
  await visitor.goto(`${server.url}${roomPath}`);
  await shoot(visitor, 'ne-room-visitor');
  await visitor.goto(`${server.url}/register/`);
  await shoot(visitor, 'ne-register');
});
