// Starts the demo as a person would, on a port and in a data directory of its own, and reads its sign-in sheet.
import { test as base } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './port.js';
import { Authenticator } from './totp.js';

const BINARY = process.env.CONFIDE ?? resolve(import.meta.dirname, '../../target/release/confide');

async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'confide-e2e-'));
  const sheetFile = join(folder, 'sheet.json');
  const port = await freePort();
  const child = spawn(
    BINARY,
    ['demo', '--addr', `127.0.0.1:${port}`, '--data', join(folder, 'data'), '--sheet', sheetFile],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const origin = `http://localhost:${port}`;
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the demo ended: ${output}`);
    try {
      if ((await fetch(`${origin}/readyz`)).ok) break;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > deadline) throw new Error(`the demo did not start: ${output}`);
    await new Promise((again) => setTimeout(again, 100));
  }
  const sheet = JSON.parse(await readFile(sheetFile, 'utf8'));
  const people = new Map(
    sheet.map((line) => [line.name, { ...line, authenticator: new Authenticator(line.totp_secret) }]),
  );
  return {
    origin,
    person(name) {
      for (const [known, person] of people) if (known.includes(name)) return person;
      throw new Error(`nobody called ${name} on the sheet`);
    },
    binary: BINARY,
    data: join(folder, 'data'),
    async stop() {
      child.kill('SIGTERM');
      await new Promise((done) => (child.exitCode === null ? child.once('exit', done) : done()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const test = base.extend({
  // Each file of tests names its own, and so has a demo that no other file has changed.
  world: ['', { option: true, scope: 'worker' }],
  demo: [
    async ({ world }, use) => {
      if (!world) throw new Error('say whose world it is: test.use({ world })');
      const demo = await start();
      await use(demo);
      await demo.stop();
    },
    { scope: 'worker' },
  ],
});

export { expect } from '@playwright/test';
