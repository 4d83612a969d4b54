//! The form of an agreement: what people often agree on. What it does not show goes along unseen.

use crate::{
    form::Form,
    masters::{
        code_field,
        fields::{Choice, Control, Field, Sheet, Values, brought},
        from_day,
    },
    number::{tidied, whole},
    record::{new_key, today},
};
use api::Api;
use app::views::{both::Asked as AtPrice, masters::AgreementView, names::Named};
use domain::{
    calendar::{Day, business_day},
    commission::{Charge, CommissionTerms},
    masters::{AgreementKind, AgreementTerms, Bearer, ConsignForm},
    money::Yen,
    tax::PriceBasis,
    text::Code,
};
use serde_json::{Map, Value, json};

/// Days for an answer when none are stated.
const DAYS: u64 = 14;
/// Steps of a commission beside the first.
const STEPS: [&str; 2] = ["step/1", "step/2"];
/// Fields of the terms that the form shows; all others go along.
const SHOWN: [&str; 9] = [
    "consign",
    "loss_bearer",
    "breakage_bearer",
    "discount_bearer",
    "closing_day",
    "pay_after_months",
    "pay_day",
    "carry_below",
    "intermediary_invoice",
];

/// Last day for an answer, as proposed.
pub fn due_on(api: &Api) -> Day {
    let today = business_day(api.book.outside().clock.now());
    today.days_later(DAYS).unwrap_or(today)
}

/// A new one.
pub fn blank(api: &Api) -> Values {
    common(api, Values::default()).with("form", "percent")
}

fn common(api: &Api, values: Values) -> Values {
    values
        .with("supplied_on", today(api))
        .with("due_on", due_on(api).to_string())
        .with("price", "1000")
}

/// What is known of an agreement, in the fields of the form.
pub fn known(api: &Api, agreement: &AgreementView, terms: &AgreementTerms) -> Values {
    let text = |number: Option<u8>| number.map_or_else(String::new, |number| number.to_string());
    let mut values = common(api, Values::default())
        .with("terms/closing_day", text(terms.closing_day))
        .with("terms/pay_after_months", text(terms.pay_after_months))
        .with("terms/pay_day", text(terms.pay_day))
        .with(
            "carry_below",
            terms
                .carry_below
                .map_or_else(String::new, |yen| yen.get().to_string()),
        )
        .with("loss", bearer(terms.loss_bearer))
        .with("breakage", terms.breakage_bearer.map_or("", bearer))
        .with("discount", bearer(terms.discount_bearer))
        .with(
            "until",
            agreement.until.map_or_else(String::new, |day| day.to_string()),
        );
    if terms.intermediary_invoice {
        values = values.with("intermediary", "yes");
    }
    match &terms.consign {
        None => values.with("form", "none"),
        Some(ConsignForm::BuyOnSale { percent_of_retail }) => match percent_of_retail {
            Some(percent) => values
                .with("form", "share")
                .with("terms/consign", percent.get().to_string()),
            None => values.with("form", "cost"),
        },
        Some(ConsignForm::Commission(CommissionTerms {
            charge,
            minimum,
            base,
            tax,
            ..
        })) => {
            let values = values
                .with(
                    "minimum",
                    minimum.map_or_else(String::new, |yen| yen.get().to_string()),
                )
                .with("base", basis(*base))
                .with("tax", basis(*tax));
            match charge {
                Charge::Percent(percent) => values
                    .with("form", "percent")
                    .with("terms/consign", percent.get().to_string()),
                Charge::PerUnit(price) => values
                    .with("form", "per_unit")
                    .with("terms/consign", price.get().to_string()),
                Charge::Tiers(tiers) => {
                    let tiers = tiers.as_slice();
                    let first = tiers
                        .first()
                        .map_or_else(String::new, |tier| tier.percent.get().to_string());
                    let values = values.with("form", "percent").with("terms/consign", first);
                    STEPS
                        .iter()
                        .zip(tiers.iter().skip(1))
                        .fold(values, |values, (step, tier)| {
                            values
                                .with(&format!("{step}/from"), tier.from.get().to_string())
                                .with(&format!("{step}/percent"), tier.percent.get().to_string())
                        })
                }
            }
        }
    }
}

