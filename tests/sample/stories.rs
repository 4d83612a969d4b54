//! The stories of the README, each looked up in the book under its office and key. Figures are worked out by hand from
//! what the acts state.

use crate::month::rows;
use acceptance::world::World;
use domain::{
    account::AccountKind,
    id::{self, Acting, OfficeId},
    place::PlaceKind,
};

pub async fn check(world: &World) {
    let book = Stories { world };
    book.what_comes_late_shows_both_dates().await;
    book.a_wrong_harvest_is_put_right_after_use().await;
    book.what_did_not_arrive_or_came_back().await;
    book.more_than_the_book_knew().await;
    book.a_double_sale_is_taken_back().await;
    book.money_goes_back_on_both_sides().await;
    book.tax_as_printed_and_once_per_period().await;
    book.paid_for_others_and_paid_out().await;
    book.a_bento_is_made_of_the_corrected_cucumbers().await;
}

struct Stories<'w> {
    world: &'w World,
}

impl Stories<'_> {
    async fn what_comes_late_shows_both_dates(&self) {
        // May was closed on 3 June, June on 6 July
        let days = [(20_260_529, 20_260_601), (20_260_630, 20_260_701)];
        assert_eq!(self.days("hinata", "2026-05-29-seed-late").await, days[0]);
        assert_eq!(self.days("hinata", "2026-06-30-power-late").await, days[1]);
        assert_eq!(
            self.posted("hinata", "2026-05-29-seed-late", "hinata", AccountKind::Supplies)
                .await,
            13_200
        );
    }

    async fn a_wrong_harvest_is_put_right_after_use(&self) {
        let lot = "HIN-0609-CUCUMBER";
        let used = "SELECT CAST(COUNT(*) AS bigint) FROM movement m JOIN lot l ON l.no = m.lot_no \
                    WHERE l.code = 'HIN-0609-CUCUMBER' AND m.seq < ";
        let correction = self.seq("hinata", "2026-06-10-correct-harvest").await;
        // born, shipped, received, cooked, sold at the gate …
        assert!(self.world.number(&format!("{used}{correction}")).await > 3);
        // 12 kg in grams: 3.5 in the bento of two days, 8.5 sold by farm and market
        assert_eq!(self.at(lot, PlaceKind::Made, "hinata").await, -12_000);
        assert_eq!(self.at(lot, PlaceKind::Used, "aozora").await, 3_500);
        assert_eq!(self.at(lot, PlaceKind::Sold, "hinata").await, 4_500);
        assert_eq!(self.at(lot, PlaceKind::Sold, "marche").await, 4_000);
        assert_eq!(self.at(lot, PlaceKind::Store, "hinata").await, 0);
    }

    async fn what_did_not_arrive_or_came_back(&self) {
        // 14 sent, 13 there; the producer bears it and 13 are charged
        assert_eq!(self.at("KIT-0604-BENTO", PlaceKind::Lost, "aozora").await, 1);
        assert_eq!(self.at("KIT-0604-BENTO", PlaceKind::Used, "mori").await, 13);
        let short = self.posted(
            "mori",
            "2026-06-04-receive-bento",
            "mori",
            AccountKind::WelfareFood,
        );
        assert_eq!(short.await, 13 * 480);
        // rejected: back to the farm and thrown away there
        assert_eq!(self.at("HIN-0611-LETTUCE", PlaceKind::Lost, "hinata").await, 5);
        assert_eq!(self.days("hinata", "2026-06-11-dispose").await.0, 20_260_611);
        // two kilograms of green potatoes: at ¥200 a kilogram
        assert_eq!(self.at("HIN-0617-POTATO", PlaceKind::Lost, "hinata").await, 2_000);
        let returned = self.posted(
            "aozora",
            "2026-06-18-return-potato",
            "aozora",
            AccountKind::Materials,
        );
        assert_eq!(returned.await, -400);
        // taken back from a shelf, no money
        assert_eq!(
            self.moved(
                "ito",
                "2026-06-23-return-hoshi",
                "hoshi",
                PlaceKind::Shelf,
                PlaceKind::Store
            )
            .await,
            5
        );
    }

    async fn more_than_the_book_knew(&self) {
        // one kilogram sold of which the book knew nothing; the count at month's end confirms that none is left
        let ahead = self.moved(
            "marche",
            "2026-06-19-sale-ahead",
            "marche",
            PlaceKind::Found,
            PlaceKind::Store,
        );
        assert_eq!(ahead.await, 1_000);
        assert_eq!(self.at("HIN-0619-EGGPLANT", PlaceKind::Store, "marche").await, 0);
        let surplus = self.moved(
            "hoshi",
            "2026-06-15-receive-hinata",
            "hoshi",
            PlaceKind::Store,
            PlaceKind::Store,
        );
        assert_eq!(surplus.await, 500);
        assert_eq!(self.at("MOR-FOUND-SHIORI", PlaceKind::Store, "mori").await, 3);
        // a pair of chopsticks missing on a shelf whose holder bears losses
        let missing = self.posted("marche", "2026-06-30-stocktake-mori", "mori", AccountKind::Sales);
        assert_eq!(missing.await, -800);
    }

    async fn a_double_sale_is_taken_back(&self) {
        // 2 × ¥160 + 2 × ¥170
        let (sale, back) = ("2026-06-16-sale-cash-again", "2026-06-17-reverse-sale");
        assert_eq!(
            self.posted("komugi", sale, "komugi", AccountKind::TillCash).await,
            660
        );
        assert_eq!(
            self.posted("komugi", back, "komugi", AccountKind::TillCash).await,
            -660
        );
        assert_eq!(self.days("komugi", back).await, (20_260_616, 20_260_616));
        let mirrored = self.seq("komugi", back).await;
        let mirrored = format!("SELECT CAST(reverses_seq AS bigint) FROM entry WHERE seq = {mirrored}");
        assert_eq!(self.world.number(&mirrored).await, self.seq("komugi", sale).await);
    }

    async fn money_goes_back_on_both_sides(&self) {
        let back = "2026-06-15-return-tote";
        assert_eq!(
            self.posted("marche", back, "marche", AccountKind::TillCash).await,
            -1_200
        );
        assert_eq!(
            self.posted("marche", back, "ito", AccountKind::Sales).await,
            1_200
        );
        // two meals late: 2 × ¥480
        let off = "2026-06-24-allowance-asahi";
        assert_eq!(
            self.posted("aozora", off, "aozora", AccountKind::Sales).await,
            960
        );
        assert_eq!(
            self.posted("aozora", off, "asahi", AccountKind::WelfareFood)
                .await,
            -960
        );
    }

    async fn tax_as_printed_and_once_per_period(&self) {
        // chicken 4,056 + salmon 8,536 = 12,592; 8 % is 1,007.36, printed 1,007
        let meat = self.posted("aozora", "2026-06-01-meat", "aozora", AccountKind::Payable);
        assert_eq!(meat.await, -13_599);
        // 18 % of what いとぐるま sold through the market, tier reached at ¥120,000
        let commission = self
            .posted(
                "marche",
                "2026-06-30-settle-ito",
                "ito",
                AccountKind::CommissionPaid,
            )
            .await;
        assert_eq!(commission, 144_350 * 18 / 100);
        // 15 % of the price without tax, tax on top: 154,200 − 25,600 sold at the café = 128,600 with 10 % inside:
        // 128,600 · 10/110 = 11,690.9 → 116,910 net, 15 % 17,536.5 → 17,536, with tax 19,289
        let on_top = self
            .posted(
                "marche",
                "2026-06-30-settle-mori",
                "mori",
                AccountKind::CommissionPaid,
            )
            .await;
        assert_eq!(on_top, 19_289);
        // the café's vegetables are priced without tax: 8 % of the month's sum
        let (net, tax) = (self.received_net().await, "2026-06-30-settle-hoshi");
        assert_eq!(
            self.posted("hinata", tax, "hoshi", AccountKind::Materials).await,
            net * 8 / 100
        );
    }

    async fn paid_for_others_and_paid_out(&self) {
        // five offices of other corporations and the farm of the own one
        for office in ["aozora", "komugi", "ito", "mori", "hoshi"] {
            let claim = self.posted(office, "2026-06-23-leaflet", "marche", AccountKind::PaidForOthers);
            assert_eq!(claim.await, 5_500, "{office}");
        }
        assert_eq!(
            self.posted("hinata", "2026-06-23-leaflet", "marche", AccountKind::Internal)
                .await,
            5_500
        );
        // 3 % of the month's cashless sales of the kitchen, 77,550: 2,326.5
        let fee = self.posted(
            "aozora",
            "2026-07-15-itopay",
            "aozora",
            AccountKind::CommissionPaid,
        );
        assert_eq!(fee.await, 2_326);
        assert_eq!(
            self.posted("hinata", "2026-07-10-wages", "hinata", AccountKind::UnpaidWages)
                .await,
            348_000
        );
    }

    async fn a_bento_is_made_of_the_corrected_cucumbers(&self) {
        let linked = |input: &str| {
            format!(
                "SELECT CAST(k.quantity AS bigint) FROM link k JOIN lot i ON i.no = k.input_no \
                 JOIN lot o ON o.no = k.output_no WHERE i.code = '{input}' AND o.code = 'KIT-0610-BENTO'"
            )
        };
        // 82 meals of 20 g
        assert_eq!(self.world.number(&linked("HIN-0609-CUCUMBER")).await, 82 * 20);
        assert_eq!(self.world.number(&linked("KIT-0518-RICE")).await, 82 * 110);
        assert_eq!(self.at("KIT-0610-BENTO", PlaceKind::Used, "mori").await, 13);
    }
}

