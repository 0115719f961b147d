// Lighthouse, as for a phone on a slow network: home, a room with real photos, and a chat with its session. The network and
// the phone are simulated from what was measured, so that the machine's own speed matters little; of a few looks, each
// with nothing kept but the session, the best counts.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';
import { launchOptions, person } from '../e2e/support/browser.mjs';
import { freePort, startServer } from '../e2e/support/server.mjs';
import { bubble, listRoom, logIn, payAtEsewa, photo, register, say, startPayment } from '../e2e/support/steps.mjs';

const scoreMin = 0.95;
const looksMax = 5;
const categories = ['performance', 'accessibility', 'best-practices', 'seo'];
const folder = process.env.ARTEFACTS ?? fileURLToPath(new URL('../artefacts', import.meta.url));
let server, context, port, profile, roomUrl;

before(async () => {
  mkdirSync(folder, { recursive: true });
  profile = mkdtempSync(join(tmpdir(), 'kotha-lighthouse-'));
  [server, port] = await Promise.all([startServer({ KOTHA_DEMO: 'true' }), freePort()]);
  const options = launchOptions();
  // Lighthouse opens pages of its own, so the session must be the browser's.
  context = await chromium.launchPersistentContext(profile, {
    ...options, args: [...options.args, `--remote-debugging-port=${port}`], locale: 'en-GB',
  });
  const page = await context.newPage();
  await logIn(page, server, '9800000003', 'kotha-demo');
  roomUrl = `${server.url}${await roomWithPhotos()}`;
});

// As an owner lists one, with photos from a phone: the first of them is what the page is waited for.
async function roomWithPhotos() {
  const browser = await chromium.launch(launchOptions());
  const { page } = await person(browser);
  await register(page, server, { role: 'owner', name: 'Hari Bahadur', phone: '9841000091' });
  const path = await listRoom(page, server, 'Sunny room in a Newari house');
  for (const [width, height] of [[3_000, 2_250], [2_250, 3_000]]) {
    await page.goto(`${server.url}${path}edit/`);
    await page.getByLabel('Add a photo').setInputFiles(await photo(page, width, height));
    await page.getByRole('button', { name: 'Add this photo' }).click();
    await page.getByText('Saved.').waitFor();
  }
  await browser.close();
  return path;
}

after(async () => {
  await context?.close();
  await server?.stop();
  rmSync(profile, { recursive: true, force: true });
});

test('home', () => good('home', `${server.url}/`));

test('a room', () => good('room', roomUrl));

test('a chat', async () => {
  const page = await context.newPage();
  await page.goto(roomUrl);
  await startPayment(page);
  await payAtEsewa(page);
  await page.getByRole('link', { name: 'Chat with the owner' }).click();
  for (const line of ['Namaste! Is the room still free?', 'Can I come on Saturday around 11?']) {
    await say(page, line);
    await bubble(page, line).waitFor();
  }
  const url = page.url();
  await page.close();
  await good('chat', url);
});

async function good(name, url) {
  let left = [];
  for (let looks = 0; looks < looksMax; looks += 1) {
    const { lhr, report } = await lighthouse(url, {
      port, output: 'html', logLevel: 'error', onlyCategories: categories,
    });
    writeFileSync(join(folder, `lighthouse-${name}.html`), report);
    assert.equal(lhr.runtimeError, undefined, lhr.runtimeError?.message);
    assert.equal(lhr.finalDisplayedUrl, url, 'not led elsewhere');
    const scores = Object.values(lhr.categories).map(({ id, score }) => `${id} ${Math.round(score * 100)}`);
    console.log(`${name}: ${scores.join(', ')}`);
    left = failures(lhr);
    if (left.length === 0) return;
  }
  assert.fail(`${name}: ${left.join('\n')}`);
}

// The categories below the bound, with what pulls them down.
function failures({ categories: found, audits }) {
  return Object.values(found).filter(({ score }) => !(score >= scoreMin)).map(({ id, score, auditRefs }) => {
    const low = auditRefs.filter(({ id: audit, weight }) => weight > 0 && audits[audit].score !== null && audits[audit].score < 0.9);
    return `${id} ${score}: ${low.map(({ id: audit }) => `${audit} (${audits[audit].displayValue ?? audits[audit].title})`).join(', ')}`;
  });
}