const fn bearer(bearer: Bearer) -> &'static str {
    match bearer {
        Bearer::Producer => "producer",
        Bearer::Other => "other",
    }
}

const fn basis(basis: PriceBasis) -> &'static str {
    match basis {
        PriceBasis::Inclusive => "inclusive",
        PriceBasis::Exclusive => "exclusive",
    }
}

/// The sheet of a new one.
pub fn new(api: &Api, office: &Code, others: &[Named], values: &Values) -> Sheet {
    let others = others.iter().map(|other| Choice::new(&*other.code, &*other.name));
    let sides = vec![
        Choice::new("producer", "うちがつくり手(相手に売ってもらう・買ってもらう)"),
        Choice::new("other", "うちが売り手・買い手(相手の品をあつかう)"),
    ];
    let mut all = vec![
        code_field(values),
        Field::needed("with", "相手", Control::Choices(others.collect()), values),
        Field::needed("side", "うちの役", Control::Choices(sides), values),
    ];
    all.extend(fields(values, true));
    Sheet {
        fields: all,
        ..sheet(api, format!("/o/{office}/agreements"), "新しい取り決めを申し出る")
    }
}

/// The sheet that a coordinator drafts one with, for two of the network's members.
pub fn draft(api: &Api, network: &Code, members: &[Choice], values: &Values) -> Sheet {
    let which = |name, label| Field::needed(name, label, Control::Choices(members.to_vec()), values);
    let mut all = vec![
        code_field(values),
        which("producer", "つくり手"),
        which("other", "売り手・買い手(つくり手の品をあつかう)"),
    ];
    all.extend(fields(values, true));
    Sheet {
        fields: all,
        text: "2つの事業所の管理者が、どちらも同意すると、取り決めになります。".to_owned(),
        buttons: vec![
            Choice::new("propose", "両方に申し出る"),
            Choice::new("preview", "両方の取り分を見る"),
        ],
        ..sheet(
            api,
            format!("/n/{network}/agreements"),
            "取り決めの案を、2つの事業所に申し出る",
        )
    }
}

/// The sheet of new terms.
pub fn change(
    api: &Api,
    office: &Code,
    agreement: &AgreementView,
    terms: &AgreementTerms,
    values: &Values,
) -> Sheet {
    let mut all = fields(values, terms.consign.is_some());
    let hint =
        "終えるときだけ入れます。その日のあとは、新しく置けません。棚に残ったものは最後の条件で売れます。";
    all.push(Field::free("until", "取り決めの最後の日", Control::Day, values).hint(hint));
    let action = format!("/o/{office}/agreements/{}", agreement.code);
    let row = serde_json::to_value(terms).unwrap_or_default();
    Sheet {
        fields: all,
        carried: crate::masters::fields::carried(&row, &SHOWN),
        ..sheet(api, action, "新しい条件・終わりを申し出る")
    }
}

fn sheet(api: &Api, action: String, heading: &str) -> Sheet {
    Sheet {
        id: "agreement".to_owned(),
        action,
        heading: heading.to_owned(),
        text: "相手の管理者が同意すると、取り決めになります。".to_owned(),
        key: new_key(api),
        buttons: vec![
            Choice::new("propose", "相手に申し出る"),
            Choice::new("preview", "両方の取り分を見る"),
        ],
        ..Sheet::default()
    }
}

