use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

fn refusal(text: &str) -> String {
    Number::parse(text).unwrap_err().message
}

#[test]
fn a_number_is_returned_without_exponent_and_needless_zeros() {
    for (text, stored) in [
        ("0", "0"),
        ("-0", "0"),
        ("+0.00", "0"),
        ("5.", "5"),
        ("+.5", "0.5"),
        ("00042", "42"),
        ("1.200", "1.2"),
        ("-7", "-7"),
        ("1e2", "100"),
        ("1.5E+3", "1500"),
        ("123.45e1", "1234.5"),
        ("+1e-2", "0.01"),
        ("-120e-3", "-0.12"),
        ("1000000000000000000000", "1000000000000000000000"),
    ] {
        assert_eq!(number(text).as_str(), stored, "{text}");
    }
}

#[test]
fn texts_that_are_no_numbers_are_refused() {
    for text in [
        "",
        "+",
        "-",
        ".",
        "e2",
        "1e",
        "1e+",
        "++5",
        "+-5",
        "1+2",
        "1.2.3",
        "1.2e3.4",
        "0x5",
        "NaN",
        "Infinity",
        "1_000",
        " 5",
        "5 ",
        "1 5",
        "٣",
        "1e9223372036854775808",
    ] {
        assert_eq!(
            refusal(text),
            format!("The parameter cannot be converted to a numeric value: {text}")
        );
    }
}

#[test]
fn a_number_has_at_most_38_digits() {
    let digits = "9".repeat(38);
    assert_eq!(number(&digits).as_str(), digits);
    let with_zeros = format!("000{digits}000");
    assert_eq!(number(&with_zeros).as_str(), format!("{digits}000"));
    let message = "Attempting to store more than 38 significant digits in a Number";
    assert_eq!(refusal(&format!("{digits}9")), message);
    assert_eq!(refusal(&format!("{digits}.9")), message);
}

#[test]
fn a_number_has_a_magnitude_between_minus_130_and_125() {
    for text in ["1E125", "-9.9e125", "1E-130", "0e125", "0e-130", "0.00e127"] {
        assert!(Number::parse(text).is_ok(), "{text}");
    }
    for text in [
        "1e126",
        "10e125",
        "-1E126",
        "0e126",
        "1e9223372036854775807",
    ] {
        assert!(refusal(text).starts_with("Number overflow."), "{text}");
    }
    for text in ["1e-131", "0.1e-130", "0e-131", "1e-9223372036854775808"] {
        assert!(refusal(text).starts_with("Number underflow."), "{text}");
    }
}

/// The sizes were measured on DynamoDB by others, at its limit of 400 KB.
#[test]
fn a_size_counts_pairs_of_digits_on_both_sides_of_the_point() {
    for (text, size) in [
        ("0", 1),
        ("-0", 1),
        ("1", 2),
        ("12", 2),
        ("123", 3),
        ("100", 2),
        ("1010", 3),
        ("12345678901234567890123456789012345678", 20),
        ("0.0000001", 2),
        ("0.15", 2),
        ("1.5", 3),
        ("100.5", 4),
        ("3.14159", 5),
        ("1E125", 2),
        ("-42", 3),
        ("-0.15", 3),
        ("-1E125", 3),
    ] {
        assert_eq!(number(text).size(), size, "{text}");
    }
}

#[test]
fn a_sum_is_exact_or_refused() {
    let sum = |left: &str, right: &str| number(left).plus(&number(right));
    for (left, right, expected) in [
        ("1E125", "1E125", "2E125"),
        ("1E-130", "-1E-130", "0"),
        ("0", "-0.5", "-0.5"),
        ("0.1", "0.2", "0.3"),
        ("9.99", "0.01", "10"),
        ("-3", "1.5", "-1.5"),
        // The first number needs 39 digits at the exponent of the second one, the sum has 38.
        (
            "1.2E38",
            "-99999999999999999999999999999999999999",
            "20000000000000000000000000000000000001",
        ),
    ] {
        assert_eq!(sum(left, right), Ok(number(expected)), "{left} + {right}");
    }
    let nines = "9".repeat(38);
    assert!(sum(&nines, "0.1").is_err());
    assert!(sum("1E100", "1").is_err());
    assert!(sum("4E38", "-1").is_err());
    assert!(sum("9.9E125", "9.9E125").is_err());
}

/// The scale of the decimals below: a number is this many ten-trillionths of ten-trillionths.
const SCALE: u32 = 20;

/// A decimal and the same decimal as an integer with a fixed scale.
fn decimal() -> impl Strategy<Value = (String, i128)> {
    let digits = prop_oneof![-99_i64..100, -999_999_999_999_i64..1_000_000_000_000];
    (digits, -20_i32..=4).prop_map(|(digits, exponent)| {
        let zeros = SCALE.checked_add_signed(exponent).unwrap();
        let scaled = i128::from(digits) * 10_i128.pow(zeros);
        (format!("{digits}e{exponent}"), scaled)
    })
}

proptest! {
    #[test]
    fn numbers_are_added_and_ordered_as_integers_of_the_same_scale(
        (left, left_scaled) in decimal(),
        (right, right_scaled) in decimal(),
    ) {
        let (left, right) = (number(&left), number(&right));
        prop_assert_eq!(left.cmp(&right), left_scaled.cmp(&right_scaled));
        prop_assert_eq!(left == right, left_scaled == right_scaled);
        let sum = left_scaled + right_scaled;
        prop_assert_eq!(left.plus(&right).unwrap(), number(&format!("{sum}e-{SCALE}")));
    }

    #[test]
    fn a_stored_number_is_parsed_as_itself(text in "[+-]?[0-9]{0,9}(\\.[0-9]{0,9})?(e[+-]?[0-9]{1,3})?") {
        if let Ok(stored) = Number::parse(&text) {
            prop_assert_eq!(Number::parse(stored.as_str()), Ok(stored.clone()));
            let digits: BTreeSet<u8> = stored.as_str().bytes().collect();
            prop_assert!(digits.iter().all(|byte| b"-.0123456789".contains(byte)));
        }
    }
}
