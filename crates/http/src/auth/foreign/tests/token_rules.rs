//! Which tokens are accepted.

use super::*;

#[tokio::test]
async fn an_access_token_of_the_form_of_cognito_is_accepted() {
    let fixture = Fixture::new(policy());
    let token = fixture.verify(&signed(&claims())).await.unwrap();
    assert_eq!(token.identity.subject, "ana-7");
    assert_eq!((token.issued_at, token.role), (NOW, None));
    assert!(token.email.is_none());
}

#[tokio::test]
async fn an_id_token_and_tokens_for_others_are_rejected() {
    let fixture = Fixture::new(policy());
    let mut id_token = claims();
    id_token["token_use"] = json!("id");
    id_token["aud"] = json!("blog");
    id_token.as_object_mut().unwrap().remove("client_id");
    for (claims, fault) in [
        (id_token, TokenFault::Type),
        (with("client_id", json!("shop")), TokenFault::Audience),
        (with("client_id", json!(["blog"])), TokenFault::Audience),
        (with("sub", json!("")), TokenFault::Malformed),
        (with("sub", json!("s".repeat(256))), TokenFault::Malformed),
        (with("exp", json!("soon")), TokenFault::Malformed),
        (with("iat", Value::Null), TokenFault::Malformed),
    ] {
        assert_eq!(fixture.rejection(&signed(&claims)).await, fault, "{claims}");
    }
    let other = with("iss", json!("https://id.example.org/pool/"));
    assert!(fixture.issuers.claimed_by(&signed(&other)).is_none());
    assert!(fixture.issuers.claimed_by("no.jwt").is_none());
}

#[tokio::test]
async fn a_token_is_valid_in_its_time_with_the_leeway_of_the_policy() {
    let fixture = Fixture::new(policy());
    for (claims, fault) in [
        (with("exp", json!(NOW - 59)), None),
        (with("exp", json!(NOW - 60)), Some(TokenFault::Expired)),
        (with("exp", json!(1_800_000_000.5)), None),
        (with("nbf", json!(NOW + 60)), None),
        (with("nbf", json!(NOW + 61)), Some(TokenFault::NotYet)),
        (with("iat", json!(NOW + 61)), Some(TokenFault::NotYet)),
    ] {
        let result = fixture.verify(&signed(&claims)).await;
        let found = result.err().map(|fault| format!("{fault:?}"));
        let expected = fault.map(|fault| format!("{:?}", ForeignFault::Token(fault)));
        assert_eq!(found, expected, "{claims}");
    }
}

#[tokio::test]
async fn forged_algorithms_and_keys_are_rejected() {
    let fixture = Fixture::new(policy());
    let public = OLD.jwk["n"].as_str().unwrap().to_owned();
    let symmetric = EncodingKey::from_secret(public.as_bytes());
    let hs256 = Header {
        alg: Algorithm::HS256,
        ..header("old")
    };
    let hs256 = encode(&hs256, &claims(), &symmetric).unwrap();
    assert_eq!(fixture.rejection(&hs256).await, TokenFault::Algorithm);
    for (header, fault) in [
        (json!({"alg": "none", "kid": "old"}), TokenFault::Malformed),
        (json!({"alg": "RS256"}), TokenFault::Key),
        (json!({"alg": "RS512", "kid": "old"}), TokenFault::Algorithm),
        (
            json!({"alg": "RS256", "kid": "old", "jku": "https://evil.example/keys"}),
            TokenFault::Key,
        ),
        (
            json!({"alg": "RS256", "kid": "old", "crit": ["x"]}),
            TokenFault::Type,
        ),
        (json!({"alg": "RS256", "kid": "old"}), TokenFault::Signature),
    ] {
        let token = forged(&header, b"signature");
        assert_eq!(fixture.rejection(&token).await, fault, "{header}");
    }
    let by_other = encode(&header("old"), &claims(), &NEW.signing).unwrap();
    assert_eq!(fixture.rejection(&by_other).await, TokenFault::Signature);
    // A symmetric key in the key set is never used, whatever the policy allows.
    fixture.forward(IssuerKeys::STALE);
    let secret = URL_SAFE_NO_PAD.encode("secret");
    fixture.set_keys(Some(
        json!({"keys": [{"kty": "oct", "kid": "s", "k": secret}]}),
    ));
    let token = forged(&json!({"alg": "RS256", "kid": "s"}), b"");
    assert_eq!(fixture.rejection(&token).await, TokenFault::Key);
}