/// How the goods are sold, and what the shop gets.
fn selling(values: &Values) -> Vec<Field> {
    let mut all = Vec::new();
    let forms = vec![
        Choice::new("percent", "委託・手数料型: 売上の○%"),
        Choice::new("per_unit", "委託・手数料型: 1つ売れるごとに○円"),
        Choice::new("share", "委託・消化仕入型: 売れた値段の○%で仕入れる(掛け率)"),
        Choice::new("cost", "委託・消化仕入型: 品目ごとの仕入値で仕入れる"),
        Choice::new("none", "納入(委託ではない)"),
    ];
    let base = vec![
        Choice::new("inclusive", "税込みの売上から"),
        Choice::new("exclusive", "税抜きの売上から"),
    ];
    let tax = vec![
        Choice::new("inclusive", "消費税をふくむ"),
        Choice::new("exclusive", "消費税を足す"),
    ];
    let hint = "両方の取り分の円は「両方の取り分を見る」で確かめられます。";
    all.push(Field::needed("form", "売り方", Control::Choices(forms), values));
    all.push(Field::free("terms/consign", "上の○", Control::Number, values).hint(hint));
    for (step, label) in STEPS.iter().zip(["売上が多いとき", "売上がもっと多いとき"]) {
        let from = format!("{label}: 期間の売上がこの円から");
        all.push(Field::free(
            &format!("{step}/from"),
            &from,
            Control::Number,
            values,
        ));
        let percent = format!("{label}: ○%");
        all.push(Field::free(
            &format!("{step}/percent"),
            &percent,
            Control::Number,
            values,
        ));
    }
    all.push(Field::needed(
        "base",
        "手数料の計算",
        Control::Choices(base),
        values,
    ));
    all.push(Field::needed(
        "tax",
        "手数料の消費税",
        Control::Choices(tax),
        values,
    ));
    all.push(Field::free(
        "minimum",
        "期間の最低手数料(円)",
        Control::Number,
        values,
    ));
    let discount = bearers("つくり手(売れた値段で計算する)", "売り手(値段表との差を補う)");
    all.push(Field::needed(
        "discount",
        "値引きの負担",
        Control::Choices(discount),
        values,
    ));
    all
}

fn fields(values: &Values, may_consign: bool) -> Vec<Field> {
    let mut all = if may_consign { selling(values) } else { Vec::new() };
    let who = || bearers("つくり手", "相手(売り手・買い手)");
    let mut breakages = vec![Choice::new("", "なくなったものと同じ")];
    breakages.extend(who());
    all.push(Field::needed(
        "loss",
        "なくなったものの負担",
        Control::Choices(who()),
        values,
    ));
    all.push(Field::free(
        "breakage",
        "こわれたもの・いたんだものの負担",
        Control::Choices(breakages),
        values,
    ));
    let end = "1から28まで。月末なら空のまま。";
    all.push(Field::free("terms/closing_day", "締日", Control::Number, values).hint(end));
    all.push(Field::free(
        "terms/pay_after_months",
        "支払いは何か月後",
        Control::Number,
        values,
    ));
    all.push(Field::free("terms/pay_day", "支払日", Control::Number, values).hint(end));
    all.push(Field::free(
        "terms/carry_below",
        "この円より少ない支払いは繰り越す",
        Control::Number,
        values,
    ));
    if may_consign {
        let hint = "両方の法人に登録番号があり、売る前に取り決めてあるときに使えます(媒介者交付特例)。";
        all.push(
            Field::free(
                "intermediary",
                "売り手の名前で領収書を出す",
                Control::Tick,
                values,
            )
            .hint(hint),
        );
    }
    all.push(from_day(values));
    all.push(Field::needed("due_on", "返事の期限", Control::Day, values));
    all.push(Field::free(
        "price",
        "取り分を見る値段(円、税込み)",
        Control::Number,
        values,
    ));
    if may_consign {
        let label = "そのときの仕入値(円、税込み)";
        all.push(Field::free("cost", label, Control::Number, values));
    }
    all
}

fn bearers(producer: &str, other: &str) -> Vec<Choice> {
    vec![Choice::new("producer", producer), Choice::new("other", other)]
}

/// The price that is typed, to look at terms by.
pub fn price(form: &Form) -> AtPrice {
    let yen = |name| {
        tidied(form.get(name))
            .parse()
            .ok()
            .and_then(|yen| Yen::try_new(yen).ok())
    };
    let yen = |name| yen(name).filter(|yen: &Yen| *yen >= Yen::ZERO);
    AtPrice {
        price: yen("price").unwrap_or(AtPrice::USUAL.price),
        cost: yen("cost"),
        ..AtPrice::USUAL
    }
}

/// The act of the form: of a new agreement, or of one that is there.
pub fn act(form: &Form, office: &Code, of: Option<&AgreementView>) -> Value {
    let mut terms = terms(form);
    keep(&mut terms, of);
    let (own, with) = (office.as_str(), form.get("with"));
    let (code, producer, other) = match of {
        Some(of) => (
            of.code.as_str(),
            of.producer.code.as_str(),
            of.other.code.as_str(),
        ),
        None if form.get("side") == "other" => (form.get("code"), with, own),
        None => (form.get("code"), own, with),
    };
    let about = match of {
        Some(of) => of.about,
        None => about(&terms),
    };
    let mut act = agreement(form, &terms, [code, producer, other], about);
    act["office"] = own.into();
    act
}

