// How long to wait before the next attempt: anything between nothing and twice the last limit ("full jitter"), so
// that a thousand phones whose server restarted do not all come back in the same second.

const firstMs = 500;
const limitMs = 30_000;

export function waitMs(attempt, random = Math.random) {
  return Math.round(random() * Math.min(limitMs, firstMs * 2 ** attempt));
}
