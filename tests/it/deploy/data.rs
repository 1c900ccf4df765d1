//! `deploy/data.yaml` declares the tables of the migrations, and protects tables and bucket.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    migrations::{TableShape, declared_tables},
    template::{resources, template},
};

/// Properties of every table.
const OF_TABLES: &[(&str, &str)] = &[
    ("/DeletionPolicy", r#""Retain""#),
    ("/UpdateReplacePolicy", r#""Retain""#),
    ("/Properties/BillingMode", r#""PAY_PER_REQUEST""#),
    ("/Properties/SSESpecification/SSEEnabled", "true"),
    (
        "/Properties/KeySchema",
        r#"[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]"#,
    ),
];

/// Properties of the bucket.
const OF_BUCKETS: &[(&str, &str)] = &[
    ("/DeletionPolicy", r#""Retain""#),
    ("/UpdateReplacePolicy", r#""Retain""#),
    (
        "/Properties/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/SSEAlgorithm",
        r#""AES256""#,
    ),
    ("/Properties/VersioningConfiguration/Status", r#""Enabled""#),
    (
        "/Properties/OwnershipControls/Rules/0/ObjectOwnership",
        r#""BucketOwnerEnforced""#,
    ),
    (
        "/Properties/PublicAccessBlockConfiguration",
        r#"{"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true}"#,
    ),
    (
        "/Properties/LifecycleConfiguration/Rules/0/AbortIncompleteMultipartUpload/DaysAfterInitiation",
        "7",
    ),
    (
        "/Properties/LifecycleConfiguration/Rules/1/NoncurrentVersionExpiration/NoncurrentDays",
        "90",
    ),
    (
        "/Properties/LifecycleConfiguration/Rules/2/Prefix",
        r#""received/""#,
    ),
    (
        "/Properties/LifecycleConfiguration/Rules/2/ExpirationInDays",
        "1",
    ),
];

/// The statement that refuses requests without TLS.
const ONLY_TLS: &[(&str, &str)] = &[
    ("/Effect", r#""Deny""#),
    ("/Principal", r#""*""#),
    ("/Action", r#""s3:*""#),
    (
        "/Resource",
        r#"[{"Fn::GetAtt": "ImageBucket.Arn"}, {"Fn::Sub": "${ImageBucket.Arn}/*"}]"#,
    ),
    ("/Condition/Bool/aws:SecureTransport", r#""false""#),
];

#[test]
fn the_template_declares_the_tables_of_the_migrations() {
    assert_eq!(shapes(&template("data.yaml")), declared_tables());
}

#[test]
fn tables_and_bucket_are_protected() {
    let findings = findings(&template("data.yaml"));
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Breaks a copy of the template in each place that is checked.
#[test]
fn a_template_without_one_of_the_protections_is_found() {
    let sound = template("data.yaml");
    let statement = "ImageBucketPolicy/Properties/PolicyDocument/Statement/0";
    let places = [
        ("AuditTable", OF_TABLES),
        ("ImageBucket", OF_BUCKETS),
        (statement, ONLY_TLS),
    ];
    for (resource, properties) in places {
        for (pointer, _) in properties {
            let mut broken = sound.clone();
            let path = format!("/Resources/{resource}{pointer}");
            *broken.pointer_mut(&path).expect("the template has it") = Value::Null;
            let found = findings(&broken);
            assert!(
                found.iter().any(|finding| finding.contains(pointer)),
                "{path} is null, found: {found:?}"
            );
        }
    }
}

#[test]
fn a_template_with_another_table_is_found() {
    let sound = template("data.yaml");
    let breaks = [
        (
            "AuditTable/Properties/GlobalSecondaryIndexes/0/IndexName",
            json!("by_shape"),
        ),
        (
            "AuditTable/Properties/GlobalSecondaryIndexes/1/KeySchema/0/AttributeName",
            json!("pk"),
        ),
        (
            "AuditTable/Properties/PointInTimeRecoverySpecification",
            json!({}),
        ),
        (
            "AuditTable/Properties/DeletionProtectionEnabled",
            json!(false),
        ),
        (
            "SiteTable/Properties/TimeToLiveSpecification/Enabled",
            json!(false),
        ),
        (
            "SiteTable/Properties/TimeToLiveSpecification/AttributeName",
            json!("expires"),
        ),
        (
            "SiteTable/Properties/StreamSpecification",
            json!({ "StreamViewType": "KEYS_ONLY" }),
        ),
        (
            "SiteTable/Properties/TableName",
            json!({ "Fn::Sub": "${TablePrefix}-page" }),
        ),
        ("SiteTable/Type", json!("AWS::DynamoDB::GlobalTable")),
    ];
    for (path, value) in breaks {
        let mut broken = sound.clone();
        set(&mut broken["Resources"], path, value);
        assert_ne!(shapes(&broken), declared_tables(), "{path}");
    }
}

fn set(target: &mut Value, path: &str, value: Value) {
    let steps = path.split('/');
    let place = steps.fold(target, |at, step| match step.parse::<usize>() {
        Ok(position) => &mut at[position],
        Err(_) => &mut at[step],
    });
    *place = value;
}

fn findings(template: &Value) -> Vec<String> {
    let tables = resources(template, "AWS::DynamoDB::Table");
    let buckets = resources(template, "AWS::S3::Bucket");
    let of_tables = tables.flat_map(|(id, table)| missing(id, table, OF_TABLES));
    let of_buckets = buckets.flat_map(|(id, bucket)| missing(id, bucket, OF_BUCKETS));
    let statement =
        &template["Resources"]["ImageBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"][0];
    let of_policy = missing("ImageBucketPolicy", statement, ONLY_TLS);
    of_tables.chain(of_buckets).chain(of_policy).collect()
}

fn missing(id: &str, resource: &Value, properties: &[(&str, &str)]) -> Vec<String> {
    let wrong = properties.iter().filter_map(|(pointer, expected)| {
        let expected: Value = serde_json::from_str(expected).expect("the expected value is JSON");
        let found = resource.pointer(pointer).unwrap_or(&Value::Null);
        (*found != expected).then(|| format!("{id}: {pointer} must be {expected} but is {found}"))
    });
    wrong.collect()
}

/// The tables of a template by name without the prefix.
fn shapes(template: &Value) -> BTreeMap<String, TableShape> {
    let tables = resources(template, "AWS::DynamoDB::Table");
    tables
        .map(|(_, table)| {
            let properties = &table["Properties"];
            let name = properties["TableName"]["Fn::Sub"]
                .as_str()
                .unwrap_or_default();
            let name = name.strip_prefix("${TablePrefix}-").unwrap_or(name);
            (name.to_owned(), shape(properties))
        })
        .collect()
}

fn shape(properties: &Value) -> TableShape {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let ttl = &properties["TimeToLiveSpecification"];
    let recovery = &properties["PointInTimeRecoverySpecification"];
    let indexes = properties["GlobalSecondaryIndexes"].as_array();
    TableShape {
        indexes: indexes.into_iter().flatten().map(index).collect(),
        ttl: text(&ttl["AttributeName"]).filter(|_| ttl["Enabled"] == true),
        stream: text(&properties["StreamSpecification"]["StreamViewType"]),
        point_in_time_recovery: recovery["PointInTimeRecoveryEnabled"] == true,
        deletion_protection: properties["DeletionProtectionEnabled"] == true,
    }
}

fn index(index: &Value) -> (String, (String, String)) {
    assert_eq!(index["Projection"]["ProjectionType"], "ALL", "{index}");
    let key = |position: usize, kind: &str| {
        let part = &index["KeySchema"][position];
        assert_eq!(part["KeyType"], kind, "{index}");
        part["AttributeName"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let name = index["IndexName"].as_str().unwrap_or_default().to_owned();
    (name, (key(0, "HASH"), key(1, "RANGE")))
}
