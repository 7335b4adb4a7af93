// The portal as `confide serve` runs it, over the demo's people and records: for what the demo can't be told, such as how
// long a session lasts.
import { spawn } from 'node:child_process';
import { freePort } from './port.js';

/** Starts it beside the demo; `variables` are of the configuration. */
export async function serve(demo, variables) {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const child = spawn(demo.binary, ['serve'], {
    env: {
      PATH: process.env.PATH,
      CONFIDE_ADDRESS: `127.0.0.1:${port}`,
      CONFIDE_PUBLIC_URL: origin,
      CONFIDE_DATA_DIR: demo.data,
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
    try {
      if ((await fetch(`${origin}/readyz`)).ok) break;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > deadline) throw new Error(`it did not start: ${output}`);
    await new Promise((again) => setTimeout(again, 100));
  }
  return {
    origin,
    async stop() {
      child.kill('SIGTERM');
      await new Promise((done) => (child.exitCode === null ? child.once('exit', done) : done()));
    },
  };
}
