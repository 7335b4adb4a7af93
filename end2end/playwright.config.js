import { defineConfig } from '@playwright/test';

// One project with script, one without: every journey must work in both. What is about script or its absence alone says
// so by a tag and is no test of the other project.
const browser = {
  browserName: 'chromium',
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
};

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results',
  timeout: 300_000,
  expect: { timeout: 10_000 },
  // More than cores: much of the time is spent waiting for the next code of an authenticator app.
  workers: 4,
  retries: 0,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    ...browser,
    actionTimeout: 8_000,
    navigationTimeout: 15_000,
    screenshot: 'only-on-failure',
    trace: 'off',
    locale: 'en-US',
    timezoneId: 'America/New_York',
  },
  projects: [
    { name: 'with script', grepInvert: /@no-script/, use: { javaScriptEnabled: true } },
    { name: 'without script', grepInvert: /@script/, use: { javaScriptEnabled: false } },
  ],
});
