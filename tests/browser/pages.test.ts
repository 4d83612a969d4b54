// What the offices do in a day, in a real browser, and what holds on every page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, beyond, findings, invitations, join, launch, logIn, seat, small, type Browser, type Mode, type Page } from "./browser.ts";

let browser: Browser;

before(async () => {
  browser = await launch();
  for (const office of Object.keys(invitations)) {
    const page = await seat(browser);
    await join(page, office);
    await page.context().close();
  }
});

after(async () => await browser.close());

async function at(office: string, options: Parameters<typeof seat>[1] = {}): Promise<Page> {
  const page = await seat(browser, options);
  await logIn(page, office);
  return page;
}

/// Taps of a way through the pages.
function tapper(page: Page) {
  let taps = 0;
  return {
    tap: async (what: string) => {
      taps += 1;
      await page.click(what);
    },
    type: async (where: string, text: string) => {
      taps += 1;
      await page.fill(where, text);
    },
    taps: () => taps,
  };
}

test("vegetables become a bento, which another office orders and receives", async () => {
  const [farm, kitchen, shop] = [await at("hinata"), await at("aozora"), await at("ito")];

  // the farm harvests: 1 tap, a number, 1 tap
  const harvest = tapper(farm);
  await harvest.tap("text=今日の生産");
  await harvest.type("[name='made/carrot']", "１２．５kg");
  await harvest.tap("button >> text=記録する");
  await farm.waitForSelector("[role=status]");
  assert.ok(harvest.taps() <= 3);
  await farm.goto(`${base}/o/hinata/stock`);
  const row = farm.locator("tr", { hasText: "12.5 kg" }).first();
  const carrots = (await row.locator("a").textContent()) ?? "";
  assert.match(carrots, /^[A-Za-z0-9._-]+$/);

  // and delivers to the kitchen: ship, receiver, a number, done
  const delivery = tapper(farm);
  await farm.goto(`${base}/o/hinata`);
  await delivery.tap("main >> text=納品");
  await delivery.tap("a.tile >> text=あおぞらキッチン");
  await delivery.type(`[name='ship/${carrots}']`, "10");
  await delivery.tap("button >> text=届けに出す");
  await farm.waitForSelector("[role=status]");
  assert.ok(delivery.taps() <= 4, `${delivery.taps()} taps`);

  // half a kilo is missing
  await kitchen.reload();
  const receipt = tapper(kitchen);
  await receipt.tap("main .todo a >> nth=0");
  assert.equal(await kitchen.inputValue("[name$='/accepted']"), "10");
  await receipt.type("[name$='/accepted']", "9.5");
  await receipt.type("#reason", "箱に入っていなかった");
  await receipt.tap("button >> text=受け取りを記録する");
  await kitchen.waitForSelector("text=ちがいを相手に伝えました");
  assert.ok(receipt.taps() <= 4, `${receipt.taps()} taps`);

  // until both agree it is on its way: the farm's manager sees what is said, and says yes
  const manager = await at("hinata-manager");
  const agreeing = tapper(manager);
  await agreeing.tap("text=返事をする");
  assert.ok((await manager.textContent("main"))?.includes("箱に入っていなかった"));
  await agreeing.tap("button >> text=同意する >> nth=0");
  await manager.waitForSelector("text=同意しました");
  assert.equal(agreeing.taps(), 2);
  await kitchen.goto(`${base}/o/aozora`);
  assert.ok(!(await kitchen.textContent("main"))?.includes("返事待ち"));
  await manager.context().close();

  // the kitchen cooks by its recipe, with what there is
  await kitchen.goto(`${base}/o/aozora/process`);
  await kitchen.click("a.tile >> nth=0");
  await kitchen.waitForSelector("text=使ったもの");
  for (const input of await kitchen.locator("input[name^='in/']").all()) await input.fill("");
  const carrot = kitchen.locator("tr", { hasText: "にんじん" }).locator("input");
  await carrot.fill("3");
  await kitchen.fill("[name='out/bento']", "40");
  await kitchen.click("button >> text=記録する");
  await kitchen.waitForSelector("text=加工を記録しました");

  // the shop orders for tomorrow, the kitchen sends what was ordered
  await shop.click("main >> text=注文");
  await shop.click("a.tile >> text=あおぞらキッチン");
  await shop.fill("[name='want/bento']", "8");
  await shop.click("button >> text=注文する");
  await shop.waitForSelector("[role=status]");
  await kitchen.goto(`${base}/o/aozora`);
  const sending = tapper(kitchen);
  await sending.tap("text=注文が来ています");
  await sending.tap("button >> text=届けに出す");
  await kitchen.waitForSelector("[role=status]");
  assert.equal(sending.taps(), 2, "prefilled from the order");

  // all of it arrives: two taps from the home page
  await shop.goto(`${base}/o/ito`);
  const all = tapper(shop);
  await all.tap("main .tile >> text=受け取り");
  await all.tap("text=ぜんぶOK");
  await shop.waitForSelector("text=受け取りを記録しました");
  assert.equal(all.taps(), 2);

  // from the shop's stock to the carrot in two taps
  const trace = tapper(shop);
  await trace.tap("nav >> text=在庫");
  await trace.tap("tr:has-text('日替わり弁当') >> nth=-1 >> a");
  await shop.waitForSelector("figure.chain svg");
  assert.ok((await shop.textContent("main"))?.includes(carrots), "the carrots of the farm are in it");
  for (const page of [farm, kitchen, shop]) await page.context().close();
});

