// What the first visit of a cheap phone costs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, person } from './support/browser.mjs';
import { startServer } from './support/server.mjs';

const bytesMax = 60_000;
let server, browser;

before(async () => {
  [server, browser] = await Promise.all([startServer({ KOTHA_DEMO: 'true' }), launch()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('home is below 60 kB as it goes over the network, without its photos', async () => {
  const { context, page } = await person(browser);
  const wire = await context.newCDPSession(page);
  const kinds = new Map();
  let bytes = 0;
  await wire.send('Network.enable');
  wire.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (kinds.get(requestId) !== 'Image') bytes += encodedDataLength;
  });
  await page.goto(server.url, { waitUntil: 'networkidle' });
  assert.ok([...kinds.values()].includes('Stylesheet'), 'the style sheet was counted');
  assert.ok(bytes > 1_000 && bytes <= bytesMax, `${bytes} bytes`);
  console.log(`home: ${bytes} bytes without photos`);
});
