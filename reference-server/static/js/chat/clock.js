// Times as the server writes them: Nepal's, wherever the reader is.

const zone = 'Asia/Kathmandu';
const clockFormat = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', minute: '2-digit' });
const dateFormat = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });

export function clock(at) {
  // Some browsers put a narrow space before AM.
  return clockFormat.format(at).replace(/\s/g, ' ').toLowerCase();
}

// 2026-11-22
export function dateOf(at) {
  return dateFormat.format(at);
}

export function dayName(date, now = new Date()) {
  const today = dateOf(now);
  if (date === today) return 'Today';
  if (date === dateOf(new Date(now.getTime() - 86_400_000))) return 'Yesterday';
  const [year, month, day] = date.split('-').map(Number);
  const options = { timeZone: 'UTC', day: 'numeric', month: 'long' };
  if (!today.startsWith(`${year}-`)) options.year = 'numeric';
  return new Intl.DateTimeFormat('en-GB', options).format(Date.UTC(year, month - 1, day));
}