test("what was recorded by mistake is taken back in two taps from the page that says so", async () => {
  const page = await at("hinata");
  await page.goto(`${base}/o/hinata/produce`);
  await page.fill("[name='made/cucumber']", "7");
  await page.click("button >> text=記録する");
  const undo = tapper(page);
  await undo.tap("text=記録を見る・取り消す");
  await undo.tap("button >> text=取り消す");
  await page.waitForSelector("text=取り消しました。");
  assert.equal(undo.taps(), 2);
  await page.context().close();
});

const pages = (office: string) => [
  "/help",
  `/o/${office}`,
  `/o/${office}/produce`,
  `/o/${office}/process`,
  `/o/${office}/stock`,
  `/o/${office}/receive`,
  `/o/${office}/ship`,
  `/o/${office}/ship?to=aozora`,
  `/o/${office}/order`,
  `/o/${office}/order?to=aozora`,
  `/o/${office}/sell`,
  `/o/${office}/entries`,
  `/o/${office}/excel`,
  `/o/${office}/lots/KIT-0602-BENTO`,
  "/nothing",
];

for (const mode of ["plain", "easy"] as Mode[]) {
  for (const width of [1280, 820, 360]) {
    test(`every page is accessible, ${mode}, ${width} px`, async () => {
      const page = await at("ito", { mode, width });
      for (const path of ["/login", "/setup", ...pages("ito")]) {
        await page.goto(base + path);
        assert.deepEqual(await findings(page), [], path);
        assert.deepEqual(await small(page, mode === "easy" ? 64 : 44), [], path);
        assert.equal(await beyond(page), 0, `${path} is wider than its window`);
      }
      await page.context().close();
    });
  }
}

const staff = [
  "/use",
  "/dispose",
  "/count",
  "/money",
  "/money/earn",
  "/money/open",
  "/money/purchase",
  "/money/spend",
  "/money/move",
  "/money/count",
  "/money/pay?debt=receivable%20office%20aozora",
  "/money/write-off?debt=receivable%20office%20aozora",
  "/money/journal?from=2026-06-01&to=2026-06-30",
  "/money/journal/columns",
  "/money/production?from=2026-06-01&to=2026-06-30",
  "/netting",
  "/netting/aozora",
  "/transfers",
  "/transfers/bank",
  "/close?month=2026-06",
  "/proposals",
  "/open/goods",
  "/open/money",
  "/open/debts",
  "/open/wages",
  "/order/deadline",
  "/order/weekly?to=minori",
  "/excel",
];

for (const width of [1280, 820, 360]) {
  test(`what staff and managers do besides is accessible, ${width} px`, async () => {
    const page = await at("hinata-manager", { width });
    await page.goto(`${base}/o/hinata/stock`);
    const lot = (await page.locator("table a").first().getAttribute("href")) ?? "";
    await page.goto(`${base}/o/hinata/entries`);
    const entry = page.locator(".history a:not(:has(.undone))", { hasText: "作りました" }).first();
    const corrected = `${await entry.getAttribute("href")}/correct`;
    for (const path of [...staff.map((path) => `/o/hinata${path}`), lot, `${lot}/recall`, corrected]) {
      const answer = await page.goto(base + path);
      assert.ok(answer?.ok() || path.includes("weekly"), path);
      assert.deepEqual(await findings(page), [], path);
      assert.deepEqual(await small(page, 44), [], path);
      assert.equal(await beyond(page), 0, `${path} is wider than its window`);
    }
    await page.context().close();
  });
}

