// The list of chats: when the number of unread messages changes, the list is asked for again and swapped in, so
// that there is one way only to write it, the server's.

import { notify } from './notify.js';
import { Socket } from './socket.js';
import { showUnread } from './unread.js';

let asking = false;

new Socket(() => '/ws/payment/', {
  frame(frame) {
    if (frame.type !== 'unread') return;
    showUnread(frame.total);
    refresh();
  },
});

async function refresh() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('#main');
    if (!fresh) return;
    document.querySelector('#main').replaceChildren(...fresh.childNodes);
    await notify();
  } catch {
    // No network: the list stays as it is, and the socket tells when it is back.
  } finally {
    asking = false;
  }
}
