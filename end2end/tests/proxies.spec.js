// Acting for somebody: a helper switches, a patient names and ends one, a minor and a parent, and what the office verifies.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { confirm, signIn } from '../support/journeys.js';

test.use({ world: 'proxies' });

const PDF = Buffer.from('%PDF-1.7\n1 0 obj <<>> endobj\nstartxref\n9\n%%EOF\n');

test('people act for others, and it ends', async ({ browser, demo, javaScriptEnabled }) => {
  const options = { javaScriptEnabled };
  const clean = axe(javaScriptEnabled);
  const [helper, morgan, parent, minor, officer] = await Promise.all(
    [1, 2, 3, 4, 5].map(async () => (await browser.newContext(options)).newPage()),
  );
  for (const page of [helper, morgan, parent, minor, officer]) {
    page.on('pageerror', (error) => {
      throw error;
    });
  }
  const people = {
    helper: demo.person('Sam Ellis'),
    morgan: demo.person('Morgan Ellis'),
    parent: demo.person('Robin Brandt'),
    minor: demo.person('Casey Brandt'),
    officer: demo.person('Solberg'),
  };

  await test.step('a helper switches, and each page says so', async () => {
    await signIn(helper, demo, people.helper, clean);
    await expect(helper).toHaveURL(`${demo.origin}/proxies`);
    await clean(helper);
    await helper.getByRole('radio', { name: /^Morgan/ }).check();
    await helper.getByRole('button', { name: 'Switch' }).click();
    for (const path of ['/home', '/records', '/sharing', '/access-history', '/exports', '/account']) {
      await helper.goto(`${demo.origin}${path}`);
      await expect(helper.getByText(/^You are acting for Morgan/)).toBeVisible();
      await clean(helper);
    }
  });

  await test.step('the patient reads what the helper did, and ends it', async () => {
    await signIn(morgan, demo, people.morgan, clean);
    await morgan.goto(`${demo.origin}/proxies`);
    await clean(morgan);
    await morgan.getByRole('link', { name: 'Sam Ellis' }).click();
    await expect(morgan.getByRole('table').getByText(/^Looked at/).first()).toBeVisible();
    await clean(morgan);
    await morgan.getByRole('link', { name: 'End this' }).click();
    await clean(morgan);
    await morgan.getByRole('button', { name: 'End now' }).click();
    await confirm(morgan, people.morgan, clean);
    await morgan.getByRole('button', { name: 'End now' }).click();
    await expect(morgan.getByText('No one acts for you now.')).toBeVisible();
    await clean(morgan);
  });

  await test.step('the helper is told once', async () => {
    await helper.goto(`${demo.origin}/records`);
    await expect(helper.getByRole('heading', { level: 1 })).toHaveText('You no longer act for this person');
    await clean(helper);
    await helper.getByRole('link', { name: 'Go on as myself' }).click();
    await expect(helper.getByText('You do not act for anyone now.')).toBeVisible();
  });

  await test.step('the patient names another one', async () => {
    await morgan.getByRole('link', { name: 'Invite a helper' }).click();
    await clean(morgan);
    await morgan.getByRole('button', { name: 'Go on' }).click();
    await expect(morgan.getByRole('link', { name: 'Pick at least one kind of record.' })).toBeVisible();
    await clean(morgan);
    await morgan.getByLabel("The helper's name").fill('Ana Whitlock');
    await morgan.getByLabel("The helper's birth date").fill('1990-05-06');
    await morgan.getByRole('checkbox', { name: 'Everyday health' }).check();
    await morgan.getByRole('radio', { name: /^No, keep everything/ }).check();
    await morgan.getByRole('button', { name: 'Go on' }).click();
    await clean(morgan);
    await morgan.getByLabel('Type your full name').fill('Morgan Ellis');
    await morgan.getByRole('button', { name: 'Sign', exact: true }).click();
    await confirm(morgan, people.morgan, clean);
    await morgan.getByRole('button', { name: 'Sign', exact: true }).click();
    await expect(morgan.getByRole('heading', { level: 1 })).toHaveText('A code for your helper');
    await clean(morgan);
  });

  await test.step('somebody with an account takes the code up', async () => {
    const code = await morgan.locator('code').first().innerText();
    await helper.goto(`${demo.origin}/proxies`);
    await helper.getByRole('link', { name: 'I have a code' }).click();
    await clean(helper);
    await helper.getByLabel('Code').fill(code);
    await helper.getByLabel('Your birth date').fill('1990-05-06');
    await helper.getByRole('button', { name: 'Use this code' }).click();
    await expect(helper.getByRole('radio', { name: /^Morgan/ })).toBeVisible();
  });

  await test.step('a parent sees what is theirs to see', async () => {
    await signIn(parent, demo, people.parent, clean);
    await parent.getByRole('radio', { name: /^Casey/ }).check();
    await parent.getByRole('button', { name: 'Switch' }).click();
    await parent.goto(`${demo.origin}/records`);
    await expect(parent.getByText('Mild intermittent asthma')).toBeVisible();
    await expect(parent.getByText(/lcohol/)).toHaveCount(0);
    await clean(parent);
    await signIn(minor, demo, people.minor, clean);
    await minor.goto(`${demo.origin}/proxies`);
    await expect(minor.getByText('Robin Brandt')).toBeVisible();
    await clean(minor);
  });

  await test.step('somebody asks the office, with a document', async () => {
    await helper.goto(`${demo.origin}/proxies/apply`);
    await clean(helper);
    await helper.getByRole('radio', { name: 'Parent' }).check();
    await helper.getByLabel('The full name of the person').fill('Nobody Whitlock');
    await helper.getByLabel('Their birth date').fill('2012-03-04');
    const file = helper.getByLabel('Papers that prove it');
    await file.setInputFiles({ name: 'order.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>') });
    await helper.getByRole('button', { name: 'Send' }).click();
    await expect(helper.getByRole('link', { name: /^One of the files is not a whole/ })).toBeVisible();
    await clean(helper);
    await file.setInputFiles({ name: 'order.pdf', mimeType: 'application/pdf', buffer: PDF });
    await helper.getByRole('button', { name: 'Send' }).click();
    await expect(helper.getByText('The office has not decided yet')).toBeVisible();
    await clean(helper);
  });

  await test.step('the office takes the document and refuses', async () => {
    await signIn(officer, demo, people.officer, clean);
    await officer.goto(`${demo.origin}/office/proxies`);
    await clean(officer);
    await officer.getByRole('table').getByRole('link').first().click();
    await clean(officer);
    const [download] = await Promise.all([
      officer.waitForEvent('download'),
      officer.getByRole('button', { name: /^Download/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('document.pdf');
    await officer.getByRole('radio', { name: 'Refuse: there is no such record here' }).check();
    await officer.getByLabel('Reason').fill('Nobody of that name has a record.');
    await officer.getByRole('button', { name: 'Decide' }).click();
    await confirm(officer, people.officer, clean);
    await clean(officer);
    await officer.getByRole('button', { name: 'Decide' }).click();
    await expect(officer.getByText('Refused', { exact: true })).toBeVisible();
    await clean(officer);
    await helper.goto(`${demo.origin}/proxies`);
    await expect(helper.getByText('Not granted')).toBeVisible();
  });
});
