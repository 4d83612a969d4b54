//! Proposals wait beside the book for another office's yes.

use crate::code;
use acceptance::{
    people::{DAY, Visited},
    support::engines,
};
use app::{
    access::{
        AccessRefused, Caller,
        proposals::{
            Answered, Proposal, Said, State, Which, answer, done, proposals, propose, to_record, withdraw,
        },
        rights::Role,
    },
    writer::{Answer, Job},
};
use domain::{
    calendar::Day,
    command::Command,
    id::{EntryId, OfficeId},
};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Terms between `a` and `b`; of itself it says that both agreed.
fn agreement(key: &str) -> Command {
    let act = json!({"kind": "agreement", "office": "a", "key": key, "supplied_on": "2026-07-10", "code": "a-b",
        "about": "supply", "producer": "a", "other": "b", "agreed": ["a", "b"], "terms": {}});
    Command::parse(&act.to_string()).unwrap()
}

fn due() -> Day {
    "2026-07-17".parse().unwrap()
}

/// Two offices with their managers, and a proposal from one to the other.
struct Two {
    visited: Visited,
    offices: [OfficeId; 2],
    managers: [Caller; 2],
    operator: Caller,
}

impl Two {
    async fn new(engine: acceptance::support::Engine) -> Two {
        let visited = Visited::new(engine).await;
        let offices = [visited.office("a").await, visited.office("b").await];
        let operator = visited.operator().await;
        let [a, b] = offices;
        let managers = [
            visited.person(&operator, Role::Manager(a), "manager-a").await,
            visited.person(&operator, Role::Manager(b), "manager-b").await,
        ];
        Two {
            visited,
            offices,
            managers,
            operator,
        }
    }

    async fn propose(&self, key: &str, id: Uuid) -> Result<Proposal, AccessRefused> {
        let [a, b] = self.offices;
        let needs = BTreeSet::from([a, b]);
        propose(
            self.visited.book(),
            &self.managers[0],
            agreement(key),
            &needs,
            due(),
            id,
        )
        .await
        .map(|(proposal, _)| proposal)
    }

    async fn says(&self, said: Said, id: Uuid) -> Result<Answered, AccessRefused> {
        answer(
            self.visited.book(),
            &self.managers[1],
            self.offices[1],
            id,
            said,
            None,
        )
        .await
    }

    async fn state(&self, id: Uuid) -> State {
        let there = app::access::proposals::proposal(self.visited.book(), id)
            .await
            .unwrap();
        there.unwrap().state
    }
}

