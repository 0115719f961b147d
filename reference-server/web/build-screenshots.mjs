// The pictures in README, from the screenshots that `npm run e2e` left: phone.png shows three pages side by side, rooms.png
// the list on a desktop.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './e2e/support/browser.mjs';

const artefacts = process.env.ARTEFACTS ?? fileURLToPath(new URL('artefacts', import.meta.url));
const folder = fileURLToPath(new URL('screenshots', import.meta.url));
const source = (name) => `data:image/png;base64,${readFileSync(join(artefacts, `${name}.png`)).toString('base64')}`;

const browser = await launch();
const page = await browser.newPage();
await draw('phone', { width: 842, height: 614 }, ['room-success-phone-light', 'payment-phone-light', 'chat-phone-dark'], `
  body { background: #e9dfd0; display: flex; gap: 11px; padding: 11px; }
  img { width: 266px; height: 592px; border-radius: 11px; }`);
await draw('rooms', { width: 1080, height: 760 }, ['rooms-visitor-desktop-light'], 'img { width: 100%; height: 100%; }');
await browser.close();

async function draw(name, viewport, shots, style) {
  await page.setViewportSize(viewport);
  const images = shots.map((shot) => `<img src="${source(shot)}" alt="">`).join('');
  // Of a page that is longer, what one sees first.
  await page.setContent(`<style>* { box-sizing: border-box; margin: 0; } body { height: 100vh; }
    img { object-fit: cover; object-position: top; display: block; } ${style}</style>${images}`);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
