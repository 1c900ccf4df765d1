use super::{query::ListPosts, table::LISTS, values::StatusFilter};
use crate::{
    body::Choice as _,
    extract::parse_query,
    routes::posts::{copy_view::CopyView, lists::parameters::PARAMETERS},
};

fn value(parameter: &str) -> &'static str {
    match parameter {
        "ids" | "owner" => "01912d68-783e-7a03-8467-5661c1243ad4",
        "published_after" | "published_before" | "updated_since" => "2026-11-22T10:00:00Z",
        "descendants" => "true",
        "fields" => "title",
        "include" => "images",
        "limit" => "7",
        _ => "es",
    }
}

#[test]
fn the_first_parameter_that_the_list_does_not_accept_is_reported() {
    for (query, rejected) in [
        ("view=working", "view"),
        ("status=draft&view=live", "view"),
        ("status=any&view=live", "view"),
        ("tag=a&owner=", "owner"),
        ("updated_since=&tag=a", "tag"),
        ("updated_since=&locale=es,en", "locale"),
        ("status=any&locale=es,en", "locale"),
        ("status=draft&sort=publish_at", "sort"),
        ("status=scheduled&sort=updated_at", "sort"),
        ("ids=&fields=body", "fields"),
        ("status=any&fields=html", "fields"),
        ("status=draft&updated_since=", "updated_since"),
        ("status=draft&ids=", "ids"),
        ("status=any&published_after=", "published_after"),
        ("ids=&limit=7", "limit"),
        ("tag=a&ids=", "tag"),
        ("status=any&ids=&updated_since=", "updated_since"),
    ] {
        let query: Vec<_> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, "")) => format!("{name}={}", value(name)),
                _ => pair.to_owned(),
            })
            .collect();
        let query = query.join("&");
        let problem = parse_query::<ListPosts>(&query).err().unwrap();
        let error = &problem.document("", "")["errors"][0];
        assert_eq!(error["parameter"], rejected, "{query}");
        assert_eq!(error["code"], "unknown_combination", "{query}");
    }
}

#[test]
fn every_list_accepts_all_of_its_parameters() {
    for list in LISTS {
        for (status, view) in list
            .status
            .iter()
            .flat_map(|status| list.view.iter().map(move |view| (*status, *view)))
        {
            let status = status.map(|status| ("status", StatusFilter::as_str(status)));
            let view = view.map(|view| ("view", CopyView::as_str(view)));
            let others = PARAMETERS.iter().filter(|parameter| {
                let selects = ["status", "view", "updated_since", "ids"];
                let is_required = list.required == Some(parameter.name);
                is_required || list.accepts(parameter) && !selects.contains(&parameter.name)
            });
            let sample = |name| match (name, list.order) {
                ("sort", Some(order)) => order.as_str(),
                ("cursor", _) => "x",
                _ => value(name),
            };
            let others = others.map(|parameter| (parameter.name, sample(parameter.name)));
            let pairs = status.into_iter().chain(view).chain(others);
            let query: Vec<_> = pairs
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let query = query.join("&");
            assert!(parse_query::<ListPosts>(&query).is_ok(), "{query}");
        }
    }
}