async fn record(two: &Two, command: Command) -> EntryId {
    let job = Job {
        commands: vec![command],
        atomic: false,
        recorder: "test".into(),
        expects: Vec::new(),
    };
    match two.visited.book().writer().record(job).await.unwrap().remove(0) {
        Answer::Recorded(id, _) | Answer::Already(id, _) => id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_agreement_is_recorded_when_the_other_has_said_yes() {
    for engine in engines() {
        let two = Two::new(engine).await;
        let book = two.visited.book();
        let [a, b] = two.offices;
        let size = two.visited.world.head().await;
        let id = two.visited.id();
        let proposal = two.propose("p-1", id).await.unwrap();
        assert_eq!(proposal.state, State::Open);
        // who proposes has agreed; only the other is asked, and nothing is taken for granted
        let asked: Vec<OfficeId> = proposal.parties.iter().map(|party| party.office).collect();
        assert_eq!(asked, [b]);
        assert_eq!(proposal.command.to_value()["agreed"], json!([]));
        assert_eq!(two.visited.world.head().await, size);
        for offices in [BTreeSet::from([a]), BTreeSet::from([b])] {
            let seen = proposals(book, &offices, &BTreeSet::new(), Which::Open, 10)
                .await
                .unwrap();
            assert_eq!(seen.as_slice(), std::slice::from_ref(&proposal));
        }
        let c = BTreeSet::from([two.visited.office("c").await]);
        assert_eq!(
            proposals(book, &c, &BTreeSet::new(), Which::All, 10)
                .await
                .unwrap(),
            []
        );

        let Answered::ToRecord(_, command) = two.says(Said::Agreed, id).await.unwrap() else {
            panic!("all have agreed")
        };
        assert_eq!(command.to_value()["agreed"], json!(["a", "b"]));
        assert_eq!(two.state(id).await, State::Agreed);
        // the program stopped here: the same answer again gives the same act
        let Answered::ToRecord(_, again) = two.says(Said::Agreed, id).await.unwrap() else {
            panic!("all have agreed")
        };
        assert_eq!(again, command);
        assert_eq!(to_record(book, id).await.unwrap(), Some(*command.clone()));
        let entry = record(&two, *command).await;
        assert_eq!(record(&two, *again).await, entry);
        done(book, id, entry).await.unwrap();
        done(book, id, entry).await.unwrap();
        assert_eq!(two.state(id).await, State::Done(entry));
        assert_eq!(to_record(book, id).await.unwrap(), None);
        assert_eq!(
            code(done(book, id, EntryId(Uuid::nil())).await),
            "proposal-closed"
        );
        assert_eq!(code(two.says(Said::Agreed, id).await), "proposal-closed");
        let open = proposals(book, &BTreeSet::from([a]), &BTreeSet::new(), Which::Open, 10).await;
        assert_eq!(open.unwrap(), []);
    }
}

#[tokio::test]
async fn one_no_ends_it() {
    for engine in engines() {
        let two = Two::new(engine).await;
        let id = two.visited.id();
        two.propose("p-1", id).await.unwrap();
        let note = "単価が違います".parse().unwrap();
        let answered = answer(
            two.visited.book(),
            &two.managers[1],
            two.offices[1],
            id,
            Said::Contested,
            Some(note),
        );
        let Answered::Contested(proposal) = answered.await.unwrap() else {
            panic!("contested")
        };
        assert_eq!(proposal.parties[0].note.as_deref(), Some("単価が違います"));
        assert_eq!(two.state(id).await, State::Contested);
        assert_eq!(code(two.says(Said::Agreed, id).await), "proposal-closed");
        assert!(matches!(
            two.says(Said::Contested, id).await,
            Ok(Answered::Contested(_))
        ));
        assert_eq!(
            code(withdraw(two.visited.book(), &two.managers[0], id).await),
            "proposal-closed"
        );
    }
}

#[tokio::test]
async fn it_expires_after_its_last_day() {
    for engine in engines() {
        let two = Two::new(engine).await;
        let (one, other) = (two.visited.id(), two.visited.id());
        two.propose("p-1", one).await.unwrap();
        two.propose("p-2", other).await.unwrap();
        two.visited.clock.pass(7 * DAY);
        two.visited.log_in("manager-b").await;
        assert!(matches!(
            two.says(Said::Agreed, one).await,
            Ok(Answered::ToRecord(..))
        ));
        two.visited.clock.pass(DAY);
        assert_eq!(two.state(other).await, State::Expired);
        assert_eq!(code(two.says(Said::Agreed, other).await), "proposal-expired");
        // what all have agreed to does not expire
        assert_eq!(two.state(one).await, State::Agreed);
        assert_eq!(code(two.propose("p-3", two.visited.id()).await), "due-past");
        // a retry that comes late is still the same
        assert_eq!(two.propose("p-2", other).await.unwrap().state, State::Expired);
    }
}

#[tokio::test]
async fn who_proposed_takes_it_back() {
    for engine in engines() {
        let two = Two::new(engine).await;
        let book = two.visited.book();
        let id = two.visited.id();
        two.propose("p-1", id).await.unwrap();
        assert_eq!(code(withdraw(book, &two.managers[1], id).await), "not-found");
        withdraw(book, &two.managers[0], id).await.unwrap();
        withdraw(book, &two.managers[0], id).await.unwrap();
        assert_eq!(code(two.says(Said::Agreed, id).await), "proposal-closed");
        // recorded at the same moment: what is in the book is in the book
        let entry = EntryId(Uuid::from_u128(5));
        done(book, id, entry).await.unwrap();
        assert_eq!(two.state(id).await, State::Done(entry));
    }
}

#[tokio::test]
async fn the_same_id_is_one_proposal() {
    for engine in engines() {
        let two = Two::new(engine).await;
        let id = two.visited.id();
        let proposal = two.propose("p-1", id).await.unwrap();
        assert_eq!(two.propose("p-1", id).await.unwrap(), proposal);
        assert_eq!(code(two.propose("p-2", id).await), "key-reused");
        assert_eq!(code(two.propose("p-1", two.visited.id()).await), "key-reused");
    }
}

#[tokio::test]
async fn only_managers_and_coordinators_propose_and_only_those_asked_answer() {
    for engine in engines() {
        let two = Two::new(engine).await;
        let (visited, book) = (&two.visited, two.visited.book());
        let [a, b] = two.offices;
        let network = visited.network().await;
        let staff = visited.person(&two.operator, Role::Staff(a), "staff").await;
        let coordinator = visited
            .person(&two.operator, Role::Coordinator(network), "coordinator")
            .await;
        let needs = BTreeSet::from([b]);
        for caller in [&staff, &coordinator, &two.operator, &two.managers[1]] {
            let outcome = propose(book, caller, agreement("p-1"), &needs, due(), visited.id()).await;
            assert_eq!(code(outcome), "not-allowed");
        }
        let own = BTreeSet::from([a]);
        let alone = propose(
            book,
            &two.managers[0],
            agreement("p-1"),
            &own,
            due(),
            visited.id(),
        );
        assert_eq!(code(alone.await), "nobody-to-ask");
        let nowhere = BTreeSet::from([OfficeId(Uuid::from_u128(1))]);
        let nobody = propose(
            book,
            &two.managers[0],
            agreement("p-1"),
            &nowhere,
            due(),
            visited.id(),
        );
        assert_eq!(code(nobody.await), "office-unknown");

        // a coordinator drafts for the network, and both are asked
        let mut drafted = agreement("p-1").to_value();
        drafted["acting_network"] = "minami".into();
        drafted.as_object_mut().unwrap().remove("office");
        let drafted = Command::from_value(drafted).unwrap();
        let id = visited.id();
        propose(book, &coordinator, drafted, &BTreeSet::from([a, b]), due(), id)
            .await
            .unwrap();
        assert_eq!(
            code(answer(book, &staff, a, id, Said::Agreed, None).await),
            "not-allowed"
        );
        let c = visited.office("c").await;
        let of_c = visited.person(&two.operator, Role::Manager(c), "manager-c").await;
        assert_eq!(
            code(answer(book, &of_c, c, id, Said::Agreed, None).await),
            "not-found"
        );
        let waiting = answer(book, &two.managers[0], a, id, Said::Agreed, None)
            .await
            .unwrap();
        assert!(matches!(waiting, Answered::Waiting(_)));
        assert_eq!(
            code(answer(book, &two.managers[0], a, id, Said::Contested, None).await),
            "already-answered"
        );
        let Answered::ToRecord(_, command) = two.says(Said::Agreed, id).await.unwrap() else {
            panic!("both have agreed")
        };
        assert_eq!(command.to_value()["agreed"], json!(["a", "b"]));
        record(&two, *command).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_answers_at_once_one_is_the_last() {
    for engine in engines() {
        let two = Two::new(engine).await;
        let (visited, book) = (&two.visited, two.visited.book());
        let c = visited.office("c").await;
        let of_c = visited.person(&two.operator, Role::Manager(c), "manager-c").await;
        for n in 0..5 {
            let id = visited.id();
            let needs = BTreeSet::from([two.offices[1], c]);
            let act = agreement(&format!("p-{n}"));
            propose(book, &two.managers[0], act, &needs, due(), id)
                .await
                .unwrap();
            let (one, other) = tokio::join!(
                two.says(Said::Agreed, id),
                answer(book, &of_c, c, id, Said::Agreed, None)
            );
            let last = [one.unwrap(), other.unwrap()]
                .iter()
                .filter(|answered| matches!(answered, Answered::ToRecord(..)))
                .count();
            assert_eq!(last, 1);
        }
    }
}
