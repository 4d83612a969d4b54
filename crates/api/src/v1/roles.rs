//! Roles as people write them: with the code of the office or network they are held of.

use crate::{Api, problem::Problem};
use app::access::rights::Role;
use axum::http::StatusCode;
use domain::{masters::Masters, text::Code};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "role", rename_all = "snake_case", deny_unknown_fields)]
pub enum RoleForm {
    /// 職員.
    Staff {
        /// Of which office.
        office: Code,
    },
    /// 管理者.
    Manager {
        /// Of which office.
        office: Code,
    },
    /// Coordinator.
    Coordinator {
        /// Of which network.
        network: Code,
    },
    /// 運用者.
    Operator {},
}

impl RoleForm {
    /// The role; refused where there is no such office or network.
    pub async fn role(&self, api: &Api) -> Result<Role, Problem> {
        let found = api
            .book
            .with_masters(|masters| self.find(masters).ok_or(()))
            .await?;
        found.map_err(|()| {
            let detail = "その事業所・連絡会は帳簿にありません。コードを確かめてください。";
            let problem = Problem::new(StatusCode::CONFLICT, "office-unknown", detail);
            let field = match self {
                RoleForm::Coordinator { .. } => "/network",
                _ => "/office",
            };
            problem.at(field)
        })
    }

    fn find(&self, masters: &Masters) -> Option<Role> {
        Some(match self {
            RoleForm::Staff { office } => Role::Staff(masters.office_by_code(office)?.id),
            RoleForm::Manager { office } => Role::Manager(masters.office_by_code(office)?.id),
            RoleForm::Coordinator { network } => Role::Coordinator(masters.network_by_code(network)?.id),
            RoleForm::Operator {} => Role::Operator,
        })
    }

    /// A role as people read it; `None` when the book does not have its office or network.
    pub fn of(role: Role, masters: &Masters) -> Option<RoleForm> {
        let office = |id| masters.office(id).map(|office| office.code.clone());
        Some(match role {
            Role::Staff(id) => RoleForm::Staff { office: office(id)? },
            Role::Manager(id) => RoleForm::Manager { office: office(id)? },
            Role::Coordinator(id) => RoleForm::Coordinator {
                network: masters.network(id)?.code.clone(),
            },
            Role::Operator => RoleForm::Operator {},
        })
    }
}

/// Something said of the master data; read anew when those last read do not have it.
pub async fn named<T>(api: &Api, say: impl Fn(&Masters) -> Option<T>) -> Result<T, Problem> {
    let said = api.book.with_masters(|masters| say(masters).ok_or(())).await?;
    said.map_err(|()| Problem::internal())
}
