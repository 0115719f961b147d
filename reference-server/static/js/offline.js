// The offline page stands in the place of the one that was asked for, and asks for it again as soon as the server
// answers: a network that is up does not always lead there yet.

import { waitMs } from './backoff.js';

let tries = 0;
let timer;

addEventListener('online', () => {
  tries = 0;
  look();
});
look();

async function look() {
  clearTimeout(timer);
  // What comes from the cache would be no answer; who answers at all will have the page.
  const answer = await fetch('/healthz', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  if (answer?.ok) {
    location.reload();
    return;
  }
  timer = setTimeout(look, waitMs(tries));
  tries += 1;
}
