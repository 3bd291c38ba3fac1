// PAGE PNG: the head of a report's page, its time line and its counts, as a picture of modest size. Run by `make picture`.
"use strict";
const { pathToFileURL } = require("url");
const puppeteer = require("puppeteer-core");

(async () => {
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
  try {
    await take(await browser.newPage());
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.error(`picture: ${error.message}`);
  process.exitCode = 1;
});

async function take(page) {
  await page.setViewport({ width: 1120, height: 1000 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  await page.goto(pathToFileURL(process.argv[2]).href);
  // What a first look wants: the words between, and all charts but the last, are for those who open it.
  await page.evaluate(() => {
    for (const e of document.querySelectorAll("#overview .first, #overview h3, #timeline .quiet, .chart:not(:last-of-type), .chart details, .chart .readout")) e.style.display = "none";
    window.trailcReport.setRange(Date.parse("2026-03-07"), Date.parse("2026-03-15"));
    scrollTo(0, 0);
  });
  await new Promise((done) => setTimeout(done, 300));
  const end = await page.$eval("#counts", (e) => Math.ceil(e.getBoundingClientRect().bottom + 8));
  await page.screenshot({ path: process.argv[3], clip: { x: 0, y: 0, width: 1120, height: end } });
}
