// A patient asks a clinic to keep something back; the privacy officer answers; the clinician sees no more of it.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { confirm, openChart, share, signIn } from '../support/journeys.js';

test.use({ world: 'restrictions' });

const WHY = 'My brother works there and I do not want him to know.';

test('a limit is asked for, agreed to, in force, and ended', async ({ browser, demo, javaScriptEnabled }) => {
  const options = { javaScriptEnabled };
  const clean = axe(javaScriptEnabled);
  const jordan = demo.person('Jordan Reyes');
  const solberg = demo.person('Solberg');
  const patient = await (await browser.newContext(options)).newPage();
  const officer = await (await browser.newContext(options)).newPage();
  const clinician = await (await browser.newContext(options)).newPage();

  await signIn(patient, demo, jordan, clean);
  const consent = await share(patient, demo, jordan, clean, {
    recipient: /Amara Okafor/,
    name: 'Jordan Reyes',
    until: '2031-12-31',
  });
  await signIn(clinician, demo, demo.person('Okafor'), clean);
  await openChart(clinician, demo, /Reyes/, clean);
  await expect(clinician.getByText(/buprenorphine/i).first()).toBeVisible();

  await test.step('the patient asks', async () => {
    await patient.goto(`${demo.origin}/sharing`);
    await patient.getByRole('link', { name: 'Ask a clinic to keep something back' }).click();
    await expect(patient.getByRole('heading', { level: 1 })).toHaveText('Ask to keep something back');
    await clean(patient);
    await patient.getByRole('link', { name: 'Ask a clinic', exact: true }).click();
    await expect(patient.getByRole('heading', { level: 1 })).toHaveText('What should be kept back?');
    await clean(patient);
    await patient.getByRole('button', { name: 'Ask', exact: true }).click();
    await expect(patient.getByRole('link', { name: 'Choose who should not see it.' })).toBeVisible();
    await clean(patient);
    await patient.getByRole('radio', { name: /Harbor Light/ }).first().check();
    await patient.getByRole('group', { name: 'Who should not see it?' }).getByRole('radio', { name: /Amara Okafor/ }).check();
    await patient.getByRole('checkbox', { name: 'Substance use care' }).check();
    await patient.getByLabel('Why', { exact: true }).fill(WHY);
    await patient.getByRole('button', { name: 'Ask', exact: true }).click();
    await expect(patient.getByText('Waiting for an answer')).toBeVisible();
    await clean(patient);
  });
  const address = patient.url();

  await test.step('the officer agrees', async () => {
    await signIn(officer, demo, solberg, clean);
    await officer.goto(`${demo.origin}/office`);
    await officer.getByRole('link', { name: 'Limits patients asked for' }).click();
    await clean(officer);
    await officer.getByRole('table').getByRole('link').first().click();
    await expect(officer.getByText(WHY)).toBeVisible();
    await clean(officer);
    await officer.getByRole('radio', { name: 'We agree' }).check();
    await officer.getByRole('button', { name: 'Send the answer' }).click();
    await confirm(officer, solberg, clean);
    await clean(officer);
    await officer.getByRole('button', { name: 'Send the answer' }).click();
    await expect(officer.getByText('In force: they said yes')).toBeVisible();
    await clean(officer);
  });

  await test.step('it is in force', async () => {
    if (javaScriptEnabled) {
      await expect(clinician.getByRole('heading', { level: 1 })).toHaveText('This page was closed');
      await clinician.getByRole('link', { name: 'Open it again' }).click();
    } else {
      await clinician.reload();
    }
    await expect(clinician.getByRole('heading', { level: 1, name: /Reyes/ })).toBeVisible();
    expect(await clinician.content()).not.toMatch(/buprenorphine|opioid/i);
    await patient.goto(address);
    await expect(patient.getByText('In force: they said yes')).toBeVisible();
    await clean(patient);
  });

  await test.step('the patient ends it', async () => {
    await patient.getByRole('button', { name: 'End it now' }).click();
    await confirm(patient, jordan, clean);
    await clean(patient);
    await patient.getByRole('button', { name: 'End it now' }).click();
    await expect(patient.getByRole('button', { name: 'End it now' })).toHaveCount(0);
    await clean(patient);
    await clinician.reload();
    await expect(clinician.getByText(/buprenorphine/i).first()).toBeVisible();
    await patient.goto(`${demo.origin}/access-history`);
    await expect(patient.getByText('Agreed to keep something back').first()).toBeVisible();
  });

  // The other project begins anew with the same people.
  await patient.goto(`${consent}/revoke`);
  await patient.getByRole('button', { name: /^Revoke now/ }).click();
  await confirm(patient, jordan, clean);
  await patient.getByRole('button', { name: /^Revoke now/ }).click();
  await expect(patient.getByText('You stopped this. Sharing has ended.')).toBeVisible();
});
