// A push service on this machine and a browser's keys: what comes is checked and decrypted by implementations that are
// none of ours: http_ece for RFC 8291, Node's own cryptography for RFC 8292.
import assert from 'node:assert/strict';
import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import ece from 'http_ece';

export async function startPushService() {
  const server = createServer();
  const arrived = new EventEmitter();
  const got = [];
  server.on('request', async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    got.push({ path: request.url, headers: request.headers, body: Buffer.concat(parts) });
    response.writeHead(201).end();
    arrived.emit('message');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    got,
    // The message of this number, whenever it comes.
    async message(number) {
      while (got.length <= number) await once(arrived, 'message');
      return got[number];
    },
    stop: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

// A browser's half: keys of its own, and the subscription that it would tell of.
export function browserKeys(service, name) {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  const auth = randomBytes(16);
  return {
    subscription: {
      endpoint: `${service.url}/push/${name}`,
      expirationTime: null,
      keys: { p256dh: ecdh.getPublicKey('base64url'), auth: auth.toString('base64url') },
    },
    decrypt: (body) => ece.decrypt(body, { version: 'aes128gcm', privateKey: ecdh, authSecret: auth.toString('base64url') }).toString('utf8'),
  };
}

// Who signed, for whom, and until when; fails when the signature is not of the key that is named.
export function claimsOf(authorization) {
  const [, token, key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization) ?? [];
  assert.ok(token, authorization);
  const [header, claims, signature] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = verify('sha256', Buffer.from(`${header}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  assert.ok(signed, 'the token is not signed by its key');
  return { key, ...JSON.parse(Buffer.from(claims, 'base64url')) };
}
