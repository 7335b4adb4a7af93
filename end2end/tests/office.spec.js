// What administrators do in the office: an organization and what it is, a care relationship given and ended, and the
// ledger of the house, read, checked and taken along.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { confirm, signIn } from '../support/journeys.js';
import { readFile } from 'node:fs/promises';

test.use({ world: 'office' });

const DAY = 24 * 60 * 60 * 1000;

function inDays(days) {
  return new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
}

test('organizations, care relationships and the ledger of the house', async ({ browser, demo, javaScriptEnabled }) => {
  const clean = axe(javaScriptEnabled);
  const haddad = demo.person('Haddad');
  const jordan = demo.person('Jordan Reyes');
  const name = javaScriptEnabled ? 'Tidewater Hospital' : 'Saltmarsh Hospital';
  const npi = javaScriptEnabled ? '1234567893' : '1679576722';
  const [admin, patient] = await Promise.all(
    [1, 2].map(async () => (await browser.newContext({ javaScriptEnabled })).newPage()),
  );
  for (const page of [admin, patient]) {
    page.on('pageerror', (error) => {
      throw error;
    });
  }

  await test.step('an organization is recorded; a mistyped NPI is said', async () => {
    await signIn(admin, demo, haddad, clean);
    await admin.goto(`${demo.origin}/office`);
    await clean(admin);
    await admin.getByRole('link', { name: 'Organizations', exact: true }).click();
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Organizations');
    await clean(admin);
    await admin.getByRole('link', { name: 'Record an organization' }).click();
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Record an organization');
    await clean(admin);
    await admin.getByLabel('Name', { exact: true }).fill(name);
    await admin.getByLabel('What it is', { exact: true }).selectOption('Hospital');
    await admin.getByLabel('National Provider Identifier (NPI)').fill('1234567890');
    await admin.getByRole('button', { name: 'Record it' }).click();
    await expect(admin.getByRole('link', { name: /^This is no NPI/ })).toBeVisible();
    await clean(admin);
    await expect(admin.getByLabel('Name', { exact: true })).toHaveValue(name);
    await admin.getByLabel('National Provider Identifier (NPI)').fill(npi);
    await admin.getByRole('button', { name: 'Record it' }).click();
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(admin).toHaveTitle(/^An organization/);
    await clean(admin);
  });

  await test.step('it becomes a Part 2 program, with a fresh code for just that', async () => {
    await admin.getByRole('button', { name: 'It is a Part 2 program' }).click();
    await expect(admin.getByText('Say that an organization is a Part 2 program')).toBeVisible();
    await confirm(admin, haddad, clean);
    await expect(admin.getByText('Press the button once more.')).toBeVisible();
    await clean(admin);
    await admin.getByRole('button', { name: 'It is a Part 2 program' }).click();
    await expect(admin.getByText('Yes: a Part 2 program (42 CFR 2.11)')).toBeVisible();
    await clean(admin);
  });

  await test.step('a care relationship is given', async () => {
    await admin.goto(`${demo.origin}/office/assignments`);
    await clean(admin);
    await admin.getByRole('link', { name: 'Give a care relationship' }).click();
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Give a care relationship');
    await clean(admin);
    await admin.getByRole('button', { name: 'Give it' }).click();
    await expect(admin.getByRole('link', { name: "Type the patient's full name." })).toBeVisible();
    await clean(admin);
    await admin.getByLabel('Full name of the patient').fill('Jordan Alexis Reyes');
    await admin.getByLabel('Date of birth').fill('1988-04-17');
    const party = admin.getByLabel('With whom', { exact: true });
    await party.selectOption(await party.locator('option', { hasText: 'Lindqvist' }).getAttribute('value'));
    await admin.getByRole('radio', { name: 'Treats the patient' }).check();
    await admin.getByLabel('Last day').fill(inDays(30));
    await admin.getByLabel('Why').fill('Covers for a colleague who is away.');
    await admin.getByRole('button', { name: 'Give it' }).click();
    await confirm(admin, haddad, clean);
    await expect(admin.getByText('Press the button once more.')).toBeVisible();
    await expect(admin.getByLabel('Full name of the patient')).toHaveValue('Jordan Alexis Reyes');
    await clean(admin);
    await admin.getByRole('button', { name: 'Give it' }).click();
    await expect(admin.getByText('In force', { exact: true })).toBeVisible();
    await expect(admin.getByText('Dr. Tobias Lindqvist')).toBeVisible();
    await expect(admin.getByText(/Jordan|Reyes/)).toHaveCount(0);
    await clean(admin);
  });

  await test.step('the patient reads of it', async () => {
    await signIn(patient, demo, jordan, clean);
    await patient.goto(`${demo.origin}/access-history`);
    await expect(patient.getByText(/Lindqvist.* was given a care relationship: treats you/).first()).toBeVisible();
    await clean(patient);
  });

  await test.step('and it is ended', async () => {
    await admin.getByRole('button', { name: 'End it now' }).click();
    await expect(admin.getByText('Ended', { exact: true })).toBeVisible();
    await clean(admin);
    await admin.goto(`${demo.origin}/office/assignments`);
    await clean(admin);
    await patient.reload();
    await expect(patient.getByText(/Lindqvist.* no longer has a care relationship/).first()).toBeVisible();
  });

  await test.step('the ledger is read, narrowed and checked', async () => {
    await admin.goto(`${demo.origin}/office`);
    await admin.getByRole('link', { name: 'Ledger of this website' }).click();
    await expect(admin.getByText('Noor Haddad, Administrator').first()).toBeVisible();
    await clean(admin);
    await admin.getByLabel('About', { exact: true }).selectOption('Organizations');
    await admin.getByRole('button', { name: 'Show', exact: true }).click();
    await expect(admin.getByText(`Recorded the organization ${name}`)).toBeVisible();
    await expect(admin.getByText(`Said that ${name} is a Part 2 program`)).toBeVisible();
    await clean(admin);
    await admin.getByRole('button', { name: 'Check it' }).click();
    await expect(admin.getByText(/^Nothing was changed\./)).toBeVisible();
    await clean(admin);
  });

  await test.step('and a copy is taken', async () => {
    await admin.getByRole('button', { name: 'Take a copy' }).click();
    await confirm(admin, haddad, clean);
    await expect(admin.getByText('Press the button once more to take the copy.')).toBeVisible();
    await clean(admin);
    const waiting = admin.waitForEvent('download');
    await admin.getByRole('button', { name: 'Take a copy' }).click();
    const file = await (await waiting).path();
    const lines = (await readFile(file, 'utf8')).trim().split('\n').map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line.topic).toBe('organizations');
    expect(lines.some((line) => line.organization === name)).toBe(true);
  });
});
