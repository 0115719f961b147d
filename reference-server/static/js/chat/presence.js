// What the other one is doing: writing, or just here.

import { text } from '../texts.js';

// As the contract has it, so that a sign that is not renewed goes away by itself.
const typingMs = 6_000;

export function presence(place) {
  let here = false;
  let timer = 0;

  function show() {
    place.textContent = timer ? text('typing') : here ? text('online') : '';
    place.toggleAttribute('data-typing', timer !== 0);
    place.toggleAttribute('data-here', here);
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    show();
  }

  return {
    online(is) {
      here = is;
      if (!is) stop();
      show();
    },
    typing() {
      clearTimeout(timer);
      timer = setTimeout(stop, typingMs);
      show();
    },
    // What was being written is here.
    wrote: stop,
  };
}
