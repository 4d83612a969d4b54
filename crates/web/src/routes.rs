//! All pages. `/o/{office}/…` is what is done for an office; a form is answered at the address that shows it.

use crate::{
    agreements, assets, begin, closing, counting, deliveries, documents, doors, error, excel, help, history,
    home, labels, leaving, login, lots, making, masters, money, netting, opening, operate, orders, page,
    papers, people, proposals, public, resume, selling, settlements, shelf, stock, transfers,
};
use api::{Api, layers};
use axum::{
    Router,
    middleware::from_fn,
    routing::{get, post},
};

/// The API and the pages, with what is around both.
pub fn router(api: Api) -> Router {
    let pages = Router::new()
        .route("/", get(home::choose))
        .route("/login", get(login::ask).post(login::enter))
        .route("/logout", post(login::leave))
        .route("/setup", get(login::invited).post(login::accept))
        .route("/mode", post(page::set_mode))
        .route("/help", get(help::show))
        .route("/static/{name}", get(assets::serve))
        .route("/n/{network}", get(home::network))
        .route("/o/{office}", get(home::office))
        .route(
            "/o/{office}/produce",
            get(making::produce::show).post(making::produce::save),
        )
        .route(
            "/o/{office}/process",
            get(making::process::show).post(making::process::save),
        )
        .route("/o/{office}/order", get(orders::show).post(orders::save))
        .route(
            "/o/{office}/order/weekly",
            get(orders::weekly::show).post(orders::weekly::save),
        )
        .route(
            "/o/{office}/order/deadline",
            get(orders::deadline::show).post(orders::deadline::save),
        )
        .route("/o/{office}/stock", get(stock::show))
        .route("/o/{office}/lots/{lot}", get(lots::show))
        .route("/o/{office}/lots/{lot}/recall", get(lots::recall::show))
        .route(
            "/o/{office}/ship",
            get(deliveries::ship::show).post(deliveries::ship::save),
        )
        .route("/o/{office}/receive", get(deliveries::receive::list))
        .route(
            "/o/{office}/receive/{shipment}",
            get(deliveries::receive::show).post(deliveries::receive::record),
        )
        .route("/o/{office}/entries", get(history::list))
        .route("/o/{office}/entries/{entry}", get(history::show))
        .route("/o/{office}/entries/{entry}/undo", post(history::undo))
        .route(
            "/o/{office}/entries/{entry}/allowance",
            get(history::allowance::show).post(history::allowance::save),
        )
        .route(
            "/o/{office}/entries/{entry}/correct",
            get(history::correct::show).post(history::correct::save),
        )
        .merge(leaving::routes())
        .merge(counting::routes())
        .merge(money::routes())
        .merge(netting::routes())
        .merge(transfers::routes())
        .merge(closing::routes())
        .merge(proposals::routes())
        .merge(opening::routes())
        .merge(begin::routes())
        .merge(doors::routes())
        .merge(masters::routes())
        .merge(agreements::routes())
        .merge(shelf::routes())
        .merge(settlements::routes())
        .merge(documents::routes())
        .merge(operate::routes())
        .merge(papers::routes())
        .merge(labels::routes())
        .merge(public::routes())
        .route(
            "/o/{office}/lots/{lot}/disown",
            get(lots::disown::show).post(lots::disown::save),
        )
        .merge(excel::routes())
        .route("/o/{office}/sell", get(selling::show).post(selling::save))
        .route("/o/{office}/people", get(people::show).post(people::invite))
        .route("/o/{office}/people/end", post(people::end))
        .layer(from_fn(resume::keep_typed))
        .layer(from_fn(error::write_errors))
        .merge(api::routes::open())
        .fallback(error::no_such_page)
        .method_not_allowed_fallback(error::no_such_method);
    layers::around(pages, api.is_secure).with_state(api)
}
