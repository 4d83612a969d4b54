// Papers as a printer gets them: pages of the PDF, where labels lie to a third of a millimetre, QRs that are read.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { base, beyond, findings, joinOnce, launch, logIn, seat, small, type Browser, type Mode, type Page } from "./browser.ts";

const jsQR = readFileSync(new URL("node_modules/jsqr/dist/jsQR.js", import.meta.url), "utf8");
const millimetre = 96 / 25.4;

/// Sheets as their makers state them: cell, columns, rows, first corner, pitch, in millimetres.
const sheets: Record<string, { cell: [number, number]; cells: [number, number]; first: [number, number]; pitch: [number, number] }> = {
  "24": { cell: [66, 33.9], cells: [3, 8], first: [6, 12.9], pitch: [66, 33.9] },
  "24-wide": { cell: [70, 33.9], cells: [3, 8], first: [0, 12.7], pitch: [70, 33.9] },
  "44": { cell: [48.3, 25.4], cells: [4, 11], first: [8.4, 8.8], pitch: [48.3, 25.4] },
  "65": { cell: [38.1, 21.2], cells: [5, 13], first: [4.75, 10.92], pitch: [40.6, 21.2] },
  "12": { cell: [83.8, 42.3], cells: [2, 6], first: [20.3, 20.3], pitch: [87.6, 42.3] },
};

let browser: Browser;
let kitchen: Page;

before(async () => {
  browser = await launch();
  const page = await seat(browser);
  await joinOnce(page, "aozora");
  await page.context().close();
  kitchen = await at();
  // a lot of today, so that there is something to label
  await kitchen.goto(`${base}/o/aozora/produce`);
  await kitchen.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  await kitchen.fill("[name='made/shiso']", "30");
  await kitchen.fill("[name='made/bento']", "30");
  await kitchen.click("button >> text=記録する");
  await kitchen.waitForSelector("[role=status]");
});

after(async () => await browser.close());

async function at(options: Parameters<typeof seat>[1] = {}): Promise<Page> {
  const page = await seat(browser, options);
  await logIn(page, "aozora");
  return page;
}

/// The newest lot of a product in the kitchen's store.
async function newest(product: string): Promise<string> {
  await kitchen.goto(`${base}/o/aozora/stock`);
  const rows = kitchen.locator("table >> nth=0 >> tr", { hasText: product });
  return (await rows.last().locator("a").textContent()) ?? "";
}

/// Pages of a PDF, and their sizes in points.
function pages(pdf: Buffer): string[] {
  const text = pdf.toString("latin1");
  const boxes = [...text.matchAll(/\/MediaBox\s*\[([^\]]*)\]/g)].map((box) => box[1].trim());
  assert.equal((text.match(/\/Type\s*\/Page[^s]/g) ?? []).length, boxes.length);
  return boxes;
}

/// An A4 is 595.28 × 841.89 points.
function areA4(boxes: string[]) {
  for (const box of boxes) {
    const [x, y, width, height] = box.split(/\s+/).map(Number);
    assert.ok(x === 0 && y === 0 && Math.abs(width - 595.28) < 1 && Math.abs(height - 841.89) < 1, box);
  }
}

async function printed(page: Page): Promise<string[]> {
  const boxes = pages(await page.pdf({ preferCSSPageSize: true, printBackground: false }));
  areA4(boxes);
  return boxes;
}

test("labels lie where the sheet has them, to a third of a millimetre, and no sheet is a page too many", async () => {
  const code = await newest("日替わり弁当");
  for (const [sheet, is] of Object.entries(sheets)) {
    const cells = is.cells[0] * is.cells[1];
    const shift = { right: 3, down: -2 };
    // one more than a sheet holds, from the second cell on
    await kitchen.goto(
      `${base}/o/aozora/labels/print?sheet=${sheet}&form=box&small=yes&start=2&right=${shift.right}&down=${shift.down}&copies/${code}=${cells}`,
    );
    assert.equal((await printed(kitchen)).length, 2, sheet);
    await kitchen.emulateMedia({ media: "print" });
    const found = await kitchen.evaluate(() =>
      [...document.querySelectorAll(".a4")].map((sheet) => {
        const paper = sheet.getBoundingClientRect();
        const boxes = [...sheet.querySelectorAll(".label")].map((label) => label.getBoundingClientRect());
        return {
          paper: [paper.width, paper.height],
          labels: boxes.map((box) => [box.x - paper.x, box.y - paper.y, box.width, box.height]),
        };
      }),
    );
    await kitchen.emulateMedia({ media: null });
    assert.deepEqual(found.map(({ labels }) => labels.length), [cells, 1]);
    for (const { paper, labels } of found) {
      assert.ok(Math.abs(paper[0] / millimetre - 210) < 0.1 && Math.abs(paper[1] / millimetre - 297) < 0.1);
      labels.forEach((label, n) => {
        const [column, row] = [n % is.cells[0], Math.floor(n / is.cells[0])];
        const wanted = [
          is.first[0] + shift.right / 2 + column * is.pitch[0],
          is.first[1] + shift.down / 2 + row * is.pitch[1],
          ...is.cell,
        ];
        wanted.forEach((millimetres, of) => {
          const off = Math.abs(label[of] / millimetre - millimetres);
          assert.ok(off <= 0.3, `${sheet}, cell ${n + 1}: ${off} mm`);
        });
      });
    }
    assert.deepEqual(await cut(kitchen), [], `${sheet}: cut off`);
  }
});

/// Labels with more in them than there is room.
async function cut(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll(".label")]
      .filter((label) => label.scrollHeight > label.clientHeight || label.scrollWidth > label.clientWidth)
      .map((label) => (label.textContent ?? "").replace(/\s+/g, " ")),
  );
}

