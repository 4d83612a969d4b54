// The first set-up, the pages of those who run the book, master data, and the ways in: in a real browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, beyond, findings, launch, password, seat, small, type Browser, type Mode, type Page } from "./browser.ts";

let browser: Browser;

async function operator(options: Parameters<typeof seat>[1] = {}): Promise<Page> {
  const page = await seat(browser, options);
  await page.goto(`${base}/login`);
  await page.fill("#login", "operator-1");
  await page.fill("#password", password);
  await page.click("main button");
  await page.waitForURL(`${base}/`);
  return page;
}

before(async () => {
  browser = await launch();
  const page = await seat(browser);
  await page.goto(`${base}/setup#${process.env.YOKOITO_OPERATOR}`);
  await page.fill("#login", "operator-1");
  await page.fill("#password", password);
  await page.click("main button");
  await page.waitForURL("**/login");
  await page.context().close();
  // the sample is there already: the button makes the operator manager of some of its offices
  const manager = await operator();
  await manager.goto(`${base}/begin`);
  await manager.click("text=見本の連絡会を入れる");
  await manager.waitForSelector("text=あおぞらキッチン");
  await manager.context().close();
});

after(async () => await browser.close());

const pages = [
  "/",
  "/n/minamino",
  "/n/minamino/netting",
  "/n/minamino/agreements",
  "/begin",
  "/begin/network",
  "/begin/corporation",
  "/begin/office",
  "/begin/products",
  "/begin/people",
  "/operate",
  "/operate/networks",
  "/operate/networks/minamino",
  "/operate/corporations",
  "/operate/corporations/hinata-kai",
  "/operate/offices",
  "/operate/offices/hinata",
  "/operate/accounts",
  "/operate/rates",
  "/o/aozora/people",
  "/o/aozora/products",
  "/o/aozora/products/bento",
  "/o/aozora/partners",
  "/o/aozora/recipes",
  "/o/aozora/recipes/higawari",
  "/password",
  "/card",
  "/reset",
  "/setup",
];

for (const mode of ["plain", "easy"] as Mode[]) {
  for (const width of [1280, 820, 360]) {
    test(`pages of keepers and managers are accessible, ${mode}, ${width} px`, async () => {
      const page = await operator({ mode, width });
      for (const path of pages) {
        const answer = await page.goto(base + path);
        assert.equal(answer?.status(), 200, path);
        assert.deepEqual(await findings(page), [], path);
        assert.deepEqual(await small(page, mode === "easy" ? 64 : 44), [], path);
        assert.equal(await beyond(page), 0, `${path} is wider than its window`);
      }
      await page.context().close();
    });
  }
}

test("on 320 px nothing is lost sideways", async () => {
  const page = await operator({ width: 320 });
  for (const path of pages) {
    await page.goto(base + path);
    assert.equal(await beyond(page), 0, path);
  }
  await page.context().close();
});

test("the first set-up is done by keyboard alone", async () => {
  const page = await operator();
  const type = async (field: string, text: string) => {
    await page.locator(`[name='${field}']`).focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
  };
  const next = async (to: string) => {
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${to}*`);
    await page.waitForSelector("[role=status]");
  };
  await page.goto(`${base}/begin`);
  await page.locator("a >> text=つづける").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/begin/network");
  await type("name", "東野市連絡会");
  await next("/begin/corporation");
  await type("name", "合同会社ひがし");
  // Enter in a field is the main button
  await next("/begin/office");
  await type("name", "ひがし工房");
  await page.locator("[name='corporation']").focus();
  await page.keyboard.type("合同会社ひがし");
  await page.locator("[name='mine']").focus();
  if (!(await page.locator("[name='mine']").isChecked())) await page.keyboard.press("Space");
  await page.locator("button >> text=登録して次へ").focus();
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
  assert.equal(outline, "solid", "where the focus is can be seen");
  await next("/begin/products");
  await page.goto(`${base}/operate/offices`);
  assert.ok((await page.textContent("main"))?.includes("ひがし工房"));
  await page.context().close();
});

test("a tablet comes in by the code of its card, and is out when the card is stopped", async () => {
  const manager = await operator();
  await manager.goto(`${base}/o/aozora/people`);
  await manager.fill("#card", "厨房のタブレット");
  await manager.click("button >> text=カードを作る");
  await manager.waitForSelector("svg.qr");
  assert.deepEqual(await findings(manager), [], "the card");
  const link = await manager.inputValue("#link");
  const tablet = await seat(browser, { mode: "easy", width: 820 });
  await tablet.goto(link);
  assert.ok(!tablet.url().includes("ykc_"), "the secret leaves the address");
  assert.equal(await tablet.locator("#secret").isVisible(), false, "nothing to type");
  await tablet.click("main button");
  await tablet.waitForURL("**/o/aozora");
  await manager.goto(`${base}/o/aozora/people`);
  await manager.click("li:has-text('厨房のタブレット') >> button");
  await manager.waitForSelector("text=カードを止めました");
  await tablet.reload();
  assert.ok(tablet.url().includes("/login"));
  await tablet.context().close();
  await manager.context().close();
});
