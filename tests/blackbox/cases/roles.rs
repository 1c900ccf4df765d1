//! The role matrix: the answer of every operation to each role, as one table.

use std::fmt::Write;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{
    Call, Client, Post, Server, Setup, cases,
    contract::{self, Audience, Operation},
    draft, ending, gif, unique,
};

const ROLES: [&str; 5] = ["administrator", "editor", "author", "contributor", "reader"];
const PASSWORD: &str = "correct horse battery";

pub(super) fn all() -> Vec<Trial> {
    cases![every_operation_answers_each_role_as_in_the_table]
}

async fn every_operation_answers_each_role_as_in_the_table() {
    let setup = Setup::embedded();
    let server = setup.start();
    let administrator = server.administrator().await;
    let mut people = vec![];
    for role in ROLES {
        people.push(join(&setup, &server, role).await);
    }
    let mut table = format!("{:22} {:9} {:>4}", "operation", "post of", "none");
    for role in ROLES {
        write!(table, " {role:>13}").unwrap();
    }
    for operation in contract::operations() {
        if operation.audience() == Audience::Anybody {
            continue;
        }
        for owner in owners(operation) {
            let nobody = ask(operation, &administrator, &server.anonymous(), "others")
                .await
                .unwrap();
            write!(table, "\n{:22} {owner:9} {nobody:>4}", operation.id).unwrap();
            for person in &people {
                let answer = ask(operation, &administrator, person, owner).await;
                let answer = answer.map_or("-".to_owned(), |status| status.to_string());
                write!(table, " {answer:>13}").unwrap();
            }
        }
    }
    insta::assert_snapshot!("roles", table);
}

/// Signs in a new user with this role.
async fn join(setup: &Setup, server: &Server, role: &str) -> Client {
    let email = format!("{role}@example.org");
    let add = [
        "users",
        "add",
        &email,
        "--role",
        role,
        "--name",
        role,
        "--password-stdin",
    ];
    let output = setup.run_with_input(&add, PASSWORD);
    assert!(output.status.success(), "{}", ending(&output).1);
    server.sign_in(&email, PASSWORD).await
}

/// Owner of the post that an operation acts on.
fn owners(operation: &Operation) -> &'static [&'static str] {
    if operation.path.starts_with("/v1/posts/{id}") {
        &["their own", "others"]
    } else {
        &["-"]
    }
}

