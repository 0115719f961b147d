// Waits for a payment and goes on to the room when it is decided. Without this module the page's own "Check now"
// link does the same.

import { Socket } from './socket.js';
import { text } from './texts.js';
import { showUnread } from './unread.js';

const place = document.querySelector('[data-payment]');
const status = document.querySelector('[data-payment-status]');

if (place && status) watch(place.dataset.payment, place.dataset.room);

function watch(transaction, room) {
  let first = true;

  const decide = (payment) => {
    if (payment.transaction_id !== transaction) return;
    if (payment.status === 'success' || payment.status === 'failed') {
      location.replace(`/rooms/${encodeURIComponent(room)}/?payment=${payment.status}`);
    } else if (payment.status === 'refunded') {
      location.reload();
    }
  };

  // What happened while nobody listened: at the start, after a lost connection, after a sleep.
  const ask = async () => {
    try {
      const answer = await fetch(`/api/payments/${encodeURIComponent(transaction)}/`, {
        headers: { Accept: 'application/json' },
      });
      if (answer.ok) decide(await answer.json());
    } catch {
      // No network: the socket's return asks again.
    }
  };

  new Socket(() => '/ws/payment/', {
    up() {
      if (!first) status.textContent = text('pay-connected');
      first = false;
      ask();
    },
    down() {
      first = false;
      status.textContent = text('pay-offline');
    },
    frame(frame) {
      if (frame.type === 'payment') {
        if (frame.payment.transaction_id === transaction && frame.payment.status === 'pending') {
          status.textContent = text('pay-working');
        }
        decide(frame.payment);
      }
      if (frame.type === 'unread') showUnread(frame.total);
    },
  });

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) ask();
  });
}
