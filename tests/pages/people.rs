//! 人: managers invite and end, others have no such page.

use crate::Town;
use acceptance::{
    api::PASSWORD,
    pages::{Reader, value},
    support::engines,
};
use app::access::rights::Role;

#[tokio::test]
async fn a_manager_invites_and_ends() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        town.a.get("/o/a/people").await.expect(404);
        town.a
            .send("/o/a/people", &[("key", "k"), ("role", "manager")])
            .await
            .expect(404);
        let masters = town.api.world.book.store().masters().await.unwrap();
        let office = masters.office_by_code(&"a".parse().unwrap()).unwrap().id;
        town.api.person("manager-a", &[Role::Manager(office)]).await;
        let mut manager = Reader::logged_in(town.api.anonymous(), "manager-a").await;
        let page = manager.page("/o/a/people").await;
        assert!(page.contains("staff-a") && page.contains("manager-a"));
        let form = [("key", &*value(&page, "key")), ("role", "staff")];
        let told = manager.send("/o/a/people", &form).await.expect(200);
        let page = String::from_utf8(told.bytes).unwrap();
        let link = page.split("/setup#").nth(1).unwrap();
        let secret = link.split('"').next().unwrap().to_owned();
        // once only
        manager.send("/o/a/people", &form).await.expect(422);
        let mut newcomer = Reader::new(town.api.anonymous());
        let account = [("secret", &*secret), ("login", "field-2"), ("password", PASSWORD)];
        let page = newcomer.done("/setup", &account).await;
        assert!(page.contains("アカウントができました。"));
        let login = [("login", "field-2"), ("password", PASSWORD), ("next", "/o/a")];
        let home = newcomer.done("/login", &login).await;
        assert!(home.contains("今日の生産"));
        let page = manager.page("/o/a/people").await;
        let row = page.split("field-2").nth(1).unwrap();
        let form = [("held", &*value(row, "held"))];
        assert!(
            manager
                .done("/o/a/people/end", &form)
                .await
                .contains("終えました。")
        );
        newcomer.get("/o/a").await.expect(404);
    }
}
