// Pictures of the main pages, for the README and for looking at them.

import { base, invitations, join, launch, logIn, seat } from "./browser.ts";

const folder = process.env.YOKOITO_SCREENSHOTS;
const browser = await launch();
for (const office of Object.keys(invitations)) {
  const page = await seat(browser);
  await join(page, office);
  await page.context().close();
}
for (const mode of ["plain", "easy"] as const) {
  const page = await seat(browser, { mode, width: 1024 });
  await logIn(page, "aozora");
  for (const [name, path] of [
    ["home", "/o/aozora"],
    ["produce", "/o/aozora/produce"],
    ["process", "/o/aozora/process?recipe=higawari&batches=8"],
    ["lot", "/o/aozora/lots/KIT-0602-BENTO"],
    ["stock", "/o/aozora/stock"],
    ["history", "/o/aozora/entries?from=2026-06-02&to=2026-06-02"],
    ["order", "/o/aozora/order?to=hinata"],
    ["ship", "/o/aozora/ship?to=ito"],
    ["excel", "/o/aozora/excel"],
  ] as const) {
    await page.goto(base + path);
    await page.screenshot({ path: `${folder}/${name}-${mode}.png`, fullPage: true });
  }
  if (mode === "plain") {
    await page.goto(`${base}/o/aozora/excel`);
    const csv = "日付,品目,数量\n2026-06-02,bento,十個\n2026-06-02,べんとう,3\n2026-06-02,bento,12\n";
    await page.setInputFiles("#file", { name: "6月.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.click("text=表を読む");
    await page.waitForSelector("text=直すこと");
    await page.screenshot({ path: `${folder}/excel-preview.png`, fullPage: true });
  }
  await page.context().close();
}
// papers and labels of the kitchen
const page = await seat(browser, { width: 1024 });
await logIn(page, "aozora");
await page.goto(`${base}/o/aozora/produce`);
await page.fill("[name='made/bento']", "30");
await page.click("button >> text=記録する");
await page.goto(`${base}/o/aozora/stock`);
const lot = await page.locator("table >> nth=0 >> tr", { hasText: "日替わり弁当" }).last().locator("a").textContent();
const at = async (search: string) => {
  await page.goto(`${base}/o/aozora/entries?from=2026-06-02&to=2026-06-02`);
  return await page.locator("a", { hasText: search }).first().getAttribute("href");
};
for (const [name, path] of [
  ["delivery-note", `${await at("届けに出しました")}/delivery-note`],
  ["order-form", `${await at("注文")}/order-form`],
  ["count-sheet", "/o/aozora/papers/count-sheet"],
  ["labels-choose", `/o/aozora/labels?lot=${lot}`],
  ["labels-food", `/o/aozora/labels/print?sheet=12&form=food&copies/${lot}=12`],
  ["labels-price", `/o/aozora/labels/print?sheet=44&form=price&start=6&copies/${lot}=20`],
  ["calibration", "/o/aozora/labels/calibrate"],
  ["food-facts", "/o/aozora/labels/facts/bento"],
]) {
  await page.goto(base + path);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
await browser.close();
