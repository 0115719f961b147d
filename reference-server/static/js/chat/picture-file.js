// A picture as it goes over a slow network: as large as the server would keep it, and without what a phone writes
// beside the pixels, such as where it was taken.

// The server keeps no more pixels than these.
const sideMax = 1_600;
// Below this a file of the right kind goes as it is.
const plainBytesMax = 400 * 1024;
const quality = 0.85;
const kinds = new Set(['image/jpeg', 'image/png', 'image/webp']);

// How large a picture is shown, in a box of `side` by `side`; where nothing is known, as most photos are.
export function fitted(width, height, side) {
  if (!width || !height) return { width: side, height: Math.floor((side * 3) / 4) };
  const longer = Math.max(width, height);
  const shown = (pixels) => Math.max(48, Math.floor((pixels * Math.min(side, longer)) / longer));
  return { width: shown(width), height: shown(height) };
}

// The file to send and a canvas that shows it. Throws where the browser can't read it.
export async function prepare(file) {
  const bitmap = await createImageBitmap(file);
  const canvas = drawn(bitmap);
  const fits = kinds.has(file.type) && file.size <= plainBytesMax && canvas.width === bitmap.width;
  bitmap.close();
  if (fits) return { blob: file, canvas };
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));
  return { blob: blob && (blob.size < file.size || !kinds.has(file.type)) ? blob : file, canvas };
}

function drawn(bitmap) {
  const scale = Math.min(1, sideMax / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext('2d');
  // What is transparent would be black in a JPEG.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}