test("two who count the same delivery notice each other", async () => {
  const [farm, one] = [await at("hinata"), await at("aozora")];
  await farm.goto(`${base}/o/hinata/produce`);
  await farm.fill("[name='made/cucumber']", "6");
  await farm.click("button >> text=記録する");
  await farm.goto(`${base}/o/hinata/ship?to=aozora`);
  await farm.locator("tr", { hasText: "きゅうり" }).locator("input").first().fill("1");
  await farm.click("button >> text=届けに出す");
  await farm.waitForSelector("[role=status]");
  await one.goto(`${base}/o/aozora`);
  await one.click("main .todo a[href*='/receive/'] >> nth=-1");
  const other = await one.context().newPage();
  await other.goto(one.url());
  await one.click("button >> text=受け取りを記録する");
  await one.waitForSelector("text=受け取りを記録しました");
  await other.click("button >> text=受け取りを記録する");
  // it says so, and nothing is there twice
  assert.ok(/見つかりません|まだ記録していません|記録できません|ありません|足りません|ロット/.test((await other.textContent("main")) ?? ""));
  assert.equal(await other.locator("text=受け取りを記録しました").count(), 0);
  for (const page of [farm, one]) await page.context().close();
});

test("on 320 px and with letters twice as large nothing is lost sideways", async () => {
  for (const mode of ["plain", "easy"] as Mode[]) {
    const page = await at("ito", { mode, width: 320 });
    for (const path of pages("ito")) {
      await page.goto(base + path);
      assert.equal(await beyond(page), 0, `${path}, ${mode}`);
    }
    await page.setViewportSize({ width: 640, height: 900 });
    for (const path of pages("ito")) {
      await page.goto(base + path);
      await page.addStyleTag({ content: "html { font-size: 200%; }" });
      assert.equal(await beyond(page), 0, `${path}, ${mode}, 200 %`);
    }
    await page.context().close();
  }
});

test("a grid is filled by keyboard alone, and pasted from a spreadsheet", async () => {
  const page = await at("hinata");
  await page.goto(`${base}/o/hinata/produce`);
  const inputs = page.locator("table.grid >> nth=0 >> input");
  await inputs.first().focus();
  for (const typed of ["1", "2", "3"]) {
    await page.keyboard.type(typed);
    await page.keyboard.press("Enter");
  }
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.evaluate(() => (document.activeElement as HTMLInputElement).value), "3");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
  assert.equal(outline, "solid", "where the focus is can be seen");
  await inputs.first().focus();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "4\t\n５\n6\n");
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  const values = await Promise.all([0, 1, 2].map((n) => inputs.nth(n).inputValue()));
  assert.deepEqual(values, ["4", "５", "6"]);
  // to the button and on, without a mouse
  await page.locator("button >> text=記録する").focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=status]");
  await page.context().close();
});

test("a sheet is looked at, put right, recorded and taken back, and its pages are accessible", async () => {
  for (const [mode, width] of [["plain", 1280], ["plain", 360], ["easy", 820]] as [Mode, number][]) {
    const page = await at("hinata", { mode, width });
    const looked = async (what: string) => {
      assert.deepEqual(await findings(page), [], `${what}, ${mode}, ${width}`);
      assert.deepEqual(await small(page, mode === "easy" ? 64 : 44), [], `${what}, ${mode}, ${width}`);
      assert.equal(await beyond(page), 0, `${what} is wider than its window, ${mode}, ${width}`);
    };
    await page.goto(`${base}/o/hinata/excel`);
    const today = await page.inputValue("#supplied_on");
    // a name of its own each time: another file
    const csv = `日付,品目,数量,備考\n${today},carrot,十個,${mode} ${width}\n${today},cucumber,3,\n`;
    await page.setInputFiles("#file", { name: "きょう.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.locator("button >> text=表を読む").focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=直すこと");
    assert.ok((await page.textContent("main"))?.includes("2行目 数量：『十個』は数字ではありません。10 と入れてください。"));
    await looked("what is wrong");
    const fix = page.locator("fieldset.fix input[aria-invalid=true]");
    await fix.focus();
    await fix.fill("10");
    await page.locator("button >> text=直した内容で確かめる").focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=2行を記録する");
    await looked("what would be recorded");
    await page.locator("button >> text=2行を記録する").focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=この取りこみを取り消す");
    await looked("what was recorded");
    await page.locator("button >> text=この取りこみを取り消す").focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=status]");
    await looked("what was taken back");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.goto(`${base}/o/hinata/files/stock.xlsx`).catch(() => undefined),
    ]);
    assert.equal(download.suggestedFilename(), "在庫.xlsx");
    await page.context().close();
  }
});

test("without scripts everything is there", async () => {
  const page = await at("hinata", { scripts: false });
  await page.goto(`${base}/o/hinata/produce`);
  await page.fill("[name='made/eggplant']", "2");
  await page.click("button >> text=記録する");
  assert.ok((await page.textContent("[role=status]"))?.includes("作ったものを記録しました"));
  await page.context().close();
});
