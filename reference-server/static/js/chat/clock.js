// Times as the server writes them: Nepal's, wherever the reader is; in Nepali by Bikram Sambat, whose years the
// server tells, as browsers don't know them.

import * as page from '../texts.js';

const zone = 'Asia/Kathmandu';
const clockFormat = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', minute: '2-digit' });
const hourFormat = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' });
const dateFormat = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
const dayMs = 86_400_000;

export function clock(at, { lang, text, digits } = page) {
  // Some browsers put a narrow space before AM.
  const english = clockFormat.format(at).replace(/\s/g, ' ').toLowerCase();
  if (lang !== 'ne') return english;
  return `${text(partOfDay(Number(hourFormat.format(at))))} ${digits(english.split(' ')[0], lang)}`;
}

// 2026-11-22
export function dateOf(at) {
  return dateFormat.format(at);
}

export function dayName(date, now = new Date(), { lang, text, digits, years } = page) {
  const today = dateOf(now);
  if (date === today) return text('today');
  if (date === dateOf(new Date(now.getTime() - dayMs))) return text('yesterday');
  const day = years && bikramSambat(date, years);
  if (day) {
    const name = `${day.day} ${years.names[day.month]}`;
    return digits(day.year === bikramSambat(today, years)?.year ? name : `${name} ${day.year}`, lang);
  }
  const [year, month, number] = date.split('-').map(Number);
  const options = { timeZone: 'UTC', day: 'numeric', month: 'long' };
  if (!today.startsWith(`${year}-`)) options.year = 'numeric';
  return new Intl.DateTimeFormat('en-GB', options).format(Date.UTC(year, month - 1, number));
}

function partOfDay(hour) {
  if (hour >= 4 && hour < 12) return 'morning';
  if (hour >= 12 && hour < 16) return 'afternoon';
  return hour >= 16 && hour < 20 ? 'evening' : 'night';
}

// The day, its month from 0, and the year; nothing outside the years that are known.
function bikramSambat(date, { first, begins, days }) {
  let left = Math.round((Date.parse(date) - Date.parse(begins)) / dayMs);
  if (left < 0) return null;
  for (const [index, months] of days.entries()) {
    for (const [month, length] of months.entries()) {
      if (left < length) return { year: first + index, month, day: left + 1 };
      left -= length;
    }
  }
  return null;
}
