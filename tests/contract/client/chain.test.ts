// From the field to the customer through three offices, each with a program of its own: the farm's carrots, the kitchen's
// bento, the shop's sale; and what each may know of it.
//
//   YOKOITO_URL=… YOKOITO_PEOPLE="$(node set-up.ts …)" node --test chain.test.ts

import { strict as assert } from "node:assert";
import { test } from "node:test";
import { connect, done, keyed, recorded } from "./api.ts";
import type { People } from "./set-up.ts";

const url = process.env["YOKOITO_URL"];
assert(url);
const people = JSON.parse(process.env["YOKOITO_PEOPLE"] ?? "{}") as People;
const farm = connect(url, people.farm);
const kitchen = connect(url, people.kitchen);
const shop = connect(url, people.shop);

const CARROT = "A-0602-CARROT";
const RICE = "B-0602-RICE";
const BENTO = "B-0603-BENTO";
// 12.345 kg at ¥145, for the kitchen alone: ¥1,790.025, cut off below the yen
const FARM_PRICE = { unit: "145", yen: 1790 };

const harvest = {
  params: keyed("harvest-0602"),
  body: {
    office: "a", supplied_on: "2026-06-02",
    lines: [{ product: "carrot", quantity: "12.345", lot: { code: CARROT, field: "西の畑" } }],
  },
};

test("goods pass from the farm through the kitchen and the shop to a customer", async () => {
  await recorded(farm.POST("/v1/productions", harvest));
  await recorded(farm.POST("/v1/shipments", {
    params: keyed("ship-0602"),
    body: {
      office: "a", supplied_on: "2026-06-02", to: "b",
      lines: [{ lot: CARROT, quantity: "12.345", unit_price: FARM_PRICE.unit }],
    },
  }));
  await recorded(kitchen.POST("/v1/receipts", {
    params: keyed("receive-0602"),
    body: {
      office: "b", supplied_on: "2026-06-02", shipment: { office: "a", key: "ship-0602" }, all: true, purpose: "material",
    },
  }));
  await recorded(kitchen.POST("/v1/purchases", {
    params: keyed("rice-0602"),
    body: {
      office: "b", supplied_on: "2026-06-02", supplier: "komeya",
      lines: [{ product: "rice", quantity: "10", amount: 5400, lot: { code: RICE, origin: "国産" } }],
    },
  }));
  await recorded(kitchen.POST("/v1/processings", {
    params: keyed("cook-0603"),
    body: {
      office: "b", supplied_on: "2026-06-03",
      inputs: [{ lot: CARROT, quantity: "4" }, { lot: RICE, quantity: "6" }],
      outputs: [{ product: "bento", quantity: "40", lot: { code: BENTO } }],
    },
  }));
  await recorded(kitchen.POST("/v1/shipments", {
    params: keyed("ship-0603"),
    body: { office: "b", supplied_on: "2026-06-03", to: "c", lines: [{ lot: BENTO, quantity: "20" }] },
  }));
  await recorded(shop.POST("/v1/receipts", {
    params: keyed("receive-0603"),
    body: {
      office: "c", supplied_on: "2026-06-03", shipment: { office: "b", key: "ship-0603" }, all: true,
      purpose: "merchandise",
    },
  }));
  const sale = await recorded(shop.POST("/v1/sales", {
    params: keyed("sale-0603"),
    body: {
      office: "c", supplied_on: "2026-06-03", lines: [{ lot: BENTO, quantity: "8", unit_price: "620" }],
      paid: { by: "cash" },
    },
  }));
  const entry = await done(shop.GET("/v1/entries/{entry}", { params: { path: { entry: sale.entry } } }));
  const taken = entry.postings.find((posting) => posting.account === "cash");
  assert.equal(taken?.yen, 8 * 620);
});

test("a bento is traced back to the carrot and its maker", async () => {
  const path = { lot: BENTO };
  const tree = await done(shop.GET("/v1/lots/{lot}/trace", { params: { path, query: { quantity: "1" } } }));
  const carrot = tree.steps.find((step) => step.lot.code === CARROT);
  assert(carrot);
  assert.equal(carrot.lot.maker.name, "A農園");
  assert.equal(carrot.lot.field, "西の畑");
  assert.equal(tree.steps[carrot.parent ?? -1]?.lot.code, BENTO);
  // 4 kg in 40 bento: 100 g in one
  assert.equal(Number(carrot.part.quantity), 0.1);
});

test("the shop is not told what the kitchen paid the farm", async () => {
  const params = { path: { lot: BENTO } };
  const toShop = await done(shop.GET("/v1/lots/{lot}/trace", { params }));
  const carrot = toShop.steps.find((step) => step.lot.code === CARROT);
  assert(carrot);
  assert.equal(carrot.bought, undefined);
  assert.deepEqual(carrot.passages.map((passage) => passage.paid), carrot.passages.map(() => undefined));
  const entries = await done(shop.GET("/v1/entries", { params: { query: { limit: 200 } } }));
  const prices = await done(shop.GET("/v1/prices"));
  for (const answer of [toShop, entries, prices]) {
    const text = JSON.stringify(answer);
    assert(!text.includes(String(FARM_PRICE.yen)) && !text.includes(`"${FARM_PRICE.unit}"`), text);
  }

  const toKitchen = await done(kitchen.GET("/v1/lots/{lot}/trace", { params }));
  const seen = toKitchen.steps.find((step) => step.lot.code === CARROT);
  assert.equal(seen?.passages[0]?.paid?.yen, FARM_PRICE.yen);
});

test("sent again it is the same entry, with another content it is refused", async () => {
  const again = await farm.POST("/v1/productions", harvest);
  assert.equal(again.response.status, 200);
  assert.equal(again.response.headers.get("Idempotency-Replayed"), "true");
  const once = await farm.POST("/v1/productions", harvest);
  assert.deepEqual(again.data, once.data);
  const lines = [{ product: "carrot", quantity: "13" }];
  const other = await farm.POST("/v1/productions", { ...harvest, body: { ...harvest.body, lines } });
  assert.equal(other.response.status, 409);
  assert.equal(other.error?.code, "key-reused");
});

test("what somebody may not know of is not there for them", async () => {
  const shipment = await done(farm.GET("/v1/shipments", { params: { query: { office: "a" } } }));
  const entry = shipment.entries[0]?.id;
  assert(entry);
  const { response, error } = await shop.GET("/v1/entries/{entry}", { params: { path: { entry } } });
  assert.equal(response.status, 404);
  assert.equal(error?.code, "not-found");
});
