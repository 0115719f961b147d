// What the modules say, in the language of the page: the server puts the texts of its catalogue into the page's head.

const meta = globalThis.document?.querySelector('meta[name="texts"]');
const page = meta ? JSON.parse(meta.content) : { lang: 'en', texts: {} };

export const lang = page.lang;
export const years = page.years;

// The text of a key; an unknown key shows itself, as that is sooner seen than nothing.
export function text(key) {
  return page.texts[key] ?? key;
}

// A number, or a text with numbers, in the digits of the language.
export function digits(value, language = lang) {
  if (language !== 'ne') return String(value);
  return String(value).replace(/\d/g, (digit) => '०१२३४५६७८९'[digit]);
}