test("what is reckoned to fit is not cut off, in both sizes of letters and on every sheet", async () => {
  const code = await newest("日替わり弁当");
  let shown = 0;
  for (const sheet of Object.keys(sheets)) {
    for (const form of ["price", "food", "box"]) {
      for (const letters of ["", "&small=yes"]) {
        const answer = await kitchen.goto(`${base}/o/aozora/labels/print?sheet=${sheet}&form=${form}${letters}&copies/${code}=1`);
        if (answer?.status() === 422) continue;
        assert.equal(await kitchen.locator(".label").count(), 1);
        assert.deepEqual(await cut(kitchen), [], `${sheet} ${form} ${letters}`);
        shown += 1;
      }
    }
  }
  assert.ok(shown >= 12, `${shown} of 30`);
});

test("the QR of each form is read, and leads anybody to the lot", async () => {
  const code = await newest("日替わり弁当");
  for (const form of ["price", "food", "box"]) {
    await kitchen.goto(`${base}/o/aozora/labels/print?sheet=12&form=${form}&small=yes&copies/${code}=1`);
    await kitchen.evaluate(`(() => { const module = undefined, exports = undefined; ${jsQR}; })()`);
    const address = await kitchen.evaluate(async () => {
      const svg = document.querySelector(".code svg") as SVGElement;
      const picture = new Image();
      picture.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
      await picture.decode();
      // as many points as a printer of 300 dpi has on 14 mm
      const canvas = Object.assign(document.createElement("canvas"), { width: 165, height: 165 });
      const context = canvas.getContext("2d") as CanvasRenderingContext2D;
      context.fillStyle = "#fff";
      context.fillRect(0, 0, 165, 165);
      context.drawImage(picture, 0, 0, 165, 165);
      // @ts-expect-error the script that was just put in
      return globalThis.jsQR(context.getImageData(0, 0, 165, 165).data, 165, 165)?.data ?? "";
    });
    assert.match(address, new RegExp(`^${base}/l/${code}-[0-9a-z]{16}$`), form);
    const anybody = await seat(browser, { width: 360 });
    await anybody.goto(address);
    assert.ok((await anybody.textContent("h1"))?.includes("日替わり弁当"));
    assert.deepEqual(await findings(anybody), []);
    assert.equal(await beyond(anybody), 0);
    assert.equal(await anybody.locator("a[href^='/o/']").count(), 0);
    await anybody.context().close();
  }
});

test("a delivery note is one A4 with the cut in its middle", async () => {
  await kitchen.goto(`${base}/o/aozora/entries?from=2026-06-02&to=2026-06-02`);
  await kitchen.click("a:has-text('届けに出しました') >> nth=0");
  await kitchen.click("a >> text=納品書・受領書を印刷する");
  await kitchen.waitForSelector(".a4");
  assert.equal((await printed(kitchen)).length, await kitchen.locator(".a4").count());
  await kitchen.emulateMedia({ media: "print" });
  const halves = await kitchen.evaluate(() => {
    const paper = (document.querySelector(".a4") as Element).getBoundingClientRect();
    return [...document.querySelectorAll(".a4:first-child .half")].map((half) => ({
      at: half.getBoundingClientRect().y - paper.y,
      is_cut: half.scrollHeight > half.clientHeight,
    }));
  });
  assert.ok(Math.abs(halves[1].at / millimetre - 148.5) <= 0.3, `${halves[1].at / millimetre} mm`);
  assert.deepEqual(halves.map((half) => half.is_cut), [false, false]);
  // what is for the screen alone is not printed
  assert.equal(await kitchen.locator(".tools").isVisible(), false);
  await kitchen.emulateMedia({ media: null });
});

test("every paper fills whole A4s and nothing else", async () => {
  for (const path of ["papers/count-sheet", "labels/calibrate"]) {
    await kitchen.goto(`${base}/o/aozora/${path}`);
    assert.equal((await printed(kitchen)).length, await kitchen.locator(".a4").count(), path);
    await kitchen.emulateMedia({ media: "print" });
    const isCut = await kitchen.locator(".a4").evaluateAll((all) => all.some((sheet) => sheet.scrollHeight > sheet.clientHeight));
    await kitchen.emulateMedia({ media: null });
    assert.equal(isCut, false, path);
  }
});

for (const mode of ["plain", "easy"] as Mode[]) {
  for (const width of [1280, 820, 360]) {
    test(`papers and labels are accessible, ${mode}, ${width} px`, async () => {
      const code = await newest("日替わり弁当");
      const page = await at({ mode, width });
      await page.goto(`${base}/o/aozora/entries?from=2026-06-02&to=2026-06-02`);
      const shipment = await page.locator("a:has-text('届けに出しました')").first().getAttribute("href");
      for (const path of [
        `${shipment}/delivery-note`,
        "/o/aozora/papers",
        "/o/aozora/papers/count-sheet",
        `/o/aozora/labels?lot=${code}`,
        `/o/aozora/labels/print?form=price&sheet=24&copies/${code}=3`,
        `/o/aozora/labels/print?form=food&sheet=65&copies/${code}=3`,
        "/o/aozora/labels/calibrate",
        "/o/aozora/labels/facts",
        "/o/aozora/labels/facts/bento",
        `/o/aozora/lots/${code}`,
        `/o/aozora/lots/${code}/disown`,
      ]) {
        await page.goto(base + path);
        assert.deepEqual(await findings(page), [], path);
        assert.deepEqual(await small(page, mode === "easy" ? 64 : 44), [], path);
        assert.equal(await beyond(page), 0, `${path} is wider than its window`);
      }
      await page.context().close();
    });
  }
}
