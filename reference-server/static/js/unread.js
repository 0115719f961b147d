import { digits } from './texts.js';

// The badge beside "Chats" in the page's head.

export function showUnread(total) {
  for (const badge of document.querySelectorAll('[data-unread-total]')) {
    badge.classList.toggle('hidden', total === 0);
    badge.querySelector('[data-count]').textContent = digits(total, document.documentElement.lang);
  }
}
