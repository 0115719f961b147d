// The lists with chats in them: when the number of unread messages changes, the page is asked for again, and what reads
// another way is swapped in, so that there is one way only to write it, the server's.

import './notify.js';
import { Socket } from './socket.js';
import { showUnread } from './unread.js';

let asking = false;
let changed = false;

new Socket(() => '/ws/payment/', {
  frame(frame) {
    if (frame.type !== 'unread') return;
    showUnread(frame.total);
    refresh();
  },
  // The server leads to the log-in, and back here.
  over(code) {
    if (code === 4401) location.reload();
  },
});

async function refresh() {
  changed = true;
  if (asking) return;
  asking = true;
  try {
    // What changes while the page is on its way is asked for once more.
    while (changed) {
      changed = false;
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    }
  } catch {
    // No network: the list stays as it is, and the socket tells when it is back.
  } finally {
    asking = false;
  }
}

// Swaps the parts that a message can change, where they did change; the focus stays on the same link.
function show(page) {
  for (const part of document.querySelectorAll('[data-fresh]')) {
    const fresh = page.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
    if (!fresh || fresh.innerHTML === part.innerHTML) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    part.replaceChildren(...fresh.childNodes);
    if (focused) part.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
}
