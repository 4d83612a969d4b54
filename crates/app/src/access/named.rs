//! What an act names that may not exist for the one who sends it: offices, networks, agreements, products of other
//! offices, entries of others. Where each kind of act writes them stands in one table; a test holds it against the acts'
//! fields.

use domain::{
    acts::Act,
    refs::{EntryRef, ProductRef},
    text::{Code, LotCode},
};
use serde_json::Value;

/// A name in an act, with the field it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T> {
    /// `lines[0].owner`.
    pub field: String,
    /// What is named.
    pub what: T,
}

/// All names of an act that are asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Offices.
    pub offices: Vec<Named<Code>>,
    /// Networks.
    pub networks: Vec<Named<Code>>,
    /// Agreements.
    pub agreements: Vec<Named<Code>>,
    /// Products of an office that is named with them.
    pub products: Vec<Named<ProductRef>>,
    /// Entries.
    pub entries: Vec<Named<EntryRef>>,
    /// Lots that are there already.
    pub lots: Vec<Named<LotCode>>,
    /// Offices whose consent the act states.
    pub agreed: Vec<Named<Code>>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Office,
    Network,
    Agreement,
    Agreed,
}

/// Fields that hold codes of others, by kind of act; `[]` stands for each line.
const FIELDS: &[(&str, &str, Holds)] = &[
    ("membership", "network", Holds::Network),
    ("membership", "member", Holds::Office),
    ("agreement", "producer", Holds::Office),
    ("agreement", "other", Holds::Office),
    ("agreement", "agreed[]", Holds::Agreed),
    ("price", "channel.agreement", Holds::Agreement),
    ("close", "of", Holds::Office),
    ("open", "goods[].at", Holds::Office),
    ("open", "balances[].with_office", Holds::Office),
    ("open", "agreed[]", Holds::Agreed),
    ("dispose", "shelf_of", Holds::Office),
    ("count", "shelf_of", Holds::Office),
    ("order", "to", Holds::Office),
    ("ship", "to", Holds::Office),
    ("consign", "to", Holds::Office),
    ("spend", "paid_by_office", Holds::Office),
    ("pay", "clears.with_office", Holds::Office),
    ("write_off", "debt.with_office", Holds::Office),
    ("write_off", "agreed[]", Holds::Agreed),
    ("net", "clears[].creditor", Holds::Office),
    ("net", "clears[].debtor", Holds::Office),
    ("net", "remain[].creditor", Holds::Office),
    ("net", "remain[].debtor", Holds::Office),
    ("net", "agreed[]", Holds::Agreed),
    ("move_money", "to_office", Holds::Office),
    ("move_money", "from_office", Holds::Office),
    ("sell", "lines[].owner", Holds::Office),
    ("return", "holder", Holds::Office),
    ("return", "owner", Holds::Office),
    ("return", "original_unknown.owner", Holds::Office),
    ("allowance", "lines[].owner", Holds::Office),
    ("settle", "agreement", Holds::Agreement),
    ("confirm", "with", Holds::Office),
    ("confirm", "agreed[]", Holds::Agreed),
    ("issue", "with_office", Holds::Office),
    ("issue", "lines[].owner.office", Holds::Office),
];

/// Fields of lots that the act makes: their codes are new.
const NEW_LOT: &[&str] = &["lot.code"];

impl Names {
    /// Of an act.
    pub fn of(act: &Act) -> Names {
        let mut names = Names::default();
        names.add(act.kind(), &act.to_value(), "");
        names
    }

    fn add(&mut self, kind: &str, fields: &Value, within: &str) {
        self.walk(kind, fields, within, "");
    }

