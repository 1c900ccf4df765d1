//! Sign-in of browsers through a foreign issuer.

use libtest_mimic::Trial;

use crate::harness::{ADMINISTRATOR, CLIENT_SECRET, LoopbackIssuer, Setup, cases, ending};

pub(super) fn all() -> Vec<Trial> {
    cases![a_browser_signs_in_through_an_issuer]
}

async fn a_browser_signs_in_through_an_issuer() {
    let issuer = LoopbackIssuer::start().await;
    let setup = Setup::memory();
    let server = issuer.serve(&setup);
    let anonymous = server.anonymous();
    let listed = anonymous.get("/v1/auth/issuers").send().await.is(200);
    assert_eq!(listed.json()["items"][0]["name"], "Staff");

    let opened = issuer.sign_in(&server).await;
    let location = opened.header("location");
    assert!(
        location.ends_with("/admin#/login?signed_in=1&return_to=%2Fposts"),
        "{location}"
    );
    let cookie = opened.header("set-cookie").split(';').next().unwrap();
    let me = anonymous.get("/v1/me").header("cookie", cookie);
    assert_eq!(me.send().await.is(200).json()["email"], ADMINISTRATOR.0);

    let shown = issuer.configure(setup).run(&["config"]);
    let (_, text) = ending(&shown);
    assert!(!text.contains(CLIENT_SECRET), "{text}");
    assert!(!String::from_utf8_lossy(&shown.stdout).contains(CLIENT_SECRET));
}
