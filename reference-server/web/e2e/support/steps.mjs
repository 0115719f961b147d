// What people do, in their own words: by labels and buttons, never by the inside of a page.

export const password = 'a-good-password';
export const contact = { phone: '9812345678', address: 'House 12, Lane 4, near the Ganesh temple' };

export async function register(page, server, { role, name, phone }) {
  await page.goto(`${server.url}/register/`);
  await page.getByLabel(role === 'owner' ? 'let a room' : 'find a room').check();
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Mobile number').fill(phone);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

export async function logIn(page, server, phone, word = password) {
  await page.goto(`${server.url}/login/`);
  await page.getByLabel('Mobile number').fill(phone);
  await page.getByLabel('Password').fill(word);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

// Gives the new room's address.
export async function listRoom(page, server, title) {
  await page.goto(`${server.url}/rooms/new/`);
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Description').fill('South-facing, second floor, water every day.\n\nNo smoking, please.');
  await page.getByLabel('City').fill('Kathmandu');
  await page.getByLabel('Area').fill('New Baneshwor');
  await page.getByLabel('Rent for a month').fill('12500');
  await page.getByLabel('Phone for interested people').fill(contact.phone);
  await page.getByLabel('Full address').fill(contact.address);
  await page.getByRole('button', { name: 'List this room' }).click();
  await page.getByRole('heading', { name: title }).waitFor();
  return new URL(page.url()).pathname;
}

export async function findRoom(page, server, words, title) {
  await page.goto(server.url);
  await page.getByLabel('Words').fill(words);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: title }).click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

// From the locked room to the page with eSewa's button.
export async function startPayment(page) {
  await page.getByRole('button', { name: /^Unlock contact and chat for/ }).click();
  await page.getByRole('heading', { name: 'Unlock this room' }).waitFor();
}

// eSewa's own pages: log in, token; then `way` is what the payer presses last.
export async function payAtEsewa(page, way = /^Pay Rs/) {
  await page.getByRole('button', { name: /with eSewa$/ }).click();
  await page.getByLabel('eSewa ID').fill('9806800001');
  await page.getByLabel('Password or MPIN').fill('Nepal@123');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByLabel('Token').fill('123456');
  await page.getByRole('button', { name: 'Verify' }).click();
  const last = page.getByRole('button', { name: way });
  if (!(await last.isVisible())) await page.getByText('Let it go wrong').click();
  await last.click();
}

// The page must not know the contact: not in sight, and not anywhere in what was sent.
export async function knowsContact(page) {
  const source = await (await page.request.get(page.url(), { headers: { Accept: 'text/html' } })).text();
  const shown = await page.content();
  return [contact.phone, contact.address].some((secret) => source.includes(secret) || shown.includes(secret));
}

export function bubble(page, text) {
  return page.getByRole('log').getByText(text, { exact: true });
}

export async function say(page, text) {
  await page.getByLabel(/^Message to/).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

// A photo of its own: colored, so that a file of it weighs something.
export async function photo(page, width, height) {
  const url = await page.evaluate(([width, height]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const pen = canvas.getContext('2d');
    for (let x = 0; x < width; x += 20) {
      for (let y = 0; y < height; y += 20) {
        pen.fillStyle = `rgb(${(x * 7 + y) % 256} ${(y * 3) % 256} ${(x + y * 5) % 256})`;
        pen.fillRect(x, y, 20, 20);
      }
    }
    return canvas.toDataURL('image/jpeg', 0.9);
  }, [width, height]);
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(url.split(',')[1], 'base64') };
}

export async function attach(page, file) {
  await page.getByLabel('Add a picture').setInputFiles(file);
}
