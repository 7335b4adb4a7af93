// RFC 6238 codes, each used once: the portal takes a code of the step before, this one and the next, and never
// the same step twice.
import { createHmac } from 'node:crypto';

const STEP = 30;
const TO_ARRIVE = 15;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function decode(secret) {
  let bits = '';
  for (const letter of secret.replace(/[\s=]/g, '').toUpperCase()) {
    bits += ALPHABET.indexOf(letter).toString(2).padStart(5, '0');
  }
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

function codeAt(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', decode(secret)).update(counter).digest();
  const offset = digest[digest.length - 1] & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export class Authenticator {
  #last = 0;

  constructor(secret) {
    this.secret = secret;
  }

  /** The next code that was not used yet; waits when the portal would not take it for now. */
  async next() {
    const now = () => Math.floor(Date.now() / 1000 / STEP);
    // One of the step before is taken only while this step lasts, and the page must get there.
    const left = STEP - ((Date.now() / 1000) % STEP);
    const step = Math.max(this.#last + 1, left > TO_ARRIVE ? now() - 1 : now());
    while (now() + 1 < step) await new Promise((resolve) => setTimeout(resolve, 500));
    this.#last = step;
    return codeAt(this.secret, step);
  }

  /** The code that was used last. */
  used() {
    return codeAt(this.secret, this.#last);
  }
}
