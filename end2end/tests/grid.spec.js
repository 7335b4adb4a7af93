// The sharing grid by eye, ear and keyboard; the record as somebody else sees it; who used an agreement.
import { axe } from '../support/axe.js';
import { expect, test } from '../support/demo.js';
import { openChart, share, signIn } from '../support/journeys.js';

test.use({ world: 'grid' });

const SIZES = [
  { width: 320, height: 700 },
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
];

/** Nothing lies beyond the edge of the window. */
async function fits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `${page.url()} is wider than its window`).toBeLessThanOrEqual(0);
}

/** Goes on with the Tab key until something of this selector has the focus. */
async function tabTo(page, selector) {
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(`${selector}:focus`);
    if ((await focused.count()) > 0) return focused;
  }
  throw new Error(`${selector} can't be reached by keyboard`);
}

test('the grid says who sees what, and leads to it', async ({ browser, demo, javaScriptEnabled }) => {
  // Two people, three sizes, and axe on each of them.
  test.slow();
  const clean = axe(javaScriptEnabled, { always: true });
  const jordan = demo.person('Jordan Reyes');
  const okafor = demo.person('Okafor');
  const options = { javaScriptEnabled };
  const page = await (await browser.newContext(options)).newPage();
  const clinician = await (await browser.newContext(options)).newPage();
  for (const one of [page, clinician]) {
    one.on('pageerror', (error) => {
      throw error;
    });
  }

  await test.step('who cares for me stands there without an agreement', async () => {
    await signIn(page, demo, jordan, clean);
    await page.goto(`${demo.origin}/sharing`);
    await expect(page.getByRole('table', { name: /^Who can see what/ })).toBeVisible();
    const row = page.getByRole('row').filter({ hasText: 'Okafor' });
    await expect(row.getByRole('cell', { name: 'All of it: open because they care for you' })).toHaveCount(1);
    await expect(row.getByText('As long as they care for you')).toBeVisible();
    await clean(page);
  });

  const consent = await share(page, demo, jordan, clean, {
    recipient: /Okafor/,
    name: 'Jordan Alexis Reyes',
    until: '2027-02-28',
  });

  await test.step('at every width, in print, in the dark, in forced colours', async () => {
    await page.goto(`${demo.origin}/sharing`);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await fits(page);
      await clean(page);
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    await clean(page);
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    await clean(page);
    await page.emulateMedia({ media: 'print', forcedColors: 'none' });
    await expect(page.locator('.grid .view-link').first()).toBeHidden();
    await expect(page.locator('.grid-words')).toBeVisible();
    await page.emulateMedia({ media: 'screen' });
  });

  await test.step('what is open of a cell shows by keyboard', async () => {
    const cell = await tabTo(page, '.grid-what');
    const note = cell.locator('.grid-word');
    await expect(note).toBeVisible();
    expect((await note.boundingBox()).width).toBeGreaterThan(60);
    if (javaScriptEnabled) {
      await page.keyboard.press('Escape');
      await expect.poll(async () => (await note.boundingBox()).width).toBeLessThan(5);
      await page.waitForTimeout(1_100);
    }
  });

  await test.step('my record as somebody else sees it', async () => {
    await page.goto(`${demo.origin}/home`);
    await expect(page.getByRole('link', { name: /^See what they see/ }).first()).toBeVisible();
    await clean(page);
    await page.goto(consent);
    await page.getByRole('link', { name: /^See what they see \(Dr\. Amara Okafor/ }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^What Dr\. Amara Okafor.* sees$/);
    await expect(page).toHaveTitle(/^A view of your record/);
    await clean(page);
    await page.getByRole('radio', { name: 'Treatment' }).check();
    await page.getByRole('button', { name: 'Show what they see' }).click();
    await expect(page.getByText(/^This is a view\. It shows what Dr\. Amara Okafor/)).toBeVisible();
    await expect(page.getByText(/Buprenorphine/).first()).toBeVisible();
    await clean(page);
    await page.setViewportSize(SIZES[0]);
    await fits(page);
    await page.setViewportSize(SIZES[2]);
    const mine = await page.locator('.view-as .item-title').allInnerTexts();

    await signIn(clinician, demo, okafor, clean);
    await openChart(clinician, demo, /Jordan/, clean);
    const theirs = await clinician.locator('.chart .item-title').allInnerTexts();
    expect(mine).toEqual(theirs);

    await page.locator('.view-as .item-title a').first().click();
    await expect(page.getByText(/^This is a view\./)).toBeVisible();
    await clean(page);
    await page.getByRole('link', { name: 'Back to all they see' }).click();
    await expect(page).toHaveURL(/\?for=1$/);
    await page.getByText('Change why they look').click();
    await page.getByRole('radio', { name: 'Paying for care' }).check();
    await page.getByRole('button', { name: 'Show this' }).click();
    await expect(page).toHaveURL(/\?for=3$/);
    await clean(page);
  });

  await test.step('a place, and who works there', async () => {
    await page.goto(`${demo.origin}/sharing`);
    const where = await page.evaluate(() => document.querySelector('.view-link').getAttribute('href'));
    await page.goto(`${demo.origin}${where.replace(/[^/]+$/, '0b6c7a52-2f0e-4a53-9d3d-0123456789ab')}?for=1`);
    await expect(page.getByText("They can't see anything of your record for this.", { exact: false })).toBeVisible();
    await clean(page);
  });

  await test.step('who used it', async () => {
    await page.goto(consent);
    await expect(page.getByRole('heading', { name: 'Who used it' })).toBeVisible();
    await clean(page);
    await page.getByRole('link', { name: 'See every use' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Who used what you share with/);
    await expect(page.getByRole('table', { name: 'How often each of them used it' })).toContainText('Okafor');
    await clean(page);
    await page.setViewportSize(SIZES[0]);
    await fits(page);
    await page.setViewportSize(SIZES[2]);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the list as a file' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('list.csv');
  });
});