/// Looking things up.
impl Stories<'_> {
    /// Position of an office's entry.
    async fn seq(&self, office: &str, key: &str) -> i64 {
        let acting = acting(office);
        let sql =
            format!("SELECT CAST(seq AS bigint) FROM entry WHERE acting = '{acting}' AND key = '{key}'");
        self.world.number(&sql).await
    }

    /// Day of supply and day it counts for.
    async fn days(&self, office: &str, key: &str) -> (i64, i64) {
        let seq = self.seq(office, key).await;
        let sql = format!(
            "SELECT CAST(supplied_on AS bigint), CAST(book_on AS bigint) FROM entry WHERE seq = {seq}"
        );
        let found = rows(self.world, &sql).await;
        let number = |column| found[0].try_get_by_index(column).expect("a number");
        (number(0), number(1))
    }

    /// What an entry posted for an office on accounts of a kind.
    async fn posted(&self, recorded_by: &str, key: &str, office: &str, kind: AccountKind) -> i64 {
        let (seq, kind) = (self.seq(recorded_by, key).await, kind.number());
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(p.yen), 0) AS bigint) FROM posting p JOIN account a ON a.no = p.account_no \
             JOIN party u ON u.id = a.unit WHERE p.seq = {seq} AND a.kind = {kind} AND u.code = '{office}'"
        );
        self.world.number(&sql).await
    }

    /// Steps of a lot at the places of a kind that belong to an office.
    async fn at(&self, lot: &str, kind: PlaceKind, owner: &str) -> i64 {
        let kind = kind.number();
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(s.quantity), 0) AS bigint) FROM stock s JOIN lot l ON l.no = s.lot_no \
             JOIN place p ON p.no = s.place_no JOIN party o ON o.id = p.owner \
             WHERE l.code = '{lot}' AND p.kind = {kind} AND o.code = '{owner}'"
        );
        self.world.number(&sql).await
    }

    /// Steps that an entry moved between two kinds of places, out of or into the hands of an office.
    async fn moved(&self, recorded_by: &str, key: &str, holder: &str, from: PlaceKind, to: PlaceKind) -> i64 {
        let (seq, from, to) = (self.seq(recorded_by, key).await, from.number(), to.number());
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(m.quantity), 0) AS bigint) FROM movement m \
             JOIN place f ON f.no = m.from_no JOIN place t ON t.no = m.to_no \
             WHERE m.seq = {seq} AND f.kind = {from} AND t.kind = {to} \
             AND (SELECT id FROM party WHERE code = '{holder}' AND kind = 0) IN (f.holder, t.holder)"
        );
        self.world.number(&sql).await
    }

    /// What the farm's deliveries to the café came to without tax.
    async fn received_net(&self) -> i64 {
        let kind = AccountKind::Materials.number();
        let sql = format!(
            "SELECT CAST(SUM(p.yen) AS bigint) FROM posting p JOIN entry e ON e.seq = p.seq \
             JOIN account a ON a.no = p.account_no JOIN party u ON u.id = a.unit \
             WHERE e.kind = 'receive' AND u.code = 'hoshi' AND a.kind = {kind}"
        );
        self.world.number(&sql).await
    }
}

/// An office as entries name it.
fn acting(office: &str) -> Acting {
    let key = format!("office-{office}").parse().expect("a key");
    Acting::Office(OfficeId(id::derive(&Acting::Keeper, &key, "office", 0)))
}
