// Waits for a payment and goes on to the room when it is decided. While one is being checked and somebody looks on, it
// has eSewa asked from time to time, as the server's own schedule is for payers who are gone. Without this module the
// page's own "Check now" button does the same.

import { Socket } from './socket.js';
import { text } from './texts.js';
import { showUnread } from './unread.js';

// From the moment that the payment is known to be on its way; after the last one the server's schedule goes on.
const askAfterMs = [4_000, 8_000, 15_000, 30_000, 60_000, 120_000];

const place = document.querySelector('[data-payment]');
const status = document.querySelector('[data-payment-status]');

if (place && status) watch(place.dataset.payment, place.dataset.room);

function watch(transaction, room) {
  let first = true;
  let asked = 0;
  let timer = 0;

  const decide = (payment) => {
    if (payment.transaction_id !== transaction) return;
    if (payment.status === 'success' || payment.status === 'failed') {
      location.replace(`/rooms/${encodeURIComponent(room)}/?payment=${payment.status}`);
    } else if (payment.status === 'refunded') {
      location.reload();
    }
  };

  // Has eSewa asked once more, when somebody is there to see the answer, which comes over the socket.
  const check = async () => {
    timer = 0;
    if (!document.hidden) {
      asked += 1;
      try {
        await fetch(`/payments/${encodeURIComponent(transaction)}/check/`, { method: 'POST', redirect: 'manual' });
        await ask();
      } catch {
        // No network: the next time.
      }
    }
    checkLater();
  };

  const checkLater = () => {
    if (!timer && asked < askAfterMs.length) timer = setTimeout(check, askAfterMs[asked]);
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
          checkLater();
        }
        decide(frame.payment);
      }
      if (frame.type === 'unread') showUnread(frame.total);
    },
  });

  if (place.dataset.checking !== undefined) checkLater();
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) ask();
  });
}
