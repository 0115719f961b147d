// Draws the icons that phones want as PNG into ../static/icons, from the one of the pages and the two beside this file:
// the maskable one fills its square, as a phone cuts its own shape out of it; the badge is white on nothing, as a
// status bar colors it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './e2e/support/browser.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = join(here, '../static/icons');
const icons = [
  ['icon-192.png', '../static/icon.svg', 192],
  ['icon-512.png', '../static/icon.svg', 512],
  ['maskable-192.png', 'icons/maskable.svg', 192],
  ['maskable-512.png', 'icons/maskable.svg', 512],
  ['apple-touch-icon.png', 'icons/maskable.svg', 180],
  ['badge-96.png', 'icons/badge.svg', 96],
];

mkdirSync(folder, { recursive: true });
const browser = await launch();
const page = await browser.newPage();
for (const [name, source, side] of icons) {
  const svg = readFileSync(join(here, source)).toString('base64');
  await page.setViewportSize({ width: side, height: side });
  await page.setContent(`<body style="margin:0"><img width="${side}" height="${side}" src="data:image/svg+xml;base64,${svg}">`);
  await page.waitForFunction(() => document.images[0].complete);
  const png = await page.screenshot({ omitBackground: true, type: 'png' });
  writeFileSync(join(folder, name), png);
  console.log(`static/icons/${name}: ${png.length} bytes`);
}
await browser.close();
