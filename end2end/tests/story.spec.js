// The whole story: a patient looks, shares, revokes, takes a copy and reads who looked; a clinician sees just what
// was shared, and none of it after.
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { confirm, openChart, share, signIn } from '../support/journeys.js';

test.use({ world: 'story' });

const STANDING = 'A patient may have chosen to share only part of a record.';
const NOTICE = 'This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR part 2).';

test('a patient shares, a clinician sees, and after the revocation sees none of it', async ({ browser, demo, javaScriptEnabled }) => {
  const options = { javaScriptEnabled };
  const clean = axe(javaScriptEnabled);
  const jordan = demo.person('Jordan Reyes');
  const okafor = demo.person('Okafor');
  const patient = await (await browser.newContext(options)).newPage();
  const clinician = await (await browser.newContext(options)).newPage();

  await test.step('nothing says more than it must', async () => {
    for (const page of [patient, clinician]) {
      page.on('console', (message) => {
        // Pages that answer 404 and 422 are part of the story; anything else (the policy, a script) is not.
        const answer = /^Failed to load resource: the server responded with a status of (404|422)/;
        if (message.type() === 'error' && !answer.test(message.text())) throw new Error(message.text());
      });
      page.on('pageerror', (error) => {
        throw error;
      });
    }
    await patient.goto(`${demo.origin}/`);
    await clean(patient);
    await expect(patient.getByText('Demo: the people and records here are made up.')).toBeVisible();
    for (const path of ['/help', '/privacy-notice', '/nowhere', '/records', '/patients']) {
      await patient.goto(demo.origin + path);
      await clean(patient);
    }
  });

  await test.step('a wrong password and a wrong code get no further', async () => {
    await patient.goto(`${demo.origin}/sign-in`);
    await patient.getByLabel('E-mail', { exact: true }).fill(jordan.sign_in);
    await patient.getByLabel('Password', { exact: true }).fill('not the password');
    await patient.getByRole('button', { name: 'Go on' }).click();
    await expect(patient.getByText(/We couldn't sign you in/).first()).toBeVisible();
    await expect(patient.getByLabel('E-mail', { exact: true })).toHaveValue(jordan.sign_in);
    await expect(patient.getByLabel('Password', { exact: true })).toHaveValue('');
    await clean(patient);
    await patient.getByLabel('Password', { exact: true }).fill(jordan.password);
    await patient.getByRole('button', { name: 'Go on' }).click();
    await patient.getByLabel('Code', { exact: true }).fill('000000');
    await patient.getByRole('button', { name: 'Sign in' }).click();
    await expect(patient.getByText(/That code didn't work/).first()).toBeVisible();
    await clean(patient);
  });

  await test.step('the patient signs in and sees who can see what', async () => {
    await signIn(patient, demo, jordan, clean);
    await expect(patient).toHaveURL(`${demo.origin}/home`);
    await expect(patient.getByRole('heading', { name: 'Who can see my records now' })).toBeVisible();
    await clean(patient);
  });

  await test.step('the record is masked until asked for, and masked again after', async () => {
    await patient.goto(`${demo.origin}/records`);
    await clean(patient);
    await expect(patient.getByText(/Hidden:.*Substance use care/).first()).toBeVisible();
    await expect(patient.getByText(/buprenorphine/i)).toHaveCount(0);
    await patient.getByRole('button', { name: /^Show\b/ }).first().click();
    await expect(patient).toHaveURL(/\/records\/[0-9a-f-]{36}$/);
    await expect(patient).toHaveTitle(/^A record item/);
    await clean(patient);
    await patient.getByText('Why is this labelled?').first().click();
    await clean(patient);
    await patient.reload();
    await expect(patient.getByText(/^Hidden:/).first()).toBeVisible();
    await clean(patient);
  });

  await test.step('the list is narrowed without the address telling', async () => {
    await patient.goto(`${demo.origin}/records`);
    await patient.getByText('Pick what to see').first().click().catch(() => {});
    await patient.getByLabel('Kind of item').selectOption('medication');
    await patient.getByRole('button', { name: 'Show these' }).click();
    await expect(patient).toHaveURL(`${demo.origin}/records`);
    await clean(patient);
    await patient.getByRole('button', { name: 'Show everything again' }).click();
  });

  await test.step('before anything is shared, the clinician sees ordinary care alone', async () => {
    await signIn(clinician, demo, okafor, clean);
    await openChart(clinician, demo, /Reyes/, clean);
    await expect(clinician.getByText(STANDING)).toBeVisible();
    await expect(clinician.getByText(NOTICE)).toHaveCount(0);
    const body = await clinician.content();
    expect(body).not.toMatch(/opioid|buprenorphine|Harbor Light|HIV|sertraline/i);
    await clean(clinician);
  });

  const consent = await test.step('the patient shares with step-up', () =>
    share(patient, demo, jordan, clean, { recipient: /Amara Okafor/, name: 'Jordan Reyes', until: '2031-12-31' }));

  await test.step('the clinician sees what was shared, the consent, and the notice', async () => {
    await openChart(clinician, demo, /Reyes/, clean);
    await expect(clinician.getByText(NOTICE)).toBeVisible();
    await expect(clinician.getByText(/buprenorphine/i).first()).toBeVisible();
    const body = await clinician.content();
    expect(body).not.toMatch(/\bHIV\b/);
    await clean(clinician);
  });

  await test.step('the grid shows it', async () => {
    await patient.goto(`${demo.origin}/sharing`);
    await expect(patient.getByText('Amara Okafor').first()).toBeVisible();
    await clean(patient);
  });

  await test.step('the patient revokes: one page, one button, at once', async () => {
    await patient.goto(consent);
    await patient.getByRole('link', { name: /stop sharing/i }).click();
    await clean(patient);
    await patient.getByRole('button', { name: /^Revoke now/ }).click();
    await confirm(patient, jordan, clean);
    await clean(patient);
    await patient.getByRole('button', { name: /^Revoke now/ }).click();
    await expect(patient.getByText('You stopped this. Sharing has ended.')).toBeVisible();
    await clean(patient);
  });

  await test.step("the clinician's next request shows none of it", async () => {
    await clinician.reload();
    await expect(clinician.getByText(STANDING)).toBeVisible();
    await expect(clinician.getByText(NOTICE)).toHaveCount(0);
    expect(await clinician.content()).not.toMatch(/opioid|buprenorphine|Harbor Light/i);
    await clean(clinician);
  });

  for (const [format, file, start] of [
    ['PDF', 'health-record.pdf', '%PDF-'],
    ['File for other health apps (FHIR)', 'health-record.json', '{'],
  ]) {
    await test.step(`the patient takes a copy: ${file}`, async () => {
      await patient.goto(`${demo.origin}/exports`);
      await clean(patient);
      await patient.getByLabel('From this day on').fill('2022-01-01');
      await patient.getByRole('radio', { name: format }).check();
      await patient.getByRole('button', { name: 'Go on' }).click();
      await confirm(patient, jordan, clean);
      await expect(patient.getByRole('heading', { level: 1 })).toHaveText('Your copy is ready');
      await clean(patient);
      const [download] = await Promise.all([
        patient.waitForEvent('download'),
        patient.getByRole('button', { name: 'Download' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(file);
      const bytes = await readFile(await download.path());
      expect(bytes.subarray(0, start.length).toString()).toBe(start);
      if (file.endsWith('.json')) {
        const bundle = JSON.parse(bytes.toString());
        expect(bundle.type).toBe('collection');
        for (const { resource } of bundle.entry) {
          const confidentiality = resource.meta.security.filter(
            ({ system }) => system === 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
          );
          expect(confidentiality).toHaveLength(1);
        }
        expect(JSON.stringify(bundle)).toContain('42CFRPart2');
      }
    });
  }

  await test.step('the patient reads who looked', async () => {
    await patient.goto(`${demo.origin}/access-history`);
    await expect(patient.getByText('Amara Okafor').first()).toBeVisible();
    await expect(patient.getByText('Stopped sharing').first()).toBeVisible();
    await clean(patient);
  });

  await test.step('a podiatrist elsewhere sees nothing that tells', async () => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await signIn(page, demo, demo.person('Lindqvist'), clean);
    await openChart(page, demo, /Reyes/, clean);
    expect(await page.content()).not.toMatch(/opioid|buprenorphine|Harbor Light|\bHIV\b|sertraline/i);
    await clean(page);
    await page.goto(`${demo.origin}/patients/00000000-0000-4000-8000-000000000000`);
    await clean(page);
    await context.close();
  });

  await test.step('signing out ends it on the server', async () => {
    await patient.getByRole('button', { name: 'Sign out' }).click();
    await expect(patient.getByRole('heading', { level: 1 })).toHaveText('You are signed out');
    await clean(patient);
    await patient.goto(`${demo.origin}/records`);
    await expect(patient).toHaveURL(`${demo.origin}/sign-in`);
  });

  await test.step('the ledger proves the order', () => {
    const report = JSON.parse(
      execFileSync(demo.binary, ['audit', 'verify', '--data', demo.data, '--json']).toString().trim().split('\n').pop(),
    );
    expect(report.faults).toEqual([]);
    expect(report.entries).toBeGreaterThan(20);
  });
});