#[tokio::test]
async fn typ_audience_and_required_claims_follow_the_policy() {
    let fixture = Fixture::new(IssuerPolicy {
        audiences: vec!["api".to_owned()],
        client_ids: Vec::new(),
        typ: Some("at+jwt".to_owned()),
        required: BTreeMap::new(),
        ..policy()
    });
    let typed = |typ: Option<&str>, aud: Value| {
        let header = Header {
            typ: typ.map(str::to_owned),
            ..header("old")
        };
        encode(&header, &with("aud", aud), &OLD.signing).unwrap()
    };
    for typ in ["at+jwt", "application/AT+JWT"] {
        assert!(
            fixture
                .verify(&typed(Some(typ), json!("api")))
                .await
                .is_ok()
        );
    }
    let listed = typed(Some("at+jwt"), json!(["account", "api"]));
    assert!(fixture.verify(&listed).await.is_ok());
    for typ in [Some("JWT"), None] {
        let token = typed(typ, json!("api"));
        assert_eq!(fixture.rejection(&token).await, TokenFault::Type);
    }
    for aud in [json!("shop"), json!([]), Value::Null] {
        let token = typed(Some("at+jwt"), aud);
        assert_eq!(fixture.rejection(&token).await, TokenFault::Audience);
    }
}

#[tokio::test]
async fn the_highest_role_of_the_claim_counts() {
    let groups = |otherwise| IssuerPolicy {
        role: Some(RoleClaim {
            claim: "cognito:groups".to_owned(),
            roles: BTreeMap::from([
                ("writers".to_owned(), Role::Author),
                ("editors".to_owned(), Role::Editor),
            ]),
            otherwise,
        }),
        ..policy()
    };
    let role = async |policy, claims: &Value| {
        let token = Fixture::new(policy).verify(&signed(claims)).await;
        token.map(|token| token.role.unwrap())
    };
    assert_eq!(role(groups(None), &claims()).await.unwrap(), Role::Editor);
    let one = with("cognito:groups", json!("writers"));
    assert_eq!(role(groups(None), &one).await.unwrap(), Role::Author);
    let none = with("cognito:groups", json!(["readers", 7]));
    let given = role(groups(Some(Role::Reader)), &none).await;
    assert_eq!(given.unwrap(), Role::Reader);
    let refused = role(groups(None), &none).await.unwrap_err();
    assert!(matches!(refused, ForeignFault::NoRole));
    let mut nested = groups(None);
    nested.role.as_mut().unwrap().claim = "/realm_access/roles".to_owned();
    let claims = with("realm_access", json!({"roles": ["editors"]}));
    assert_eq!(role(nested, &claims).await.unwrap(), Role::Editor);
}

#[tokio::test]
async fn only_a_verified_email_address_counts() {
    let fixture = Fixture::new(policy());
    for (verified, counts) in [
        (json!(true), true),
        (json!("true"), true),
        (json!(false), false),
        (json!("false"), false),
        (json!(1), false),
        (Value::Null, false),
    ] {
        let mut claims = with("email", json!("Ana@Example.org"));
        claims["email_verified"] = verified;
        let token = fixture.verify(&signed(&claims)).await.unwrap();
        assert_eq!(token.email.is_some(), counts, "{claims}");
    }
}

#[test]
fn algorithms_with_a_shared_secret_cannot_be_configured() {
    for name in ["RS256", "PS512", "ES384", "EdDSA"] {
        assert!(SignatureAlgorithm::named(name).is_some(), "{name}");
    }
    for name in ["HS256", "HS512", "none", "rs256", ""] {
        assert!(SignatureAlgorithm::named(name).is_none(), "{name}");
    }
}

#[tokio::test]
async fn a_claim_of_the_policy_proves_two_factors_at_the_time_of_the_sign_in() {
    let proven = async |second_factor: Option<FactorClaim>, amr, auth_time| {
        let mut claims = with("amr", amr);
        if auth_time != Value::Null {
            claims["auth_time"] = auth_time;
        }
        let fixture = Fixture::new(IssuerPolicy {
            second_factor,
            ..policy()
        });
        let token = fixture.verify(&signed(&claims)).await;
        token.map(|token| token.two_factors_at.map(Timestamp::as_seconds))
    };
    let mfa = Some(FactorClaim {
        claim: "amr".to_owned(),
        values: vec!["mfa".to_owned()],
    });
    let earlier = json!(NOW - 60);
    for (amr, auth_time, expected) in [
        (json!(["pwd", "mfa"]), &earlier, Some(NOW - 60)),
        (json!("mfa"), &earlier, Some(NOW - 60)),
        (json!(["pwd"]), &earlier, None),
        (json!([["mfa"], 1]), &earlier, None),
        (Value::Null, &earlier, None),
        (json!(["mfa"]), &json!(NOW + 60), Some(NOW)),
        (json!(["mfa"]), &json!(-1), Some(0)),
        (json!(["mfa"]), &Value::Null, Some(0)),
    ] {
        let at = proven(mfa.clone(), amr.clone(), auth_time.clone()).await;
        assert_eq!(at.unwrap(), expected, "{amr} {auth_time}");
    }
    let silent = proven(None, json!(["mfa"]), earlier).await;
    assert_eq!(silent.unwrap(), None);
    let invalid = proven(mfa, json!(["mfa"]), json!("now")).await;
    assert!(invalid.is_err());
}
