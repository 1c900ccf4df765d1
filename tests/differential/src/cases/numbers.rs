use serde_json::json;

use super::{PLAIN, case, get, item, key, number, put, update};
use crate::request::{Case, Request};

const FORMS: [&str; 44] = [
    "0",
    "-0",
    "0.0",
    "00",
    "007",
    "+1",
    "1.",
    ".5",
    "-.5",
    "1.0",
    "1.50",
    "100",
    "1e2",
    "1E2",
    "1e+2",
    "1e-2",
    "1.5e3",
    "0.000001",
    "1e-130",
    "1e-131",
    "9.9999999999999999999999999999999999999e125",
    "1e125",
    "1e126",
    "-1e125",
    "-1e126",
    "0e999",
    "12345678901234567890123456789012345678",
    "123456789012345678901234567890123456789",
    "1234567890123456789012345678901234567890",
    "0.12345678901234567890123456789012345678",
    "0.123456789012345678901234567890123456789",
    "1.00000000000000000000000000000000000000000",
    "100000000000000000000000000000000000000000",
    "",
    " 1",
    "1 ",
    "1,5",
    "0x10",
    "NaN",
    "Infinity",
    "-",
    "e5",
    "1e",
    "--1",
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<_> = FORMS.iter().map(|form| form_case(form)).collect();
    cases.push(case("numbers/sums", sums()));
    cases.push(case("numbers/comparisons", comparisons()));
    cases
}

fn form_case(form: &str) -> Case {
    let put = put(PLAIN, &item("n", "1", json!({ "v": number(form) })));
    case(
        &format!("numbers/form {form:?}"),
        [put, get(PLAIN, &key("n", "1"))],
    )
}

fn sums() -> Vec<Request> {
    let pairs = [
        ("1", "2"),
        ("0.1", "0.2"),
        ("1e20", "1e-10"),
        ("99999999999999999999999999999999999999", "1"),
        ("99999999999999999999999999999999999999", "0.1"),
        ("1e125", "9e125"),
        ("-1", "1"),
        ("5", "-7.50"),
        ("1e-130", "-1e-130"),
    ];
    let requests = pairs.iter().enumerate().flat_map(|(at, (first, second))| {
        let key = key("sum", &at.to_string());
        let values = json!({ "ExpressionAttributeValues": { ":n": number(second) } });
        [
            put(
                PLAIN,
                &item("sum", &at.to_string(), json!({ "n": number(first) })),
            ),
            update(PLAIN, &key, "ADD n :n", values),
        ]
    });
    requests.collect()
}

fn comparisons() -> Vec<Request> {
    let numbers = [
        "-1e125", "-10", "-9.5", "-1e-130", "0", "1e-130", "0.5", "9", "10", "1e2", "100", "1e125",
    ];
    let mut requests = Vec::new();
    for stored in numbers {
        requests.push(put(
            PLAIN,
            &item("cmp", "1", json!({ "n": number(stored) })),
        ));
        for given in numbers {
            let delete = json!({
                "TableName": PLAIN,
                "Item": item("cmp", "1", json!({ "n": number(stored) })),
                "ConditionExpression": "n < :n OR n = :n",
                "ExpressionAttributeValues": { ":n": number(given) },
            });
            requests.push(Request::new("PutItem", &delete));
        }
    }
    requests
}
