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
  const checking = place.dataset.checking !== undefined;
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

  // Something happened, and nothing is decided. Once eSewa is known to work on the payment, the page must not offer to
  // pay a second time; whether it is, the server's page says.
  const onItsWay = async () => {
    if (checking) {
      status.textContent = text('pay-working');
      checkLater();
    } else if (await isChecking().catch(() => false)) {
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
        if (frame.payment.transaction_id === transaction && frame.payment.status === 'pending') onItsWay();
        decide(frame.payment);
      }
      if (frame.type === 'unread') showUnread(frame.total);
    },
    // The server leads to the log-in, and back here.
    over(code) {
      if (code === 4401) location.reload();
    },
  });

  if (checking) checkLater();
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) ask();
  });
}

// Whether this page would read another way now: without a way to pay, as the payment is being checked.
async function isChecking() {
  const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  return page.querySelector('[data-payment][data-checking]') !== null;
}
