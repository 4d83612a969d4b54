//! All routes: the acts by their table, the views and people by their own descriptions, and what is around them.

use crate::{
    Api, docs, health,
    kinds::{KINDS, Kind},
    layers, record, v1,
};
use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The described routes: what `/v1` has beside the acts.
pub fn described<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Api: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(v1::entries::search))
        .routes(routes!(v1::entries::get))
        .routes(routes!(v1::stock::list))
        .routes(routes!(v1::balances::list))
        .routes(routes!(v1::close::check))
        .routes(routes!(v1::close::of_network))
        .routes(routes!(v1::desk::on_the_way))
        .routes(routes!(v1::desk::orders))
        .routes(routes!(v1::desk::purses))
        .routes(routes!(v1::desk::products))
        .routes(routes!(v1::desk::receivers))
        .routes(routes!(v1::desk::makers))
        .routes(routes!(v1::desk::offers))
        .routes(routes!(v1::desk::selling))
        .routes(routes!(v1::desk::buyers))
        .routes(routes!(v1::desk::shelves))
        .routes(routes!(v1::desk::recipe))
        .routes(routes!(v1::agreements::preview))
        .routes(routes!(v1::shelf_counts::count))
        .routes(routes!(v1::statements::get))
        .routes(routes!(v1::open_items::list))
        .routes(routes!(v1::documents::list))
        .routes(routes!(v1::documents::draft_of))
        .routes(routes!(v1::documents::get))
        .routes(routes!(v1::settlements::with_whom))
        .routes(routes!(v1::settlements::request))
        .routes(routes!(v1::settlements::list))
        .routes(routes!(v1::settlements::next))
        .routes(routes!(v1::settlements::get))
        .routes(routes!(v1::accounts::lines))
        .routes(routes!(v1::accounts::production))
        .routes(routes!(v1::lots::get_trace))
        .routes(routes!(v1::lots::get_label))
        .routes(routes!(v1::public::lot))
        .routes(routes!(v1::settings::papers, v1::settings::set_papers))
        .routes(routes!(v1::settings::labels, v1::settings::set_labels))
        .routes(routes!(v1::settings::orders, v1::settings::set_orders))
        .routes(routes!(v1::settings::journal, v1::settings::set_journal))
        .routes(routes!(v1::log::head))
        .routes(routes!(v1::log::inclusion))
        .routes(routes!(v1::log::consistency))
        .routes(routes!(v1::masters::networks::list))
        .routes(routes!(v1::masters::corporations::list))
        .routes(routes!(v1::masters::offices::list))
        .routes(routes!(v1::masters::partners::list))
        .routes(routes!(v1::masters::agreements::list))
        .routes(routes!(v1::masters::closes::list))
        .routes(routes!(v1::masters::products::list))
        .routes(routes!(v1::masters::prices::list))
        .routes(routes!(v1::masters::recipes::list))
        .routes(routes!(v1::masters::cash_places::list))
        .routes(routes!(v1::masters::network))
        .routes(routes!(v1::masters::corporation))
        .routes(routes!(v1::masters::office))
        .routes(routes!(v1::masters::agreement))
        .routes(routes!(v1::masters::product))
        .routes(routes!(v1::masters::partner))
        .routes(routes!(v1::masters::recipe))
        .routes(routes!(v1::masters::rates))
        .routes(routes!(record::bulk))
        .routes(routes!(v1::groups::reverse))
        .routes(routes!(v1::people::list))
        .routes(routes!(v1::people::end_role))
        .routes(routes!(v1::people::disable))
        .routes(routes!(v1::people::enable))
        .routes(routes!(v1::resets::make))
        .routes(routes!(v1::resets::reset))
        .routes(routes!(v1::cards::issue, v1::cards::list))
        .routes(routes!(v1::cards::stop))
        .routes(routes!(v1::cards::log_in))
        .routes(routes!(v1::sample::fill))
        .routes(routes!(v1::sessions::log_in))
        .routes(routes!(v1::sessions::who, v1::sessions::log_out))
        .routes(routes!(v1::sessions::change_password))
        .routes(routes!(v1::invitations::invite, v1::invitations::list))
        .routes(routes!(v1::invitations::accept))
        .routes(routes!(v1::invitations::join))
        .routes(routes!(v1::invitations::withdraw))
        .routes(routes!(v1::tokens::make, v1::tokens::list))
        .routes(routes!(v1::tokens::revoke))
        .routes(routes!(v1::readings::list))
        .routes(routes!(v1::proposals::propose, v1::proposals::list))
        .routes(routes!(v1::proposals::get))
        .routes(routes!(v1::proposals::agree))
        .routes(routes!(v1::proposals::contest))
        .routes(routes!(v1::proposals::withdraw))
        .routes(routes!(v1::proposals::settle_overdue))
        .routes(routes!(v1::questions::list, v1::questions::ask))
        .routes(routes!(v1::questions::answer))
        .routes(routes!(v1::questions::close))
        .routes(routes!(v1::transfers::list))
        .routes(routes!(v1::transfers::file))
        .routes(routes!(v1::transfers::bank, v1::transfers::set_bank))
        .routes(routes!(v1::netting::of_network, v1::netting::propose_for_network))
        .routes(routes!(v1::netting::of_two, v1::netting::propose_for_two))
        .routes(routes!(v1::evidence::keep))
        .routes(routes!(v1::evidence::get))
}

/// The acts: one resource each.
fn acts<S>(router: Router<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Api: FromRef<S>,
{
    KINDS.iter().fold(router, |router, kind: &'static Kind| {
        let record =
            post(move |api, actor, key, headers, body| record::act(kind.act, api, actor, key, headers, body));
        let router = router.route(&kind.path(), record);
        if kind.is_master() {
            return router;
        }
        let list =
            get(move |api, actor, uri, question| v1::entries::of_kind(kind.act, api, actor, uri, question));
        router.route(&kind.path(), list)
    })
}

/// Everything that answers, and nothing around it.
pub fn open() -> Router<Api> {
    let (described, _) = described::<Api>().split_for_parts();
    acts(described).merge(docs::routes()).merge(health::routes())
}

/// The API alone.
pub fn router(api: Api) -> Router {
    let routes = open()
        .fallback(layers::no_such_path)
        .method_not_allowed_fallback(layers::no_such_method);
    layers::around(routes, api.is_secure).with_state(api)
}
