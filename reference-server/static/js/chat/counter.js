// How much room is left in a message. It shows itself when the end is near; nothing is cut off, as what is cut off
// is not missed until the other one asks.

import { digits, text } from '../texts.js';

// Of the longest message.
const shownFrom = 0.95;
const grouped = new Intl.NumberFormat('en-IN');

export function counter(input, place, max) {
  // As the server counts: by character, not by half of one, and without the space around.
  const length = () => [...input.value.trim()].length;
  const over = () => Math.max(0, length() - max);

  return {
    over,
    show() {
      const now = length();
      const words = now > max ? `${digits(grouped.format(now - max))} ${text('too-long')}` : `${digits(grouped.format(now))} / ${digits(grouped.format(max))}`;
      place.textContent = now > max * shownFrom ? words : '';
      place.toggleAttribute('data-over', now > max);
      if (now > max) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    },
  };
}
