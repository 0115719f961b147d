// A page as people see it: into a folder of screenshots, at both widths, light and dark; and as a screen reader meets
// it, in both languages.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { desktop, fits, phone, scriptless } from './browser.mjs';

const folder = process.env.ARTEFACTS ?? fileURLToPath(new URL('../../artefacts', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

mkdirSync(folder, { recursive: true });

// Then once more in Nepali, unless `nepali` says that the page has none, or that a reload would not show it again. Each
// name is used once (unit/shots.test.mjs).
export async function look(page, name, { nepali = true, fullPage = true } = {}) {
  const wrong = [];
  for (const [width, viewport] of [['phone', phone], ['desktop', desktop]]) {
    await page.setViewportSize(viewport);
    await fits(page);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage });
      wrong.push(...await violations(page, `${name} ${width} ${colorScheme}`));
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(phone);
  if (nepali) wrong.push(...await inNepali(page, name, fullPage));
  assert.deepEqual(wrong, [], 'accessibility');
}

// Colors and widths were looked at: what differs is the words.
async function inNepali(page, name, fullPage) {
  const cookie = { name: 'lang', url: new URL('/', page.url()).href };
  await page.context().addCookies([{ ...cookie, value: 'ne' }]);
  await page.reload();
  await fits(page);
  await page.screenshot({ path: join(folder, `ne-${name}-phone-light.png`), fullPage });
  const wrong = await violations(page, `${name} in Nepali`);
  await page.context().addCookies([{ ...cookie, value: 'en' }]);
  await page.reload();
  return wrong;
}

// What axe-core finds, a line each. The page's policy lets no foreign script in, so it is evaluated.
export async function violations(page, what) {
  if (scriptless.has(page)) return violationsOfCopy(page, what);
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) => `${what}: ${id} at ${target} ${html.slice(0, 160)} ${failureSummary}`));
}

// A page without scripts can't run axe-core either: what it shows is looked at in a browser that has them.
async function violationsOfCopy(page, what) {
  const context = await page.context().browser().newContext({ viewport: page.viewportSize() });
  const copy = await context.newPage();
  const colorScheme = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  await copy.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await copy.goto(new URL('/healthz', page.url()).href);
  await copy.setContent((await page.content()).replace(/<script[^>]*><\/script>/g, ''), { waitUntil: 'load' });
  const found = await violations(copy, what);
  await context.close();
  return found;
}