/// The act of the form that a coordinator drafts for two offices.
pub fn drafted(form: &Form, network: &Code) -> Value {
    let terms = terms(form);
    let names = ["code", "producer", "other"].map(|name| form.get(name));
    let mut act = agreement(form, &terms, names, about(&terms));
    act["acting_network"] = network.as_str().into();
    act
}

/// Of a new agreement: goods are consigned where it says how they are sold.
fn about(terms: &Map<String, Value>) -> AgreementKind {
    if terms.contains_key("consign") {
        AgreementKind::Consign
    } else {
        AgreementKind::Supply
    }
}

fn agreement(
    form: &Form,
    terms: &Map<String, Value>,
    [code, producer, other]: [&str; 3],
    about: AgreementKind,
) -> Value {
    let mut act = json!({
        "kind": "agreement", "key": form.get("key"), "supplied_on": form.get("supplied_on"),
        "code": code, "about": about, "producer": producer, "other": other, "terms": terms, "agreed": [],
    });
    if let Some(until) = form.typed("until") {
        act["until"] = until.into();
    }
    act
}

/// What of a commission the form does not show stays as it was: its rounding, and steps beyond those it has room for.
fn keep(terms: &mut Map<String, Value>, of: Option<&AgreementView>) {
    let last = of.and_then(|of| of.rows.last()?.terms.consign.as_ref());
    let commission = terms
        .get_mut("consign")
        .and_then(|consign| consign.get_mut("commission"));
    let (Some(ConsignForm::Commission(before)), Some(commission)) = (last, commission) else {
        return;
    };
    commission["rounding"] = json!(before.rounding);
    if let (Charge::Tiers(tiers), Some(Value::Array(now))) =
        (&before.charge, commission["charge"].get_mut("tiers"))
    {
        now.extend(
            tiers
                .as_slice()
                .iter()
                .skip(1 + STEPS.len())
                .map(|tier| json!(tier)),
        );
    }
}

fn terms(form: &Form) -> Map<String, Value> {
    let mut terms = brought(form);
    let mut put = |name: &str, value: Value| {
        terms.insert(name.to_owned(), value);
    };
    for (name, field) in [
        ("loss_bearer", "loss"),
        ("breakage_bearer", "breakage"),
        ("discount_bearer", "discount"),
    ] {
        if let Some(typed) = form.typed(field) {
            put(name, typed.into());
        }
    }
    for name in ["closing_day", "pay_after_months", "pay_day", "carry_below"] {
        if let Some(typed) = form.typed(&format!("terms/{name}")) {
            put(name, whole(&tidied(typed)));
        }
    }
    if form.get("intermediary") == "yes" {
        put("intermediary_invoice", true.into());
    }
    let number = || tidied(form.get("terms/consign"));
    match form.get("form") {
        "percent" => put("consign", commission(form, &percent(form))),
        "per_unit" => put("consign", commission(form, &json!({"per_unit": number()}))),
        "share" => put("consign", json!({"buy_on_sale": {"percent_of_retail": number()}})),
        "cost" => put("consign", json!({"buy_on_sale": {}})),
        _ => {}
    }
    terms
}

/// One percentage, or steps of them.
fn percent(form: &Form) -> Value {
    let first = tidied(form.get("terms/consign"));
    let steps = STEPS.iter().filter_map(|step| {
        let from = form.typed(&format!("{step}/from"))?;
        let percent = tidied(form.get(&format!("{step}/percent")));
        Some(json!({"from": whole(&tidied(from)), "percent": percent}))
    });
    let steps: Vec<Value> = steps.collect();
    if steps.is_empty() {
        return json!({"percent": first});
    }
    let mut tiers = vec![json!({"from": 0, "percent": first})];
    tiers.extend(steps);
    json!({"tiers": tiers})
}

fn commission(form: &Form, charge: &Value) -> Value {
    let mut commission = json!({"charge": charge, "base": form.get("base"), "tax": form.get("tax")});
    if let Some(minimum) = form.typed("minimum") {
        commission["minimum"] = whole(&tidied(minimum));
    }
    json!({"commission": commission})
}