    /// `field` is where we are for people, `path` the same with `[]` for each line.
    fn walk(&mut self, kind: &str, value: &Value, field: &str, path: &str) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(inner)) = fields.get("kind").filter(|_| path == "right") {
                    return self.right(inner, fields, field);
                }
                if fields.contains_key("key")
                    && let Ok(entry) = serde_json::from_value::<EntryRef>(value.clone())
                {
                    self.entries.push(Named {
                        field: field.to_owned(),
                        what: entry,
                    });
                    return;
                }
                for (name, value) in fields {
                    let join = |at: &str| {
                        if at.is_empty() {
                            name.clone()
                        } else {
                            format!("{at}.{name}")
                        }
                    };
                    self.walk(kind, value, &join(field), &join(path));
                }
            }
            Value::Array(lines) => {
                for (n, line) in lines.iter().enumerate() {
                    self.walk(kind, line, &format!("{field}[{n}]"), &format!("{path}[]"));
                }
            }
            Value::String(text) => self.text(kind, text, field, path),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The right version within a correction.
    fn right(&mut self, kind: &str, fields: &serde_json::Map<String, Value>, field: &str) {
        for (name, value) in fields.iter().filter(|(name, _)| *name != "kind") {
            self.walk(kind, value, &format!("{field}.{name}"), name);
        }
    }

    fn text(&mut self, kind: &str, text: &str, field: &str, path: &str) {
        let field = || field.to_owned();
        let last = path.rsplit('.').next().unwrap_or(path);
        if last == "product" {
            if let Ok(what) = text.parse() {
                self.products.push(Named { field: field(), what });
            }
            return;
        }
        if last == "lot" && !NEW_LOT.iter().any(|new| path.ends_with(new)) || last == "for_lot" {
            if let Ok(what) = text.parse() {
                self.lots.push(Named { field: field(), what });
            }
            return;
        }
        let known = FIELDS.iter().find(|(of, at, _)| *of == kind && *at == path);
        let (Some((_, _, holds)), Ok(code)) = (known, text.parse::<Code>()) else {
            return;
        };
        let named = Named {
            field: field(),
            what: code,
        };
        match holds {
            Holds::Office => self.offices.push(named),
            Holds::Network => self.networks.push(named),
            Holds::Agreement => self.agreements.push(named),
            Holds::Agreed => {
                self.offices.push(named.clone());
                self.agreed.push(named);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn names(act: &str) -> Names {
        let fields: Value = serde_json::from_str(act).unwrap();
        let kind = fields["kind"].as_str().unwrap().to_owned();
        let mut own = fields.as_object().unwrap().clone();
        own.remove("kind");
        Names::of(&Act::from_value(&kind, Value::Object(own)).unwrap())
    }

    fn fields<T>(named: &[Named<T>]) -> Vec<&str> {
        named.iter().map(|named| named.field.as_str()).collect()
    }

    #[test]
    fn others_are_found_where_they_stand() {
        let sale = names(
            r#"{"kind":"sell","lines":[{"product":"sewing/bag","owner":"sewing","quantity":"1"},
                {"lot":"B-1","quantity":"2"}]}"#,
        );
        assert_eq!(fields(&sale.offices), ["lines[0].owner"]);
        assert_eq!(fields(&sale.products), ["lines[0].product"]);
        assert_eq!(fields(&sale.lots), ["lines[1].lot"]);
    }

    #[test]
    fn also_within_a_correction() {
        let correction = names(
            r#"{"kind":"correct","entry":{"key":"s-1"},
                "right":{"kind":"ship","to":"kitchen","order":{"office":"kitchen","key":"o-1"},
                         "lines":[{"product":"carrot","quantity":"1"}]}}"#,
        );
        assert_eq!(fields(&correction.offices), ["right.to"]);
        assert_eq!(fields(&correction.entries), ["entry", "right.order"]);
    }

    /// Codes of the acting body's own things, and of what is common to all.
    const OWN: &[(&str, &str)] = &[
        ("agreement", "code"),
        ("allowance", "paid.partner"),
        ("allowance", "paid.place"),
        ("cash_place", "code"),
        ("corporation", "code"),
        ("count_cash", "place"),
        ("earn", "lines[].work"),
        ("earn", "paid.partner"),
        ("earn", "paid.place"),
        ("earn", "partner"),
        ("move_money", "from"),
        ("move_money", "to"),
        ("network", "code"),
        ("office", "code"),
        ("office", "corporation"), // by operators, who know all
        ("open", "balances[].cash_place"),
        ("open", "balances[].partner"),
        ("partner", "code"),
        ("pay", "clears.partner"),
        ("pay", "from.place"),
        ("issue", "partner"),
        ("pay", "into.place"),
        ("process", "recipe"),
        ("product", "code"),
        ("product", "work"),
        ("purchase", "paid.partner"),
        ("purchase", "paid.place"),
        ("purchase", "supplier"),
        ("recipe", "code"),
        ("record_wages", "amounts[].work"),
        ("return", "paid.partner"),
        ("return", "paid.place"),
        ("sell", "paid.partner"),
        ("sell", "paid.place"),
        ("spend", "paid.partner"),
        ("spend", "paid.place"),
        ("spend", "paid_from.place"),
        ("spend", "supplier"),
        ("spend", "work"),
        ("write_off", "debt.partner"),
    ];

    /// Where a schema holds a code.
    fn codes(schema: &Value, all: &Value, path: &str, found: &mut BTreeSet<String>) {
        if let Some(name) = schema["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
            match name {
                "Code" => drop(found.insert(path.to_owned())),
                // looked at by their own rules
                "EntryRef" | "ProductRef" | "LotCode" | "Act" => {}
                name => codes(&all[name], all, path, found),
            }
        }
        for several in ["oneOf", "anyOf", "allOf"] {
            for one in schema[several].as_array().into_iter().flatten() {
                codes(one, all, path, found);
            }
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let within = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            codes(field, all, &within, found);
        }
        if schema["items"].is_object() {
            codes(&schema["items"], all, &format!("{path}[]"), found);
        }
    }

    /// A new field that holds a code stands in one of the two tables, or this fails.
    #[test]
    fn every_code_of_every_act_is_one_of_others_or_ones_own() {
        let all = serde_json::to_value(domain::schema::components()).unwrap();
        for act in Act::schemas() {
            let mut found = BTreeSet::new();
            codes(&serde_json::to_value(&act.schema).unwrap(), &all, "", &mut found);
            let of_others = FIELDS.iter().filter(|(kind, _, _)| *kind == act.kind);
            let own = OWN.iter().filter(|(kind, _)| *kind == act.kind);
            let known: BTreeSet<String> = of_others
                .map(|(_, field, _)| (*field).to_owned())
                .chain(own.map(|(_, field)| (*field).to_owned()))
                .collect();
            assert_eq!(found, known, "{}", act.kind);
        }
    }

    #[test]
    fn a_consent_is_told_from_a_mere_name() {
        let agreement = names(
            r#"{"kind":"agreement","code":"a-1","about":"supply","producer":"farm","other":"kitchen",
                "terms":{},"agreed":["farm","kitchen"]}"#,
        );
        assert_eq!(fields(&agreement.agreed), ["agreed[0]", "agreed[1]"]);
        assert_eq!(agreement.offices.len(), 4);
    }
}
