// The parts of the pages' modules that need no page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { waitMs } = await load('backoff.js');
const { clock, dateOf, dayName } = await load('chat/clock.js');
const { digits } = await load('texts.js');
const { Outbox } = await load('chat/outbox.js');

// As the server tells them: the year 2082, whose first days and lengths are the calendar's own.
const english = { lang: 'en', text: (key) => ({ today: 'Today', yesterday: 'Yesterday' })[key], digits };
const nepali = {
  lang: 'ne',
  text: (key) => ({ today: 'आज', yesterday: 'हिजो', afternoon: 'दिउँसो' })[key],
  digits,
  years: {
    first: 2082,
    begins: '2025-04-14',
    days: [[31, 31, 32, 31, 31, 31, 30, 29, 30, 29, 30, 30], [31, 31, 32, 31, 31, 31, 30, 29, 30, 29, 30, 30]],
    names: ['बैशाख', 'जेठ', 'असार', 'साउन', 'भदौ', 'असोज', 'कात्तिक', 'मंसिर', 'पुस', 'माघ', 'फागुन', 'चैत'],
  },
};

test('wait is spread from nothing to the limit and never beyond', () => {
  assert.equal(waitMs(0, () => 0), 0);
  assert.equal(waitMs(0, () => 1), 500);
  assert.equal(waitMs(3, () => 1), 4_000);
  assert.equal(waitMs(500, () => 1), 30_000);
});

test('clock is Nepal\'s and reads as the server writes it', () => {
  for (const [utc, text] of [
    ['2026-11-22T09:20:00Z', '3:05 pm'],
    ['2026-11-22T18:15:00Z', '12:00 am'],
    ['2026-11-22T06:15:59Z', '12:00 pm'],
    ['2026-11-22T00:00:00Z', '5:45 am'],
  ]) assert.equal(clock(new Date(utc)), text);
  assert.equal(clock(new Date('2026-11-22T09:20:00Z'), nepali), 'दिउँसो ३:०५');
});

test('day turns at midnight in Kathmandu', () => {
  const now = new Date('2026-11-22T18:20:00Z');
  assert.equal(dateOf(new Date('2026-11-22T18:14:59Z')), '2026-11-22');
  assert.equal(dateOf(new Date('2026-11-22T18:15:00Z')), '2026-11-23');
  assert.equal(dayName('2026-11-23', now, english), 'Today');
  assert.equal(dayName('2026-11-22', now, english), 'Yesterday');
  assert.equal(dayName('2026-11-20', now, english), '20 November');
  assert.equal(dayName('2025-11-20', now, english), '20 November 2025');
});

test('Nepali day is of Bikram Sambat, and falls back where its years are not known', () => {
  const now = new Date('2026-11-22T18:20:00Z');
  assert.equal(dayName('2026-11-23', now, nepali), 'आज');
  assert.equal(dayName('2026-11-22', now, nepali), 'हिजो');
  assert.equal(dayName('2026-11-17', now, nepali), '१ मंसिर');
  assert.equal(dayName('2025-04-14', now, nepali), '१ बैशाख २०८२');
  assert.equal(dayName('2025-04-13', now, nepali), '13 April 2025');
});

function fakeStorage() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

test('outbox keeps order and ids across a reload until they are removed', () => {
  globalThis.sessionStorage = fakeStorage();
  const outbox = new Outbox('room');
  const [first, second] = [outbox.add({ type: 'message', content: 'one' }), outbox.add({ type: 'edit', seq: 7, content: 'two' })];
  assert.match(first.client_message_id, /^w-[0-9a-f]{32}$/);
  assert.notEqual(first.client_message_id, second.client_message_id);
  assert.deepEqual(new Outbox('room').all(), [first, second]);
  assert.deepEqual(new Outbox('other room').all(), []);
  outbox.remove(first.client_message_id);
  assert.deepEqual(new Outbox('room').all(), [second]);
});

test('outbox works without storage', () => {
  globalThis.sessionStorage = { getItem() { throw new Error('denied'); }, setItem() { throw new Error('denied'); } };
  const outbox = new Outbox('room');
  outbox.add({ type: 'message', content: 'one' });
  assert.equal(outbox.all().length, 1);
});
