// Break-glass: a clinician opens a record in an emergency and ends it, the patient reads why and reports a concern, and
// a privacy officer says what they found.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { confirm, signIn } from '../support/journeys.js';

test.use({ world: 'emergency' });

const NATURE = 'Unconscious after a fall; breathing is shallow.';
const GO = 'Open the record for one hour';

async function fillIn(page) {
  await page.getByLabel('Nature of the emergency').fill(NATURE);
  await page.getByRole('radio', { name: 'The patient is unconscious.' }).check();
  await page.getByRole('checkbox', { name: /^I treat this person in a medical emergency/ }).check();
}

test('a record is opened in an emergency, told and reviewed', async ({ browser, demo, javaScriptEnabled }) => {
  const options = { javaScriptEnabled };
  const clean = axe(javaScriptEnabled);
  const vasquez = demo.person('Vasquez');
  const jordan = demo.person('Jordan Reyes');
  const solberg = demo.person('Solberg');
  const [clinician, patient, officer] = await Promise.all(
    [1, 2, 3].map(async () => (await browser.newContext(options)).newPage()),
  );
  for (const page of [clinician, patient, officer]) {
    page.on('pageerror', (error) => {
      throw error;
    });
  }

  await test.step('somebody who is not in the list: each field is asked for', async () => {
    await signIn(clinician, demo, vasquez, clean);
    await clinician.goto(`${demo.origin}/patients`);
    await clean(clinician);
    await clinician.getByRole('link', { name: 'Emergency: somebody who is not in this list' }).click();
    await expect(clinician.getByRole('heading', { level: 1 })).toHaveText('Open a record in an emergency');
    await clean(clinician);
    await clinician.getByRole('button', { name: 'Go on' }).click();
    await expect(clinician.getByRole('link', { name: "Type the patient's full name." })).toBeVisible();
    await clean(clinician);
  });

  await test.step('a wrong guess opens nothing', async () => {
    await clinician.getByLabel('Full name of the patient').fill('Nobody Here');
    await clinician.getByLabel('Date of birth').fill('1971-01-01');
    await fillIn(clinician);
    await clinician.getByRole('button', { name: 'Go on' }).click();
    await confirm(clinician, vasquez, clean);
    await expect(clinician.getByText('Your code was right')).toBeVisible();
    await expect(clinician.getByLabel('Full name of the patient')).toHaveValue('Nobody Here');
    await clean(clinician);
    await clinician.getByRole('button', { name: GO }).click();
    await expect(clinician.getByText(/^No record was opened\./).first()).toBeVisible();
    await clean(clinician);
  });

  await test.step('a record opens for an hour, and says what it rests on', async () => {
    await clinician.goto(`${demo.origin}/patients`);
    await clinician.getByRole('link', { name: /Jordan/ }).click();
    await clinician.getByRole('link', { name: "A medical emergency, and the patient can't be asked" }).click();
    await fillIn(clinician);
    await clinician.getByRole('button', { name: 'Go on' }).click();
    await confirm(clinician, vasquez, clean);
    await clinician.getByRole('button', { name: GO }).click();
    await expect(clinician).toHaveURL(/\/patients\/[0-9a-f-]{36}$/);
    await expect(clinician.getByText(/^Emergency access until/)).toBeVisible();
    await expect(clinician.getByText(/42 CFR 2\.51/).first()).toBeVisible();
    await expect(clinician).toHaveTitle(/^A patient/);
    await clean(clinician);
    await clinician.locator('article.item a').first().click();
    await expect(clinician.getByText(/^Emergency access until/)).toBeVisible();
    await clean(clinician);
    const chart = new URL(clinician.url()).pathname.split('/').slice(0, 3).join('/');
    await clinician.goto(`${demo.origin}${chart}/export`);
    await expect(clinician.getByText("You can't take a copy of a record that is open in an emergency.")).toBeVisible();
    await clean(clinician);
    await clinician.goto(`${demo.origin}${chart}/emergency`);
    await expect(clinician.getByText('This record is open to you')).toBeVisible();
    await clean(clinician);
  });

  await test.step('a privacy officer sees it, open', async () => {
    await signIn(officer, demo, solberg, clean);
    await officer.goto(`${demo.origin}/office`);
    await officer.getByRole('link', { name: 'Emergencies' }).click();
    await expect(officer.getByText('Open now')).toBeVisible();
    await clean(officer);
    await officer.getByRole('table').getByRole('link').first().click();
    await expect(officer.getByText(NATURE)).toBeVisible();
    await expect(officer.getByText('The record is open now')).toBeVisible();
    await clean(officer);
  });

  await test.step('the clinician ends it', async () => {
    await clinician.getByRole('button', { name: 'End now' }).click();
    await expect(clinician).toHaveURL(`${demo.origin}/patients`);
    await clean(clinician);
  });

  await test.step('the patient is told, reads why and reports a concern', async () => {
    await signIn(patient, demo, jordan, clean);
    await expect(patient.getByText(/opened your record in an emergency on/)).toBeVisible();
    await clean(patient);
    await patient.getByRole('link', { name: 'Read why, or report a concern' }).click();
    await expect(patient.getByText(NATURE)).toBeVisible();
    await expect(patient).toHaveTitle(/^Who looked/);
    await clean(patient);
    await patient.getByRole('button', { name: 'Report a concern' }).click();
    await expect(patient.getByRole('link', { name: 'Tell us what is wrong.' })).toBeVisible();
    await clean(patient);
    await patient.getByLabel('Your concern').fill('I was at home that day.');
    await patient.getByRole('button', { name: 'Report a concern' }).click();
    await expect(patient.getByText('I was at home that day.')).toBeVisible();
    await clean(patient);
    await patient.goto(`${demo.origin}/home`);
    await expect(patient.getByText(/opened your record in an emergency on/)).toHaveCount(0);
  });

  await test.step('the officer says what they found', async () => {
    await officer.reload();
    await expect(officer.getByText('I was at home that day.')).toBeVisible();
    await officer.getByRole('button', { name: 'Record the finding' }).click();
    await expect(officer.getByRole('link', { name: 'Choose whether it was justified.' })).toBeVisible();
    await clean(officer);
    await officer.getByRole('radio', { name: /^Not justified/ }).check();
    await officer.getByLabel('Reason').fill('Nobody of that name was brought in that day.');
    await officer.getByRole('button', { name: 'Record the finding' }).click();
    await confirm(officer, solberg, clean);
    await officer.getByRole('button', { name: 'Record the finding' }).click();
    await expect(officer.getByText('Nobody of that name was brought in that day.')).toBeVisible();
    await clean(officer);
    await officer.goto(`${demo.origin}/office/emergencies`);
    await expect(officer.getByRole('heading', { name: 'Reviewed' })).toBeVisible();
    await clean(officer);
    await patient.goto(`${demo.origin}/home`);
    await expect(patient.getByText(/it was not right to do this/)).toBeVisible();
    await clean(patient);
  });
});
