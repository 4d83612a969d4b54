// Two offices in two browsers: goods are placed on a shelf, sold, settled, agreed on and paid; a line is asked about. And the pages
// of settling hold what every page holds.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, beyond, findings, joinOnce, launch, logIn, seat, small, type Browser, type Page } from "./browser.ts";

let browser: Browser;

before(async () => {
  browser = await launch();
  for (const office of ["ito-manager", "marche-manager"]) {
    const page = await seat(browser);
    await joinOnce(page, office);
    await page.context().close();
  }
});

after(async () => await browser.close());

async function at(office: string, width = 1280): Promise<Page> {
  const page = await seat(browser, { width });
  await logIn(page, office);
  return page;
}

const main = async (page: Page) => (await page.textContent("main")) ?? "";

test("from the shelf to a paid statement, in two browsers", async () => {
  const [maker, shop] = [await at("ito-manager"), await at("marche-manager")];

  // the maker places one more piece of what it has; the shop counts what is left: one is gone
  await maker.goto(`${base}/o/ito/consign?to=marche`);
  await maker.locator("input[name^='lots/']").first().fill("1");
  const to = maker.locator("select[name=to]");
  if (await to.count()) await to.selectOption("marche");
  await maker.click("main form button.main");
  await maker.waitForSelector("text=棚に置いたものを記録しました");
  await shop.goto(`${base}/o/marche/shelf/of/ito`);
  const [, product, there] = /(ito\/coaster)=(\d+)/.exec(await shop.inputValue("[name=carried]")) ?? [];
  assert.ok(product && Number(there) > 0);
  await shop.fill(`[name='lines/${product}/left']`, String(Number(there) - 1));
  await shop.click("button[name=then][value=record]");
  await shop.waitForSelector("text=数えたものから");

  // month end: one button, one yes
  await maker.goto(`${base}/o/ito/settlements`);
  await maker.click("main table >> text=マルシェ");
  await maker.click("text=期間を選んで見る");
  const today = await maker.inputValue("#to");
  await maker.goto(`${base}/o/ito/settlements/marche/next?to=${new Date().toLocaleDateString("sv", { timeZone: "Asia/Tokyo" })}`);
  assert.ok(today);
  await maker.click("button >> text=精算して、確認をたのむ");
  await maker.waitForSelector("text=相手に申し出ました");

  await shop.goto(`${base}/o/marche`);
  await shop.click(".todo >> text=精算書の確認");
  await shop.click("text=精算書を見る");
  await shop.waitForSelector("text=確認をたのまれています");
  // a line is asked about first
  await shop.click("table >> text=質問する >> nth=0");
  await shop.fill("#text", "この日の売上を、もう一度見てください。");
  await shop.click("button >> text=質問を送る");
  await shop.waitForSelector("text=質問を送りました");
  await maker.goto(`${base}/o/ito`);
  await maker.click("text=質問が来ています");
  await maker.fill("textarea >> nth=0", "見ました。合っています。");
  await maker.click("button >> text=返事をする");
  await maker.waitForSelector("text=返事をしました");
  await shop.goto(`${base}/o/marche`);
  await shop.click(".todo >> text=精算書の確認");
  await shop.click("text=精算書を見る");
  await shop.click("button >> text=この精算書でよい");
  await shop.waitForSelector("text=同意しました");

  // both have the same paper
  const sums: string[] = [];
  for (const [page, path] of [[maker, "/o/ito/settlements/marche/1"], [shop, "/o/marche/settlements/ito/1"]] as [Page, string][]) {
    await page.goto(base + path);
    sums.push((await page.textContent(".pays .sum")) ?? "");
    assert.equal(await page.locator(".proof svg.qr").count(), 1);
  }
  assert.equal(sums[0], sums[1]);
  assert.match(sums[0] ?? "", /^[0-9,]+円$/);

  // the shop pays, the maker sees it
  await shop.click("text=支払を記録する >> nth=0");
  await shop.click("main form button.main");
  await shop.waitForSelector("text=入金・支払を記録しました");
  await maker.reload();
  assert.match(await main(maker), /支払いずみ|支払った分/);
  for (const page of [maker, shop]) await page.context().close();
});

for (const width of [1280, 820, 360]) {
  test(`the pages of settling are accessible, ${width} px`, async () => {
    const page = await at("ito-manager", width);
    await page.goto(`${base}/o/ito/settlements/marche/1`);
    const ask = (await page.locator("a[href*='/questions/about/']").first().getAttribute("href")) ?? "";
    for (const path of [
      "/o/ito/settlements",
      "/o/ito/settlements/marche",
      "/o/ito/settlements/hoshi/next?from=2026-06-01&to=2026-06-30",
      "/o/ito/settlements/marche/1",
      "/o/ito/questions",
      "/o/ito/documents",
      "/o/ito/documents/new?form=invoice&with=office+hoshi&from=2026-06-01&to=2026-06-30",
      ask,
    ]) {
      const answer = await page.goto(base + path);
      assert.ok(answer?.ok(), path);
      assert.deepEqual(await findings(page), [], path);
      assert.deepEqual(await small(page, 44), [], path);
      assert.equal(await beyond(page), 0, `${path} is wider than its window`);
    }
    await page.context().close();
  });
}
