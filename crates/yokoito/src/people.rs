//! `yokoito people`: who may come in over the network, and a way in for those who are locked out.

use crate::{
    arguments::{Invite, People, PeopleSubcommand, RoleName},
    place::Place,
    table::{Align, lines},
};
use anyhow::anyhow;
use app::{
    Book,
    access::{
        invitations::invite_at_the_machine,
        people::{Person, all_people},
        rights::Role,
    },
    viewer::AtTheMachine,
};
use domain::{calendar::Instant, masters::Masters, text::Code};
use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Runs it.
pub async fn run(arguments: People, place: &Place) -> anyhow::Result<ExitCode> {
    let book = place.open_existing().await?;
    let done = match arguments.subcommand {
        PeopleSubcommand::List => list(&book).await,
        PeopleSubcommand::Invite(arguments) => invite(&book, &arguments).await,
    };
    book.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn list(book: &Book) -> anyhow::Result<()> {
    let people = all_people(book, AtTheMachine).await?;
    let masters = book.store().masters().await?;
    let mut output = io::stdout().lock();
    if people.is_empty() {
        writeln!(
            output,
            "まだ誰もいません。yokoito serve を動かすと、はじめの設定のリンクが表示されます。"
        )?;
        return Ok(());
    }
    let mut rows = vec![["ログイン名", "役割", "いつから"].map(str::to_owned).to_vec()];
    rows.extend(people.iter().map(|person| row(person, &masters)));
    for line in lines(&[Align::Left, Align::Left, Align::Left], &rows) {
        writeln!(output, "{line}")?;
    }
    Ok(())
}

fn row(person: &Person, masters: &Masters) -> Vec<String> {
    let roles = person.roles.iter().map(|held| words(held.role, masters));
    let roles = if person.is_disabled {
        "(使えないようにしてあります)".to_owned()
    } else {
        roles.collect::<Vec<_>>().join("、")
    };
    vec![person.login.clone(), roles, moment(person.made_at)]
}

async fn invite(book: &Book, arguments: &Invite) -> anyhow::Result<()> {
    let masters = book.store().masters().await?;
    let role = role(arguments, &masters)?;
    let (invitation, secret) = invite_at_the_machine(book, AtTheMachine, role).await?;
    let mut output = io::stdout().lock();
    writeln!(
        output,
        "{}として招待します。合言葉: {}\n\
         {} まで、1回だけ使えます。本人だけに渡してください。\n\
         使い方: サーバーの /setup を開いて、合言葉を入れ、ログイン名とパスワードを決めます。",
        words(role, &masters),
        secret.expose(),
        moment(invitation.expires_at)
    )?;
    if role == Role::Operator {
        writeln!(
            output,
            "前に作った運用者のための合言葉と、はじめの設定のリンクは、使えなくなりました。"
        )?;
    }
    Ok(())
}

fn role(arguments: &Invite, masters: &Masters) -> anyhow::Result<Role> {
    let of = |what: &str| -> anyhow::Result<&Code> {
        let missing = || anyhow!("--of に{what}のコードを書いてください。");
        arguments.of.as_ref().ok_or_else(missing)
    };
    let office = || {
        let code = of("事業所")?;
        let office = masters.office_by_code(code).map(|office| office.id);
        office.ok_or_else(|| anyhow!("事業所「{code}」は帳簿にありません。コードを確かめてください。"))
    };
    Ok(match arguments.role {
        RoleName::Operator if arguments.of.is_some() => {
            return Err(anyhow!("運用者は帳簿全体の役割です。--of は書かないでください。"));
        }
        RoleName::Operator => Role::Operator,
        RoleName::Manager => Role::Manager(office()?),
        RoleName::Staff => Role::Staff(office()?),
        RoleName::Coordinator => {
            let code = of("連絡会")?;
            let network = masters.network_by_code(code).map(|network| network.id);
            let unknown = || anyhow!("連絡会「{code}」は帳簿にありません。コードを確かめてください。");
            Role::Coordinator(network.ok_or_else(unknown)?)
        }
    })
}

/// A role with the code of what it is held of.
fn words(role: Role, masters: &Masters) -> String {
    let office = |id| masters.office(id).map_or("?", |office| office.code.as_ref());
    match role {
        Role::Operator => "運用者".to_owned(),
        Role::Manager(id) => format!("{} の管理者", office(id)),
        Role::Staff(id) => format!("{} の職員", office(id)),
        Role::Coordinator(id) => {
            let network = masters.network(id).map_or("?", |network| network.code.as_ref());
            format!("{network} のコーディネーター")
        }
    }
}

fn moment(millis: i64) -> String {
    Instant::from_millis(millis).map_or_else(|_| "?".to_owned(), Instant::in_tokyo)
}