/// Status of a call that is valid except perhaps for permissions. `None` if the role cannot own a
/// post.
async fn ask(
    operation: &Operation,
    administrator: &Client,
    person: &Client,
    owner: &str,
) -> Option<u16> {
    let call = match operation.id.as_str() {
        "get_me" => person.get("/v1/me"),
        "list_posts" => person.get("/v1/posts?status=draft"),
        "create_post" => person.post("/v1/posts").json(&draft("role")),
        "create_category" | "create_byline" => person
            .post(&operation.path)
            .json(&json!({ "name": unique("role") })),
        "list_images" | "list_redirects" | "export_redirects" | "list_unknown_addresses" => {
            person.get(&operation.path)
        }
        "dismiss_unknown_address" => {
            let path = format!("{}?path=/{}", operation.path, unique("unknown"));
            person.call(operation.method.clone(), &path)
        }
        "batch_posts" => person
            .post(&operation.path)
            .json(&json!({ "operations": [{ "op": "create", "value": draft("role") }] })),
        "create_redirect" => person.post(&operation.path).json(&redirect()),
        "get_redirect" | "delete_redirect" => {
            let made = administrator.post("/v1/redirects").json(&redirect());
            let made = made.send().await.is(201);
            person.call(operation.method.clone(), made.header("location"))
        }
        "upload_image" => person.post("/v1/images").form(&gif(), &[]),
        "update_image" => {
            let made = administrator
                .post("/v1/images")
                .form(&gif(), &[])
                .send()
                .await
                .is(201);
            person
                .patch(made.header("location"))
                .based_on("\"1.1\"")
                .json(&json!({ "alt": "x" }))
        }
        "update_category" | "update_byline" => {
            let shelf = operation.path.trim_end_matches("/{id}");
            let new = json!({ "name": unique("role") });
            let made = administrator.post(shelf).json(&new).send().await.is(201);
            person
                .patch(made.header("location"))
                .based_on("\"1.1\"")
                .json(&json!({ "name": unique("changed") }))
        }
        "merge_category" | "delete_category" => {
            let (from, into) = two_categories(administrator).await;
            let path = operation.path.replace("{id}", &from);
            let call = person.call(operation.method.clone(), &path);
            let call = call.based_on("\"1.1\"");
            if operation.id == "merge_category" {
                call.json(&json!({ "into": into }))
            } else {
                call
            }
        }
        "rename_tag" | "merge_tag" => {
            let tag = unique("role");
            let mut new = draft("role");
            new["tags"] = json!([tag, "role"]);
            administrator.create_published(&new).await;
            let path = operation.path.replace("{tag}", &tag);
            let call = person.call(operation.method.clone(), &path);
            call.json(&if operation.id == "merge_tag" {
                json!({ "into": "role" })
            } else {
                json!({ "name": unique("role") })
            })
        }
        "list_operations" => person.get("/v1/operations"),
        "get_operation" | "cancel_operation" => {
            let (from, into) = two_categories(administrator).await;
            let merge = administrator.post(&format!("/v1/categories/{from}/merge"));
            let merge = merge.based_on("\"1.1\"").json(&json!({ "into": into }));
            let begun = merge.send().await.is(202).json();
            let path = operation
                .path
                .replace("{id}", begun["id"].as_str().unwrap());
            person.call(operation.method.clone(), &path)
        }
        "get_post_by_source" => {
            let path = imported(administrator).await;
            person.get(&format!("/v1/posts/by-source?import=roles&path={path}"))
        }
        id => {
            let maker = if owner == "others" {
                administrator
            } else {
                person
            };
            let made = maker.post("/v1/posts").json(&draft("role")).send().await;
            if made.status != 201 {
                return None;
            }
            let post = prepared(id, administrator, Post::of(&made)).await;
            to_one_post(operation, person, &post)
        }
    };
    Some(call.send().await.status)
}

/// Ids of two new categories.
async fn two_categories(administrator: &Client) -> (String, String) {
    let make = async || {
        let new = json!({ "name": unique("role") });
        let made = administrator.post("/v1/categories").json(&new).send().await;
        made.is(201).json()["id"].as_str().unwrap().to_owned()
    };
    (make().await, make().await)
}

fn redirect() -> Value {
    json!({ "from": format!("/{}", unique("role")), "to": "/somewhere" })
}

/// Path of the file that a post was imported from.
async fn imported(administrator: &Client) -> String {
    let (mut new, path) = (draft("role"), unique("file"));
    new["source"] = json!({ "import": "roles", "path": path, "sha256": "0".repeat(64) });
    administrator.create(&new).await;
    path
}

fn to_one_post(operation: &Operation, person: &Client, post: &Post) -> Call {
    let path = operation.path.replace("{id}", &post.id);
    let mut path = path.replace("{revision}", "1");
    if operation.id == "compare_post_revisions" {
        path.push_str("?from=1");
    }
    let call = person.call(operation.method.clone(), &path);
    match operation.method.as_str() {
        "GET" => call,
        "PUT" => call.json(&json!({ "base_revision": 1 })),
        "PATCH" => call
            .based_on(&post.etag)
            .json(&json!({ "title": "Changed" })),
        _ if operation.id == "schedule_post" => call
            .based_on(&post.etag)
            .json(&json!({ "publish_at": "2100-01-01T00:00:00Z" })),
        _ => call.based_on(&post.etag),
    }
}

/// A post in the status that an operation requires.
async fn prepared(operation: &str, administrator: &Client, post: Post) -> Post {
    let before = match operation {
        "unpublish_post" | "archive_post" | "unschedule_post" => "publish",
        "untrash_post" | "purge_post" => "trash",
        "request_post_changes" => "submit",
        _ => return post,
    };
    Post::of(&administrator.transition(&post, before).await.is(200))
}
